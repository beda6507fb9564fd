package mooring.local.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** A port that was free once and is asked for again at every start. */
public final class RememberedPort {
  private final Path file;
  private final InetAddress address;

  /**
   * Names a port.
   *
   * @param file where it is remembered
   * @param address what it is a port of
   */
  public RememberedPort(Path file, InetAddress address) {
    this.file = file;
    this.address = address;
  }

  /**
   * Returns the remembered port if it is free, else another one, which is remembered then.
   *
   * @throws PostgresException when there is none, or it cannot be remembered
   */
  public int choose() {
    try {
      if (Files.exists(file)) {
        int port = Integer.parseInt(Files.readString(file).trim());
        if (isFree(port)) {
          return port;
        }
      }
      try (ServerSocket any = new ServerSocket(0, 1, address)) {
        Directories.writePrivately(file, any.getLocalPort() + "\n");
        return any.getLocalPort();
      }
    } catch (IOException | NumberFormatException e) {
      throw new PostgresException("cannot choose a port for " + file, e);
    }
  }

  private boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address, port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
