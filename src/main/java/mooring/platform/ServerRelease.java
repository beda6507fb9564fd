package mooring.platform;

import io.fabric8.kubernetes.client.VersionInfo;

/**
 * A release of Kubernetes.
 *
 * @param major for example 1
 * @param minor for example 30
 */
record ServerRelease(int major, int minor) {
  /** Since 1.27, a StatefulSet can say that its volumes go with it. */
  private static final int CLAIMS_GO = 27;

  /** A release as a server names it; some write {@code 27+}. */
  static ServerRelease of(VersionInfo version) {
    return new ServerRelease(number(version.getMajor()), number(version.getMinor()));
  }

  /** Whether it removes the volumes of a StatefulSet together with it, when told to. */
  boolean removesClaims() {
    return major > 1 || (major == 1 && minor >= CLAIMS_GO);
  }

  private static int number(String text) {
    String digits = text == null ? "" : text.replaceAll("\\D.*", "");
    return digits.isEmpty() ? 0 : Integer.parseInt(digits);
  }
}
