package mooring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** TCP ports that nobody uses. */
public final class FreePort {
  /** Outside the systems' ephemeral ports: no outgoing connection takes it meanwhile. */
  private static final int FIRST = 10_000;

  private static final int END = 32_768;
  private static final int TRIES = 100;

  private FreePort() {}

  /** One of 127.0.0.1. */
  public static int next() {
    return next("127.0.0.1");
  }

  /**
   * One of an address of this machine; another process of the tests hardly draws the same.
   *
   * @param host the address
   */
  public static int next(String host) {
    IOException last = null;
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(host))) {
        return socket.getLocalPort();
      } catch (IOException e) {
        last = e;
      }
    }
    throw new UncheckedIOException("no free port at " + host, last);
  }
}
