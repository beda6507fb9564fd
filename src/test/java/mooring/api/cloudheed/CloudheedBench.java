package mooring.api.cloudheed;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import mooring.api.ApiFixture;
import mooring.api.ApiOnStore;
import mooring.api.ContractClient;
import mooring.core.BackupRequest;
import mooring.core.Instance;
import mooring.core.Observation;
import mooring.core.Operation.Outcome;
import mooring.store.PgStore;

/** The API over a real store, with what a worker and a platform would do done by hand. */
final class CloudheedBench implements AutoCloseable {
  static final String DATABASES = "/v1/databases";

  private final ApiOnStore server = new ApiOnStore();
  final PgStore store = server.store;
  final ApiFixture api = server.api;

  /** A client of a tenant of its own that may do everything. */
  ContractClient newTenant() {
    return api.client(tokenOfNewTenant());
  }

  String tokenOfNewTenant() {
    return server.token(server.newTenant(), "ch_live_");
  }

  static JsonObject asked(String name) {
    return new JsonObject().put("name", name).put("region", "fsn1").put("tier", "small");
  }

  /** Creates a database and waits for nothing. */
  static JsonObject create(ContractClient client, JsonObject asked) {
    return client.post(DATABASES, asked).json();
  }

  /** Creates a database that runs; its path. */
  String running(ContractClient client, String name) {
    return running(client, asked(name));
  }

  /** Creates a database that runs; its path. */
  String running(ContractClient client, JsonObject asked) {
    String path = DATABASES + "/" + create(client, asked).getString("id");
    finish(path);
    return path;
  }

  /** The row behind a path, which ends with the short id. */
  Instance row(String path) {
    return store.instances().find(path.substring(path.length() - 8)).blockingGet();
  }

  /** Ends the operation under way as a worker does that saw it succeed. */
  Instance finish(String path) {
    return server.finish(row(path));
  }

  /** Ends the operation under way as a worker does that gave up. */
  Instance fail(String path, String reason) {
    return server.fail(row(path), reason);
  }

  /** Ends the backups under way of a database as a worker does that saw them complete. */
  void finishBackups(String path) {
    finishBackups(path, 0);
  }

  /** The same, in an archive that keeps them for so many days; 0 until they are deleted. */
  void finishBackups(String path, int days) {
    UUID instance = row(path).id();
    List<BackupRequest> claimed;
    do { // one at a time is claimed of each database
      claimed =
          store.backups().claim("test", Duration.ofMinutes(1), 1_000).blockingGet().stream()
              .filter(request -> request.instance().equals(instance))
              .toList();
      for (BackupRequest request : claimed) {
        Instant begun = request.requestedAt();
        var result =
            new BackupRequest.Result("20260317T100000", 4_096, begun, begun.plusSeconds(9), days);
        BackupRequest ended =
            store.backups().end(request, Outcome.SUCCEEDED, null, result).blockingGet();
        assertThat(ended.outcome()).isEqualTo(Outcome.SUCCEEDED);
      }
    } while (!claimed.isEmpty());
  }

  /** What is seen of a database that is as it is wanted. */
  static Observation healthy(Instance instance, long version) {
    return ApiOnStore.healthy(instance, version);
  }

  @Override
  public void close() {
    server.close();
  }
}
