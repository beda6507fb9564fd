package mooring.local.pods;

/** A container cannot be started now, for a reason that the kubelet has a name for. */
final class WaitingException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  static final String CREATING = "ContainerCreating";
  static final String CONFIG = "CreateContainerConfigError";
  static final String IMAGE = "ErrImagePull";
  static final String IMAGE_AGAIN = "ImagePullBackOff";

  private final String reason;

  WaitingException(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
