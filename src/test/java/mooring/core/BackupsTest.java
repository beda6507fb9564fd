package mooring.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import mooring.core.Backup.Phase;
import mooring.core.Observation.Condition;
import mooring.core.Operation.Outcome;
import org.junit.jupiter.api.Test;

/** How rows and what the platform shows become one list; both are put there by the test. */
class BackupsTest {
  private static final Instant NOW = Samples.START.plus(Duration.ofDays(30));
  private static final UUID TOKEN = UUID.randomUUID();

  private final Rows rows = new Rows();
  private final Platform platform = new Platform();
  private final Instance database =
      Samples.instance(
              Desired.RUNNING, Samples.operation(OperationKind.CREATE, Outcome.SUCCEEDED, 1L))
          .wanted(Samples.SPEC, Desired.RUNNING, Setup.NONE.withRetention(7), java.util.Map.of());
  private Condition condition = Condition.HEALTHY;
  private int asked;
  private int archiveDays = 0;
  private Instant stopped = Samples.START;
  private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
  private final BackupList list = new BackupList(rows, platform, clock);
  private final Backups backups =
      new Backups(list, rows, platform, new Health(), clock, () -> asked++);

  @Test
  void theNextInTurnHasBegunTheOthersWaitAndNoneGoesBack() {
    rows.add("00000001", Outcome.RUNNING, null);
    assertThat(phases()).containsExactly(Phase.IN_PROGRESS);
    // Neither a lag of the platform's view nor a daily backup takes that back.
    platform.seen.add(seen("00000001", true, Phase.PENDING));
    platform.seen.add(seen("99999999", false, Phase.IN_PROGRESS));
    assertThat(phase("00000001")).isEqualTo(Phase.IN_PROGRESS);

    rows.add("00000002", Outcome.RUNNING, null);
    assertThat(phase("00000002")).isEqualTo(Phase.PENDING);
    // What the row does not say yet is not so.
    platform.seen.set(0, seen("00000001", true, Phase.COMPLETED));
    assertThat(phase("00000001")).isEqualTo(Phase.IN_PROGRESS);

    rows.end("00000001", Outcome.SUCCEEDED, null);
    platform.seen.clear();
    assertThat(phases()).containsExactly(Phase.IN_PROGRESS, Phase.COMPLETED);
    rows.end("00000002", Outcome.FAILED, "no room");
    assertThat(phases()).containsExactly(Phase.FAILED, Phase.COMPLETED);
    assertThat(one("00000002").reason()).isEqualTo("no room");
  }

  @Test
  void aDailyOneExpiresAndOneThatWasAskedForDoesNot() {
    rows.add("00000001", Outcome.SUCCEEDED, null);
    platform.seen.add(seen("00000001", true, Phase.COMPLETED));
    platform.seen.add(seen("99999999", false, Phase.COMPLETED));
    assertThat(list.of(database).blockingGet()).hasSize(2);
    assertThat(one("00000001").manual()).isTrue();
    assertThat(one("00000001").expiresAt()).isNull();
    assertThat(one("00000001").sizeBytes()).isEqualTo(42);
    assertThat(one("99999999").manual()).isFalse();
    assertThat(one("99999999").expiresAt()).isEqualTo(Samples.START.plus(Duration.ofDays(7)));
  }

  @Test
  void oneThatWasNotSeenWhereAllIsKeptExpires() {
    archiveDays = 14;
    stopped = NOW.minus(Duration.ofDays(2));
    rows.add("00000001", Outcome.SUCCEEDED, null);
    assertThat(one("00000001").expiresAt()).isEqualTo(stopped.plus(Duration.ofDays(14)));
    assertThat(backups.recovery(database, "00000001").blockingGet().retentionDays()).isEqualTo(14);

    stopped = null;
    rows.add("00000002", Outcome.SUCCEEDED, null);
    platform.seen.add(seen("00000002", true, Phase.COMPLETED));
    assertThat(one("00000002").expiresAt()).isEqualTo(Samples.START.plus(Duration.ofDays(14)));
  }

  @Test
  void oneThatHasExpiredIsThereForAsLongAsThePlatformShowsIt() {
    archiveDays = 7;
    stopped = NOW.minus(Duration.ofDays(7));
    rows.add("00000001", Outcome.SUCCEEDED, null);
    assertThat(list.of(database).blockingGet()).isEmpty();
    platform.seen.add(seen("00000001", true, Phase.COMPLETED));
    assertThat(list.of(database).blockingGet()).hasSize(1);
  }

  @Test
  void isAskedForWhileTheDatabaseRuns() {
    Backup made = backups.create(caller(), database, "before the move").blockingGet();
    assertThat(made.phase()).isEqualTo(Phase.IN_PROGRESS);
    assertThat(made.name()).isEqualTo("before the move");
    assertThat(asked).isEqualTo(1);

    condition = Condition.BROKEN;
    assertThat(problem(backups.create(caller(), database, null)))
        .isInstanceOf(Problem.NotNow.class);
    condition = Condition.HEALTHY;
    platform.offered = false;
    assertThat(problem(backups.create(caller(), database, null)))
        .isInstanceOf(Problem.Unavailable.class);
    assertThat(rows.all).hasSize(1);
  }

  @Test
  void onlyOneThatWasAskedForIsRemoved() {
    rows.add("00000001", Outcome.SUCCEEDED, null);
    platform.seen.add(seen("99999999", false, Phase.COMPLETED));
    backups.delete(caller(), database, "00000001").blockingAwait();
    assertThat(rows.all).isEmpty();
    assertThat(asked).isEqualTo(1);
    assertThat(problem(backups.delete(caller(), database, "99999999").toSingleDefault(1)))
        .isInstanceOf(Problem.Forbidden.class);
    assertThat(problem(backups.delete(caller(), database, "00000001").toSingleDefault(1)))
        .isInstanceOf(Problem.NotFound.class);
  }

  @Test
  void isRecoveredFromItsOwnArchiveOnceComplete() {
    rows.add("00000001", Outcome.SUCCEEDED, null);
    rows.add("00000002", Outcome.RUNNING, null);
    platform.seen.add(seen("99999999", false, Phase.COMPLETED));
    Recovery manual = backups.recovery(database, "00000001").blockingGet();
    assertThat(manual.backup()).isEqualTo("id-00000001");
    assertThat(manual.retentionDays()).isZero();
    assertThat(manual.end()).isNotNull().isEqualTo(one("00000001").completedAt());
    Recovery daily = backups.recovery(database, "99999999").blockingGet();
    assertThat(daily.backup()).isEqualTo("id-99999999");
    assertThat(daily.retentionDays()).isEqualTo(7);
    assertThat(daily.end()).isNotNull().isEqualTo(one("99999999").completedAt());
    assertThat(problem(backups.recovery(database, "00000002")))
        .isInstanceOf(Problem.Conflict.class);
  }

  @Test
  void theWindowIsThatOfTheArchiveAndOfTheDaysAllowed() {
    assertThatThrownBy(() -> backups.window(database, 7)).isInstanceOf(ProblemException.class);
    platform.first = NOW.minus(Duration.ofDays(9));
    assertThat(backups.window(database, 7))
        .isEqualTo(new RecoveryWindow(NOW.minus(Duration.ofDays(7)), NOW));
    platform.first = NOW.minus(Duration.ofDays(2));
    assertThat(backups.window(database, 7))
        .isEqualTo(new RecoveryWindow(NOW.minus(Duration.ofDays(2)), NOW));
    assertThat(backups.recovery(database, NOW, 7).moment()).isEqualTo(NOW);
    assertThatThrownBy(() -> backups.recovery(database, NOW.plusSeconds(1), 7))
        .isInstanceOf(ProblemException.class);
  }

  @Test
  void aMomentIsRecoveredFromTheArchiveThatHoldsItAndNoneAcrossAnUpgrade() {
    Instant upgrade = NOW.minus(Duration.ofDays(2));
    Instance upgraded = database.upgraded("17", upgrade);
    String after = database.objectName() + "-pg17";
    platform.archives.put(database.objectName(), NOW.minus(Duration.ofDays(5)));
    platform.archives.put(after, upgrade.plusSeconds(600));

    assertThat(backups.window(upgraded, 7).earliest()).isEqualTo(NOW.minus(Duration.ofDays(5)));
    assertThat(backups.recovery(upgraded, NOW, 7).sourceName()).isEqualTo(after);
    assertThat(backups.recovery(upgraded, upgrade.minusSeconds(1), 7).sourceName())
        .isEqualTo(database.objectName());
    assertThatThrownBy(() -> backups.recovery(upgraded, upgrade.plusSeconds(1), 7))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("an upgrade");
  }

  private List<Phase> phases() {
    return list.of(database).blockingGet().stream()
        .filter(Backup::manual)
        .map(Backup::phase)
        .toList();
  }

  private Phase phase(String shortId) {
    return one(shortId).phase();
  }

  private Backup one(String shortId) {
    return list.find(database, shortId).blockingGet();
  }

  private static Problem problem(Single<?> call) {
    ProblemException[] thrown = new ProblemException[1];
    assertThatThrownBy(call::blockingGet)
        .isInstanceOfSatisfying(ProblemException.class, e -> thrown[0] = e);
    return thrown[0].problem();
  }

  private static Caller caller() {
    return new Caller(Samples.TENANT, TOKEN, Set.of());
  }

  private SeenBackup seen(String shortId, boolean manual, Phase phase) {
    return new SeenBackup(
        shortId,
        database.id(),
        manual,
        phase,
        null,
        7,
        Samples.START,
        Samples.START,
        phase == Phase.COMPLETED ? Samples.START : null,
        manual ? 0 : database.setup().retentionDays(),
        phase == Phase.COMPLETED ? "id-" + shortId : null);
  }

  private final class Health implements Observations {
    @Override
    public Observation of(UUID instance) {
      return Samples.seen(instance, 1, condition, Samples.GOOD);
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

  private static final class Platform implements BackupObservations {
    final List<SeenBackup> seen = new ArrayList<>();
    boolean offered = true;
    final Map<String, Instant> archives = new HashMap<>();
    Instant first;

    @Override
    public boolean offered() {
      return offered;
    }

    @Override
    public List<SeenBackup> of(Instance instance) {
      return seen;
    }

    @Override
    public Optional<Instant> firstRecoverable(String archive, int days) {
      return Optional.ofNullable(archives.getOrDefault(archive, first));
    }
  }

  /** Newest first, as the store has them. */
  private final class Rows implements BackupStore {
    final List<BackupRequest> all = new ArrayList<>();

    BackupRequest add(String shortId, Outcome outcome, String name) {
      BackupRequest row = row(shortId, outcome, name, null, all.size());
      all.add(0, row);
      return row;
    }

    void end(String shortId, Outcome outcome, String reason) {
      all.replaceAll(
          row ->
              row.shortId().equals(shortId)
                  ? row(shortId, outcome, row.name(), reason, all.size() - 1 - all.indexOf(row))
                  : row);
    }

    private BackupRequest row(
        String shortId, Outcome outcome, String name, String reason, int order) {
      return new BackupRequest(
          UUID.randomUUID(),
          shortId,
          database.id(),
          name,
          outcome,
          reason,
          outcome == Outcome.SUCCEEDED
              ? new BackupRequest.Result("id-" + shortId, 42, Samples.START, stopped, archiveDays)
              : null,
          1,
          Samples.START.plusSeconds(order),
          NOW,
          null,
          null);
    }

    @Override
    public Single<BackupRequest> create(
        Instance instance,
        Consumer<Instance> judge,
        String name,
        Duration deadline,
        UUID requestedBy) {
      judge.accept(instance);
      return Single.just(add("0000000a", Outcome.RUNNING, name));
    }

    @Override
    public Single<List<BackupRequest>> list(UUID instance) {
      return Single.just(List.copyOf(all));
    }

    @Override
    public Maybe<BackupRequest> remove(Instance instance, String shortId, UUID requestedBy) {
      BackupRequest removed = all.remove(0);
      assertThat(removed.shortId()).isEqualTo(shortId);
      return Maybe.just(removed);
    }

    @Override
    public Single<List<BackupRequest>> claim(String owner, Duration lease, int limit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Single<Renewal> renew(BackupRequest claimed, Duration lease) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Single<BackupRequest> made(BackupRequest claimed) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Single<BackupRequest> end(
        BackupRequest claimed, Outcome outcome, String reason, BackupRequest.Result result) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Single<BackupRequest> gone(BackupRequest claimed) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Completable notGone(BackupRequest request) {
      throw new UnsupportedOperationException();
    }
  }
}
