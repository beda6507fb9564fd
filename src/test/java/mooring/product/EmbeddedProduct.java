package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import mooring.api.ContractClient;
import mooring.api.exoscale.Signing;

/** The product with everything embedded, killed at chosen moments, and what lies around of it. */
final class EmbeddedProduct {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration CLOSELY = Duration.ofMillis(2);

  final Product product;
  private final PostgresProcesses servers;
  private final Path data;
  private PlatformObjects objects;
  private final List<Integer> kills = new ArrayList<>();
  private int said;

  /** A running one. */
  EmbeddedProduct(Workplace place, String addressPool) {
    this(place, Map.of("MOORING_ADDRESS_POOL", addressPool));
  }

  /** A running one with other settings. */
  EmbeddedProduct(Workplace place, Map<String, String> settings) {
    product = new Product(place, "mooring", settings);
    data = product.directory().resolve("data");
    servers = place.servers(data);
    start();
  }

  private void start() {
    product.start();
    objects = PlatformObjects.embedded(data);
  }

  CloudheedDatabases databases() {
    return new CloudheedDatabases(client());
  }

  Databases uncloud() {
    return new Databases(client());
  }

  IonosClusters ionos() {
    return new IonosClusters(client());
  }

  /** With its first tenant's access key. */
  ContractClient exoscale() {
    Map<String, String> exports = exports();
    return product
        .client(null)
        .signed(Signing.with(exports.get("EXOSCALE_API_KEY"), exports.get("EXOSCALE_API_SECRET")));
  }

  /** With its first tenant's token. */
  ContractClient client() {
    return product.client(exports().get("MOORING_TOKEN"));
  }

  /** What its first tenant's clients read from their environment. */
  Map<String, String> exports() {
    try {
      return Exports.of(Files.readString(data.resolve("credentials.env")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  PlatformObjects objects() {
    return objects;
  }

  Ledger ledger() {
    return Ledger.embedded(data);
  }

  /** From here on {@link #says} counts. */
  void listen() {
    said = product.output().length();
  }

  /** Whether it has said something about a database since {@link #listen}. */
  boolean says(String words, String id) {
    return times(words, id, product.output().substring(said)) > 0;
  }

  /** How often it has said something about a database after each kill, until the next. */
  List<Long> timesAfterKills(String words, String id) {
    String output = product.output();
    List<Long> times = new ArrayList<>();
    for (int i = 0; i < kills.size(); i++) {
      int end = i + 1 < kills.size() ? kills.get(i + 1) : output.length();
      times.add(times(words, id, output.substring(kills.get(i), end)));
    }
    return times;
  }

  private static long times(String words, String id, String output) {
    return output.lines().filter(line -> line.contains(words) && line.contains(id)).count();
  }

  /**
   * Waits for a moment, kills it then, and starts it again.
   *
   * @param serversToo whether its PostgreSQL servers are killed with it
   */
  void crash(String when, BooleanSupplier moment, boolean serversToo) {
    await(when)
        .atMost(LIMIT)
        .pollDelay(Duration.ZERO)
        .pollInterval(CLOSELY)
        .until(moment::getAsBoolean);
    product.kill();
    objects.close();
    if (serversToo) {
      servers.killAll();
    }
    listen();
    kills.add(said);
    start();
  }

  /** The directories of a database's server, of one that is being recovered too. */
  Path files(String id) {
    return data.resolve("databases").resolve("default").resolve(id + "-1");
  }

  /** The names of the backups on request that are on disk, finished or not. */
  List<String> copies(String id) {
    return list(archive(id).resolve("base"));
  }

  /** Whether one of them is being made. */
  boolean copying(String id) {
    return copies(id).stream().anyMatch(copy -> copy.startsWith("unfinished-"));
  }

  private Path archive(String id) {
    Path stores = data.resolve("databases").resolve("object_stores").resolve("default");
    return list(stores.resolve("mooring-manual")).stream()
        .filter(server -> server.startsWith(id))
        .map(stores.resolve("mooring-manual")::resolve)
        .findFirst()
        .orElse(stores.resolve("none"));
  }

  /** Waits until each database that has to run has one server, and nobody else has any. */
  void awaitServers(int running) {
    await("one server each")
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(servers.serversByDirectory())
                    .hasSize(running + 1)
                    .allSatisfy((directory, count) -> assertThat(count).isEqualTo(1)));
  }

  /** Waits until nothing is left of any database, neither on Kubernetes nor on disk. */
  void awaitNothing() {
    await("nothing is left")
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              assertThat(objects.all()).isEmpty();
              assertThat(list(data.resolve("databases").resolve("default"))).isEmpty();
              assertThat(archives()).isEmpty();
            });
    awaitServers(0);
  }

  /** The same for a database whose backups are kept beyond it. */
  void awaitNothingButBackups() {
    await("nothing but backups is left")
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              assertThat(objects.all()).allSatisfy(one -> assertThat(one).startsWith("Backup "));
              assertThat(list(data.resolve("databases").resolve("default"))).isEmpty();
            });
    awaitServers(0);
  }

  private List<Path> archives() {
    Path stores = data.resolve("databases").resolve("object_stores").resolve("default");
    return list(stores).stream()
        .flatMap(store -> list(stores.resolve(store)).stream().map(stores.resolve(store)::resolve))
        .toList();
  }

  private static List<String> list(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    } catch (NoSuchFileException | NotDirectoryException e) { // not yet, or not any more
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
