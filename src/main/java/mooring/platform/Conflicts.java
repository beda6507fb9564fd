package mooring.platform;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.function.Supplier;

/** Changes of objects that somebody else changes at the same time. */
final class Conflicts {
  private static final int TRIES = 5;

  private Conflicts() {}

  /**
   * Makes a change, from the start again when something has changed meanwhile, as by a write of an
   * object's status.
   */
  static <R> R persistently(String kind, String name, Supplier<R> change) {
    try {
      for (int left = TRIES - 1; left > 0; left--) {
        try {
          return change.get();
        } catch (KubernetesClientException e) {
          if (!isOne(e)) {
            throw e;
          }
        }
      }
      return change.get();
    } catch (KubernetesClientException e) {
      throw ApiFailures.of(kind, name, e);
    }
  }

  /** Whether a call failed because the object is not, or no longer, as it was taken to be. */
  static boolean isOne(KubernetesClientException failure) {
    return failure.getCode() == HttpURLConnection.HTTP_CONFLICT;
  }
}
