package mooring;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Tells before anything is started that a port cannot be had, by the name of its setting. */
final class Ports {
  private Ports() {}

  /** A {@link SettingsException} when the server cannot listen where it is told to. */
  static void check(Settings settings) {
    InetAddress host = host(settings.httpHost());
    check(host, "MOORING_HTTP_PORT", settings.httpPort());
    check(host, "MOORING_MANAGEMENT_PORT", settings.managementPort());
  }

  private static InetAddress host(String name) {
    try (ServerSocket socket = new ServerSocket()) {
      InetAddress host = InetAddress.getByName(name);
      socket.bind(new InetSocketAddress(host, 0));
      return host;
    } catch (IOException e) {
      throw new SettingsException("MOORING_HTTP_HOST must be an address of this machine");
    }
  }

  private static void check(InetAddress host, String setting, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true); // connections that have ended are not in the way
      socket.bind(new InetSocketAddress(host, port));
    } catch (IOException e) {
      throw new SettingsException(
          setting + " " + port + " cannot be listened on: " + e.getMessage() + "; name another");
    }
  }
}
