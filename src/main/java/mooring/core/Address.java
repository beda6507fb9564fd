package mooring.core;

import java.util.regex.Pattern;

/**
 * Where clients connect to a database. Allotted when the database is accepted and never changed.
 *
 * @param host a host name or an IP address
 * @param port a TCP port
 */
public record Address(String host, int port) {
  private static final Pattern DOTTED = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /** Whether the host is an IP address rather than a DNS name. */
  public boolean numeric() {
    return host.indexOf(':') >= 0 || DOTTED.matcher(host).matches();
  }
}
