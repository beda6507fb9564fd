package mooring.api;

import java.time.Duration;

/**
 * Where and how the API is served.
 *
 * @param host the address to listen on
 * @param port the TCP port; 0 for any free one
 * @param eventLoops how many event loops share the work
 * @param drain how long requests in flight may take to finish at a shutdown
 * @param reading how long the body of a request may take to arrive
 * @param proxies who is believed how clients reach the API
 */
public record HttpSettings(
    String host, int port, int eventLoops, Duration drain, Duration reading, Proxies proxies) {
  /** With which the greatest body that is taken may come at 2 kB/s. */
  private static final Duration READING = Duration.ofSeconds(30);

  /** Without proxies. */
  public HttpSettings(String host, int port, int eventLoops, Duration drain) {
    this(host, port, eventLoops, drain, READING, Proxies.NONE);
  }

  /** One event loop per core. */
  public static HttpSettings of(String host, int port, Proxies proxies) {
    int cores = Runtime.getRuntime().availableProcessors();
    return new HttpSettings(host, port, cores, Duration.ofSeconds(3), READING, proxies);
  }
}
