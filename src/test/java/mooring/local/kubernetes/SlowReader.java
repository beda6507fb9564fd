package mooring.local.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;

/** A client that asks for a watch and then does not read but for the head of the answer. */
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
      readHead(socket.getInputStream());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Until then the server may not have heard of it, and would not yet keep anything for it. */
  private static void readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no watch: " + head);
      }
      head.append((char) next);
    }
  }

  /** Reads at last, and counts; the connection must end, not stay silent. */
  long bytesUntilTheEnd() {
    long count = 0;
    try {
      socket.setSoTimeout(30_000);
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
