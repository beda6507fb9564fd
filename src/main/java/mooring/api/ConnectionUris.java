package mooring.api;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import mooring.core.Address;

/** The parts of connection strings, percent-encoded where needed. */
public final class ConnectionUris {
  private ConnectionUris() {}

  /** A PostgreSQL connection over TLS. */
  public static String postgresql(
      Address address, String username, String password, String database) {
    String login = encode(username) + ":" + encode(password) + "@" + authority(address);
    return "postgresql://" + login + "/" + encode(database) + "?sslmode=require";
  }

  /** Host and port. */
  public static String authority(Address address) {
    String host = address.host();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.port();
  }

  /** Percent-encoding for any part of a URI (RFC 3986 section 2.1). */
  public static String encode(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
