package mooring.api;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The proxies that are believed when they say how clients reach them. What anybody else says of
 * that means nothing, and whatever is said goes into documents: nothing but a host may pass.
 */
public final class Proxies {
  /** None. */
  public static final Proxies NONE = new Proxies(List.of());

  private static final Pattern HOST =
      Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");

  private static final Pattern PROTO = Pattern.compile("https?");
  private static final Pattern PREFIX = Pattern.compile("(/[A-Za-z0-9._~-]+)*");

  private final List<Network> networks;

  private Proxies(List<Network> networks) {
    this.networks = List.copyOf(networks);
  }

  /**
   * Those of some networks.
   *
   * @param cidrs IP addresses and CIDRs, by commas; an {@link IllegalArgumentException} for another
   */
  public static Proxies of(String cidrs) {
    return new Proxies(
        Arrays.stream(cidrs.split(",", -1)).map(String::strip).map(Network::parse).toList());
  }

  /** Where the client sees what it asks for. */
  RequestAddress address(HttpServerRequest request) {
    RequestAddress own =
        new RequestAddress(request.scheme(), host(request.authority()), "", request.path());
    SocketAddress peer = request.remoteAddress();
    String address = peer == null ? null : peer.hostAddress();
    if (!trusted(address)) {
      return own;
    }
    String forwarded = joined(request, "forwarded");
    return forwarded == null ? extended(own, request) : standard(own, forwarded, address);
  }

  /** Each proxy speaks of who came to it; the first that is not known to us is the client. */
  private RequestAddress standard(RequestAddress own, String header, String peer) {
    List<ForwardedElement> elements = ForwardedElement.parse(header);
    RequestAddress seen = own;
    String from = peer;
    for (int i = elements.size() - 1; i >= 0 && trusted(from); i--) {
      ForwardedElement element = elements.get(i);
      seen = seen.with(valid(PROTO, element.proto()), valid(HOST, element.host()), null);
      from = element.from();
    }
    return seen;
  }

  /** What the nearest proxy says, which is the last of several. */
  private static RequestAddress extended(RequestAddress own, HttpServerRequest request) {
    String host = valid(HOST, last(request, "x-forwarded-host"));
    String port = last(request, "x-forwarded-port");
    boolean told = host != null && port != null && port.matches("[0-9]{1,5}");
    return own.with(
        valid(PROTO, last(request, "x-forwarded-proto")),
        told && !host.matches(".*:[0-9]+") ? host + ":" + port : host,
        valid(PREFIX, last(request, "x-forwarded-prefix")));
  }

  private boolean trusted(String address) {
    return networks.stream().anyMatch(network -> network.contains(address));
  }

  private static String host(HostAndPort authority) {
    if (authority == null) {
      return null;
    }
    String port = authority.port() < 0 ? "" : ":" + authority.port();
    return valid(HOST, authority.host() + port);
  }

  private static String valid(Pattern pattern, String value) {
    return value != null && pattern.matcher(value).matches() ? value : null;
  }

  private static String joined(HttpServerRequest request, String header) {
    List<String> all = request.headers().getAll(header);
    return all.isEmpty() ? null : String.join(",", all);
  }

  private static String last(HttpServerRequest request, String header) {
    String joined = joined(request, header);
    return joined == null ? null : joined.substring(joined.lastIndexOf(',') + 1).strip();
  }
}
