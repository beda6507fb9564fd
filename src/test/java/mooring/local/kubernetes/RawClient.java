package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Plain HTTP to an API server, so that tests see exactly what it answers. */
final class RawClient {
  static final String JSON = "application/json";
  static final String MERGE = "application/merge-patch+json";
  static final String JSON_PATCH = "application/json-patch+json";
  static final String STRATEGIC = "application/strategic-merge-patch+json";
  static final String APPLY = "application/apply-patch+yaml";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpClient http;
  private final String url;
  private final String token;

  /** An answer; the body is a missing node when there is none, a text node when it is no JSON. */
  record Reply(int code, JsonNode body) {
    String version() {
      return body.at("/metadata/resourceVersion").asText();
    }

    String text(String pointer) {
      return body.at(pointer).asText();
    }
  }

  RawClient(KubernetesServer server) {
    this(
        server,
        server.config().getOauthToken() == null
            ? server.config().getAutoOAuthToken()
            : server.config().getOauthToken());
  }

  RawClient(KubernetesServer server, String token) {
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(server.ssl())
            .build();
    this.url = server.url();
    this.token = token;
  }

  Reply get(String path) {
    return send("GET", path, "", "");
  }

  Reply post(String path, String body) {
    return send("POST", path, JSON, body);
  }

  Reply put(String path, JsonNode body) {
    return send("PUT", path, JSON, body.toString());
  }

  Reply patch(String path, String mediaType, String body) {
    return send("PATCH", path, mediaType, body);
  }

  Reply delete(String path) {
    return send("DELETE", path, "", "");
  }

  Reply delete(String path, String options) {
    return send("DELETE", path, JSON, options);
  }

  Reply send(String method, String path, String mediaType, String body) {
    HttpRequest.Builder request =
        request(path).method(method, BodyPublishers.ofString(body)).timeout(Duration.ofSeconds(30));
    if (!mediaType.isEmpty()) {
      request.header("Content-Type", mediaType);
    }
    try {
      HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
      return new Reply(response.statusCode(), parse(response.body()));
    } catch (IOException e) {
      throw new IllegalStateException(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode parse(byte[] body) {
    try {
      return MAPPER.readTree(body);
    } catch (IOException e) {
      return MAPPER.getNodeFactory().textNode(new String(body, StandardCharsets.UTF_8));
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path))
        .header("Authorization", "Bearer " + token);
  }

  /** Opens a watch; returns once the head of the answer is there. */
  Stream watch(String path) {
    try {
      HttpResponse<InputStream> response =
          http.send(request(path).build(), BodyHandlers.ofInputStream());
      return new Stream(response.statusCode(), response.body());
    } catch (IOException e) {
      throw new IllegalStateException(path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The events of an open watch. */
  static final class Stream implements AutoCloseable {
    private static final JsonNode END = MAPPER.getNodeFactory().textNode("end");
    private final InputStream in;
    private final int code;
    private final BlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();

    Stream(int code, InputStream in) {
      this.code = code;
      this.in = in;
      Thread reader = new Thread(this::read, "watch-reader");
      reader.setDaemon(true);
      reader.start();
    }

    int code() {
      return code;
    }

    private void read() {
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          events.add(MAPPER.readTree(line));
        }
      } catch (IOException e) {
        // Closed by either side: the end is all that tests want to know.
      }
      events.add(END);
    }

    /** The next event, waiting for it; fails when the stream ends or stays silent. */
    JsonNode next() {
      JsonNode event = poll(30);
      if (event == null || END.equals(event)) {
        throw new AssertionError(event == null ? "no event within 30 s" : "the watch has ended");
      }
      return event;
    }

    /** The next event's type and the name of its object: {@code ADDED a}. */
    String nextTypeAndName() {
      JsonNode event = next();
      return event.path("type").asText() + " " + event.at("/object/metadata/name").asText();
    }

    /** Whether nothing comes within a moment. */
    boolean silent() {
      return events.isEmpty() && poll(0.3) == null;
    }

    /** Whether the stream ends, whatever comes before. */
    boolean ends(double seconds) {
      long deadline = System.nanoTime() + (long) (seconds * 1e9);
      JsonNode event = poll(seconds);
      while (event != null && !END.equals(event) && System.nanoTime() < deadline) {
        event = poll((deadline - System.nanoTime()) / 1e9);
      }
      return END.equals(event);
    }

    private JsonNode poll(double seconds) {
      try {
        return events.poll((long) (seconds * 1000), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      try {
        in.close();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
