package mooring.local.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;

/** A client that asks for a watch and then does not read. */
final class SlowReader implements AutoCloseable {
  private final Socket socket;

  SlowReader(EmbeddedKubernetes api, String path) {
    URI server = URI.create(api.url());
    try {
      SSLContext ssl = KubernetesServer.of(api.kubeconfig()).ssl();
      socket = ssl.getSocketFactory().createSocket();
      socket.setReceiveBufferSize(8 << 10);
      socket.connect(
          new java.net.InetSocketAddress(
              java.net.InetAddress.getLoopbackAddress(), server.getPort()));
      String request =
          "GET %s HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer %s\r\n\r\n"
              .formatted(path, api.token());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads at last, and counts; the connection must end, not stay silent. */
  long bytesUntilTheEnd() {
    long count = 0;
    try {
      socket.setSoTimeout(10_000);
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[64 << 10];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        count += n;
      }
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("the watch was not ended", e);
    } catch (IOException reset) {
      // An end as good as any.
    }
    return count;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
