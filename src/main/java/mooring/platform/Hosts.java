package mooring.platform;

import java.util.regex.Pattern;

/** Tells addresses from names. */
final class Hosts {
  private static final Pattern DOTTED = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  private Hosts() {}

  /** Whether a host is an IP address rather than a DNS name. */
  static boolean isAddress(String host) {
    return host.indexOf(':') >= 0 || DOTTED.matcher(host).matches();
  }
}
