package mooring.api;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Requests byte by byte, for what no client library sends, and answers as they were sent. */
final class RawHttp {
  private RawHttp() {}

  /** A GET of one request and its connection, with the token {@code all}. */
  static String get(String path, String... headers) {
    return head("GET", path, headers);
  }

  /** The head of a POST of JSON, unless a content type is given. */
  static String post(String path, String... headers) {
    boolean typed = List.of(headers).contains("Content-Type: application/json");
    String start = head("POST", path, headers);
    return typed ? start : start.replaceFirst("Host:", "Content-Type: application/json\r\nHost:");
  }

  /** A request of any method, with a token that may do everything. */
  static String head(String method, String path, String... headers) {
    return method
        + " "
        + path
        + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer all\r\nConnection: close\r\n"
        + String.join("\r\n", headers)
        + (headers.length == 0 ? "\r\n" : "\r\n\r\n");
  }

  static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(60_000);
    return socket;
  }

  static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** The next line that comes; empty at the end. */
  static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n' && c >= 0; c = in.read()) {
      line.append((char) c);
    }
    return line.toString().strip();
  }

  /** All that comes after a request until the server closes. */
  static Reply exchange(int port, String request) throws IOException {
    try (Socket socket = connect(port)) {
      send(socket, request);
      return rest(socket);
    }
  }

  /** All that comes until the server closes. */
  static Reply rest(Socket socket) throws IOException {
    return new Reply(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
  }

  /** What came back, as it was sent. */
  record Reply(String text) {
    int status() {
      return Integer.parseInt(text.split(" ", 3)[1]);
    }

    /** The first of a name; null when there is none. */
    String header(String name) {
      return headers(name).stream().findFirst().orElse(null);
    }

    List<String> headers(String name) {
      return text.split("\r\n\r\n", 2)[0]
          .lines()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ": "))
          .map(line -> line.substring(name.length() + 2))
          .toList();
    }

    String body() {
      return text.split("\r\n\r\n", 2)[1];
    }

    JsonObject json() {
      return new JsonObject(body());
    }
  }
}
