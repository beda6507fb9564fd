package mooring.local.pods;

/** Something that Pods need could not be done on this machine. */
public final class PodsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PodsException(String message, Throwable cause) {
    super(message, cause);
  }
}
