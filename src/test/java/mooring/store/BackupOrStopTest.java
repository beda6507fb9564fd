package mooring.store;

import static mooring.store.StoreFixture.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.observers.TestObserver;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import mooring.core.Address;
import mooring.core.Backup;
import mooring.core.BackupList;
import mooring.core.BackupObservations;
import mooring.core.BackupStore;
import mooring.core.Backups;
import mooring.core.Caller;
import mooring.core.Desired;
import mooring.core.Instance;
import mooring.core.Observation;
import mooring.core.Observation.Condition;
import mooring.core.Observations;
import mooring.core.Operation;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.Problem;
import mooring.core.ProblemException;
import mooring.core.Samples;
import mooring.core.SeenBackup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A backup and another change that are asked for at the same moment, on two replicas. */
class BackupOrStopTest {
  private StoreFixture fixture;
  private PgStore other;
  private Backups backups;
  private Instance database;

  @BeforeEach
  void open() {
    fixture = new StoreFixture();
    other = fixture.replica();
    Clock clock = Clock.systemUTC();
    BackupStore store = fixture.store.backups();
    BackupList list = new BackupList(store, new Offered(), clock);
    backups = new Backups(list, store, new Offered(), new Healthy(), clock, () -> {});
    Operation creation = fixture.claim(fixture.create("main"), Duration.ofMinutes(1)).operation();
    database =
        get(
            fixture
                .store
                .operations()
                .end(creation.id(), creation.attempt(), Outcome.SUCCEEDED, null, 1L));
  }

  @AfterEach
  void close() {
    other.close().blockingAwait();
    fixture.close();
  }

  @Test
  void whatIsBegunFirstRefusesTheBackup() throws Exception {
    for (OperationKind first : List.of(OperationKind.STOP, OperationKind.DELETE)) {
      TestObserver<Instance> change;
      TestObserver<Backup> backup;
      try (Connection holder = lock()) {
        change = change(first).test();
        fixture.awaitWaiting(1);
        backup = backups.create(caller(), database, null).test();
        fixture.awaitWaiting(2);
        holder.rollback();
      }
      assertThat(change.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(backup.await(20, TimeUnit.SECONDS)).isTrue();
      change.assertNoErrors();
      backup.assertError(
          error ->
              error instanceof ProblemException refused
                  && refused.problem() instanceof Problem.NotNow notNow
                  && notNow.status().state() == first.underWay());
      assertThat(fixture.dump("backup")).isEmpty();
    }
  }

  @Test
  void aBackupThatIsAskedForFirstIsAccepted() throws Exception {
    TestObserver<Instance> stop;
    TestObserver<Backup> backup;
    try (Connection holder = lock()) {
      backup = backups.create(caller(), database, null).test();
      fixture.awaitWaiting(1);
      stop = change(OperationKind.STOP).test();
      fixture.awaitWaiting(2);
      holder.rollback();
    }
    assertThat(backup.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(stop.await(20, TimeUnit.SECONDS)).isTrue();
    backup.assertValueCount(1);
    stop.assertValueCount(1);
  }

  @Test
  void whatWasReadBeforeDoesNotCount() {
    Instance stopping = get(change(OperationKind.STOP));
    assertThat(stopping.operation().running()).isTrue();
    assertThatThrownBy(() -> get(backups.create(caller(), database, null)))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> assertThat(refused.problem()).isInstanceOf(Problem.NotNow.class));
  }

  private Single<Instance> change(OperationKind kind) {
    return other
        .instances()
        .change(
            fixture.tenant,
            database.shortId(),
            known ->
                fixture.change(
                    known.wanted(known.spec(), Desired.STOPPED, known.setup(), known.attributes()),
                    kind));
  }

  /** Holds the database's row, so that others queue up for it. */
  private Connection lock() throws SQLException {
    Connection connection = TestPostgres.jdbc(fixture.uri);
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      assertThat(statement.execute("SELECT FROM instance FOR UPDATE")).isTrue();
    }
    return connection;
  }

  private Caller caller() {
    return new Caller(fixture.tenant, fixture.token, Set.of());
  }

  private static final class Healthy implements Observations {
    @Override
    public Observation of(UUID instance) {
      var spec = StoreFixture.SPEC;
      return Samples.seen(
          instance,
          1,
          Condition.HEALTHY,
          new Observation.Facts(
              spec.version(),
              1,
              1,
              spec.cpuMilli(),
              spec.memoryMib(),
              spec.storageMib(),
              true,
              Samples.GOOD.address(),
              0));
    }

    @Override
    public boolean whole() {
      return true;
    }

    @Override
    public Set<Address> unaccountedAddresses() {
      return Set.of();
    }
  }

  private static final class Offered implements BackupObservations {
    @Override
    public boolean offered() {
      return true;
    }

    @Override
    public List<SeenBackup> of(Instance instance) {
      return List.of();
    }

    @Override
    public Optional<Instant> firstRecoverable(String archive, int days) {
      return Optional.empty();
    }
  }
}
