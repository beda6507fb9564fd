package mooring.api;

import java.time.Duration;

/**
 * Where and how the API is served.
 *
 * @param host the address to listen on
 * @param port the TCP port; 0 for any free one
 * @param eventLoops how many event loops share the work
 * @param drain how long requests in flight may take to finish at a shutdown
 */
public record HttpSettings(String host, int port, int eventLoops, Duration drain) {

  /** One event loop per core. */
  public static HttpSettings of(String host, int port) {
    return new HttpSettings(
        host, port, Runtime.getRuntime().availableProcessors(), Duration.ofSeconds(3));
  }
}
