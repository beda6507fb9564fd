package mooring.store;

import io.vertx.pgclient.SslMode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the metadata database is and how to log in.
 *
 * @param host a name or an IP address, IPv6 without brackets
 * @param port a TCP port
 * @param database its name
 * @param user the role
 * @param password the role's password; empty for none
 * @param sslMode how much TLS is asked for, as libpq knows it, without its {@code allow}
 * @param sslRootCert a PEM file with the CA for the verifying modes; null for Java's own CAs
 */
public record DatabaseUri(
    String host,
    int port,
    String database,
    String user,
    String password,
    SslMode sslMode,
    String sslRootCert) {
  private static final int DEFAULT_PORT = 5432;
  private static final int MAX_PORT = 65_535;
  private static final Pattern FORM =
      Pattern.compile(
          "postgres(?:ql)?://(?<user>[^:@/?#]+)(?::(?<password>[^@/?#]*))?@"
              + "(?:\\[(?<ipv6>[0-9a-fA-F:.]+)]|(?<host>[^:/?#@\\[\\]]+))(?::(?<port>\\d{1,5}))?"
              + "/(?<database>[^/?#]+)(?:\\?(?<query>[^#]*))?");
  private static final String WANTED =
      "must be postgresql://user:password@host:port/database?sslmode=…,"
          + " with special characters in user and password percent-encoded";

  /**
   * Reads {@code postgresql://user:password@host:port/database?sslmode=…}; the mode defaults to
   * {@code prefer}, and {@code sslrootcert} is understood too.
   *
   * @throws IllegalArgumentException saying what is wrong without repeating the text, which may
   *     hold a password
   */
  public static DatabaseUri parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(WANTED);
    }
    Map<String, String> query = query(parts.group("query"));
    SslMode mode = sslMode(query.remove("sslmode"));
    String rootCert = query.remove("sslrootcert");
    if (!query.isEmpty()) {
      throw new IllegalArgumentException("has an unknown parameter; known: sslmode, sslrootcert");
    }
    String host = parts.group("ipv6") == null ? decoded(parts.group("host")) : parts.group("ipv6");
    String password = parts.group("password");
    return new DatabaseUri(
        host,
        port(parts.group("port")),
        decoded(parts.group("database")),
        decoded(parts.group("user")),
        password == null ? "" : decoded(password),
        mode,
        rootCert);
  }

  private static int port(String text) {
    int port = text == null ? DEFAULT_PORT : Integer.parseInt(text);
    if (port < 1 || port > MAX_PORT) {
      throw new IllegalArgumentException("has a port outside 1-" + MAX_PORT);
    }
    return port;
  }

  private static SslMode sslMode(String value) {
    if (value == null) {
      return SslMode.PREFER;
    }
    return Arrays.stream(SslMode.values())
        .filter(mode -> mode != SslMode.ALLOW && mode.value.equals(value))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "sslmode must be disable, prefer, require, verify-ca or verify-full"));
  }

  private static Map<String, String> query(String text) {
    Map<String, String> values = new TreeMap<>();
    if (text != null && !text.isEmpty()) {
      for (String pair : text.split("&", -1)) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        values.put(decoded(name), equals < 0 ? "" : decoded(pair.substring(equals + 1)));
      }
    }
    return values;
  }

  private static String decoded(String text) {
    try {
      // A plus sign is itself here; only forms use it for a space.
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // Its message repeats what it could not read.
      throw new IllegalArgumentException(WANTED, null);
    }
  }

  @Override
  public String toString() {
    return "postgresql://" + user + "@" + host + ":" + port + "/" + database;
  }
}
