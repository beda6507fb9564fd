package mooring.platform;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import mooring.core.PlatformRefusedException;

/** Tells failures that another try may cure from refusals, and keeps secrets out of both. */
final class ApiFailures {
  private static final int LONGEST = 500;

  private ApiFailures() {}

  /**
   * What a failed call means. Only a refusal by validation (400, 422) is final. A missing right or
   * a spent quota (403), a missing namespace (404) and all the rest can be mended by somebody, and
   * the operation that waits for it ends by its deadline anyway.
   */
  static RuntimeException of(String kind, String name, KubernetesClientException failure) {
    String object = kind + " " + name;
    int code = failure.getCode();
    if (code == 400 || code == 422) {
      return new PlatformRefusedException(
          object + " is refused (" + code + ")" + detail(kind, failure));
    }
    if (code > 0) {
      return new PlatformFailure(
          "Kubernetes answered " + code + " for " + object + detail(kind, failure));
    }
    return new PlatformFailure("Kubernetes cannot be asked for " + object + ": " + root(failure));
  }

  /** The server's own words; never for a Secret, whose values they may quote. */
  private static String detail(String kind, KubernetesClientException failure) {
    Status status = failure.getStatus();
    if (kind.equals("Secret") || status == null || status.getMessage() == null) {
      return "";
    }
    String message = status.getMessage();
    return ": " + (message.length() > LONGEST ? message.substring(0, LONGEST) : message);
  }

  private static String root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName();
  }
}
