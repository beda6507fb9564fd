package mooring.store;

import static org.awaitility.Awaitility.await;

import io.reactivex.rxjava3.core.Single;
import io.vertx.rxjava3.core.Vertx;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import mooring.core.Address;
import mooring.core.AddressScheme;
import mooring.core.Api;
import mooring.core.Change;
import mooring.core.Credentials;
import mooring.core.Draft;
import mooring.core.Engine;
import mooring.core.Instance;
import mooring.core.InstanceSpec;
import mooring.core.InstanceState;
import mooring.core.Operation;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.Problem;
import mooring.core.ProblemException;
import mooring.core.Setup;
import mooring.core.Uniqueness;
import org.assertj.core.api.Assertions;

/** A migrated database of its own with a store on it. */
final class StoreFixture implements AutoCloseable {
  static final String PASSWORD = "S3cret-of-the-database";
  static final Duration DEADLINE = Duration.ofMinutes(15);
  static final InstanceSpec SPEC =
      new InstanceSpec(Engine.POSTGRESQL, "16", 1000, 2048, 20_480, 1, "nyc1");

  final Vertx vertx = Vertx.vertx();
  final DatabaseUri uri;
  final String keyset = SecretBox.newKeyset();
  final PgStore store;
  final UUID tenant;
  final UUID token = UUID.randomUUID();

  StoreFixture(AddressScheme scheme) {
    uri = TestPostgres.shared().freshDatabase();
    Migrations.run(uri);
    store = new PgStore(vertx, uri, SecretBox.of(keyset), scheme);
    tenant = get(store.tokens().createTenant("acme")).id();
  }

  /** With addresses derived from the short id. */
  StoreFixture() {
    this(derived());
  }

  static AddressScheme derived() {
    return new AddressScheme() {
      @Override
      public int size() {
        return 0;
      }

      @Override
      public Address address(int number, String shortId, Engine engine) {
        return new Address("db-" + shortId + ".databases.svc", engine.port());
      }
    };
  }

  static AddressScheme numbered(int size) {
    return new AddressScheme() {
      @Override
      public int size() {
        return size;
      }

      @Override
      public Address address(int number, String shortId, Engine engine) {
        return new Address("10.0." + number / 256 + "." + number % 256, engine.port());
      }
    };
  }

  /** Another store on the same database, as another replica has it. */
  PgStore replica() {
    return new PgStore(vertx, uri, SecretBox.of(keyset), derived());
  }

  Draft draft(String handle) {
    return draft(tenant, handle, "Name of " + handle);
  }

  Draft draft(UUID owner, String handle, String name) {
    return new Draft(
        owner,
        Api.UNCLOUD,
        name,
        handle,
        SPEC,
        new Credentials("app", PASSWORD, "main"),
        Setup.NONE,
        Uniqueness.HANDLE,
        Map.of("plan", "small"),
        DEADLINE,
        token,
        null);
  }

  Instance create(String handle) {
    return get(store.instances().create(draft(handle), Set.of()));
  }

  Instance delete(Instance instance) {
    return get(
        store
            .instances()
            .change(tenant, instance.shortId(), known -> change(known, OperationKind.DELETE)));
  }

  Optional<Change> change(Instance wanted, OperationKind kind) {
    return Optional.of(new Change(wanted, kind, InstanceState.RUNNING, DEADLINE, null, token));
  }

  /** Claims everything that can be claimed and finds one database in it. */
  Instance claim(Instance instance, Duration lease) {
    return get(store.operations().claim("replica", lease, 1_000)).stream()
        .filter(claimed -> claimed.id().equals(instance.id()))
        .findFirst()
        .orElseThrow();
  }

  /** A database that was created and deleted. */
  Instance buried(String handle) {
    Operation operation = claim(delete(create(handle)), Duration.ofMinutes(1)).operation();
    return get(
        store.operations().end(operation.id(), operation.attempt(), Outcome.SUCCEEDED, null, null));
  }

  /** Until so many statements wait for a lock. */
  void awaitWaiting(int count) {
    await()
        .until(
            () ->
                texts(
                    "SELECT count(*) FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND wait_event_type = 'Lock'"),
            counted -> counted.equals(List.of(Integer.toString(count))));
  }

  /** All columns of all rows, as text. */
  List<String> dump(String table) {
    return texts("SELECT t::text FROM " + table + " t");
  }

  List<String> texts(String sql) {
    try (Connection connection = TestPostgres.jdbc(uri);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> texts = new ArrayList<>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  void execute(String... sql) {
    TestPostgres.execute(uri, sql);
  }

  static <T> T get(Single<T> single) {
    return single.timeout(20, TimeUnit.SECONDS).blockingGet();
  }

  /** The problem that something ends with. */
  static Problem problem(Single<?> single) {
    Throwable failure = Assertions.catchThrowable(() -> get(single));
    Assertions.assertThat(failure).isInstanceOf(ProblemException.class);
    return ((ProblemException) failure).problem();
  }

  @Override
  public void close() {
    store.close().blockingAwait();
    vertx.close().blockingAwait();
  }
}
