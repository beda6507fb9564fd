package mooring.api;

/**
 * Where a client sees what it asks for.
 *
 * @param scheme {@code http} or {@code https}
 * @param host with the port, where there is one; null when nobody has said
 * @param prefix what a proxy has before all our paths
 * @param path the path here, as it was sent
 */
public record RequestAddress(String scheme, String host, String prefix, String path) {

  /** Without a slash at the end; the prefix alone when the host is not known. */
  public String root() {
    return host == null ? prefix : authority() + prefix;
  }

  /** The whole address, without the query. */
  public String url() {
    return root() + path;
  }

  /** With what is said otherwise; null for what is not. */
  RequestAddress with(String otherScheme, String otherHost, String otherPrefix) {
    return new RequestAddress(
        otherScheme == null ? scheme : otherScheme,
        otherHost == null ? host : otherHost,
        otherPrefix == null ? prefix : otherPrefix,
        path);
  }

  /** Without the port that everybody assumes. */
  private String authority() {
    String usual = scheme.equals("https") ? ":443" : ":80";
    String shown = host.endsWith(usual) ? host.substring(0, host.length() - usual.length()) : host;
    return scheme + "://" + shown;
  }
}
