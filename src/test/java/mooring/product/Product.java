package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mooring.FreePort;
import mooring.api.ContractClient;

/** The packaged product with its settings; it can be started, stopped, killed and started again. */
final class Product {
  /** What is promised for a start, the unpacking of programs included. */
  static final Duration READY_LIMIT = Duration.ofSeconds(30);

  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

  final int port = FreePort.next();
  private final int managementPort = FreePort.next();
  private final Workplace place;
  private final Path directory;
  private final Map<String, String> environment;
  private final List<Child> starts = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();

  /** The product in a directory of its own; not started yet. */
  Product(Workplace place, String name, Map<String, String> settings) {
    this.place = place;
    this.directory = place.directory(name);
    this.environment = new HashMap<>(settings);
    environment.put("MOORING_HTTP_PORT", Integer.toString(port));
    environment.put("MOORING_MANAGEMENT_PORT", Integer.toString(managementPort));
    environment.put("MOORING_BINARIES_DIR", Workplace.binaries().toString());
  }

  /** Changes its environment from the next start on. */
  Product with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Runs one of its commands, or a start that is expected to fail, to its end. */
  static Child run(Workplace place, Map<String, String> environment, String... arguments) {
    List<String> all = new ArrayList<>(program());
    all.addAll(List.of(arguments));
    return place.closing(Child.java("command", place.directory("command"), environment, all));
  }

  /** As it is packaged, with its archive of classes where the build has left one. */
  private static List<String> program() {
    return List.of("-XX:SharedArchiveFile=" + Child.ARCHIVE, "-jar", Child.JAR.toString());
  }

  /** Starts it, without waiting. */
  Child launch() {
    Child child = place.closing(Child.java("mooring", directory, environment, program()));
    starts.add(child);
    return child;
  }

  /** Starts it and waits until it is ready. */
  Product start() {
    Child child = launch();
    await("ready")
        .atMost(READY_LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> ready() || !child.isAlive());
    assertThat(child.isAlive()).as("still runs").isTrue();
    return this;
  }

  /** What {@code /health/ready} says; false also when nobody answers. */
  boolean ready() {
    try {
      return management("/health/ready").statusCode() == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** The value of a metric without labels. */
  double metric(String name) {
    return management("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no metric " + name));
  }

  /** SIGTERM; all of it has to be gone within 10 s. */
  void stop() {
    latest().stop();
  }

  /** What Ctrl-C does: SIGINT to the program and to the servers that it has started. */
  void interrupt(PostgresProcesses servers) {
    latest().interruptWith(servers.ids());
  }

  /** SIGKILL to the program alone. */
  void kill() {
    latest().kill();
  }

  /** All that it has said in all of its starts. */
  String output() {
    StringBuilder all = new StringBuilder();
    starts.forEach(start -> all.append(start.output()));
    return all.toString();
  }

  /** The directory it works in. */
  Path directory() {
    return directory;
  }

  ContractClient client(String token) {
    return place.client(port, token);
  }

  /** What the management port says about readiness. */
  JsonObject readiness() {
    return new JsonObject(management("/health/ready").body());
  }

  private Child latest() {
    return starts.get(starts.size() - 1);
  }

  private HttpResponse<String> management(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + path))
            .timeout(ANSWER_LIMIT)
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
