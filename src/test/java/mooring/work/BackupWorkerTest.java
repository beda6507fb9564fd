package mooring.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import mooring.core.BackupRequest;
import mooring.core.BackupStore;
import mooring.core.Instance;
import mooring.core.Operation;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.Setup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups on a real store and the embedded Kubernetes API; the test is CloudNativePG. */
class BackupWorkerTest extends RecordsBench {
  private static final Duration PATIENCE = LEASE.multipliedBy(3);
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final String EARLIER = "2026-01-02T03:14:04Z";
  private static final String STOPPED = "2026-01-02T03:14:05Z";
  private static final String COMPLETED =
      """
      {"phase": "completed", "backupId": "20260102T030405", "startedAt": "2026-01-02T03:04:05Z",
       "stoppedAt": "2026-01-02T03:14:05Z", "pluginMetadata": {"sizeBytes": "123456"}}
      """;

  @TempDir Path directory;
  private final BackupStore backups = store.backups();
  private PlatformBench bench;
  private UnreliableBackups unreliable;
  private BackupWorker worker;
  private Instance database;

  @BeforeEach
  void open() {
    bench = new PlatformBench(vertx, directory, feed);
    unreliable = new UnreliableBackups(bench.platform.backups());
    worker = worker("one");
    database = create(Setup.NONE.withRetention(7), LONG);
    bench.makeArchive("mooring-manual");
    bench.makeArchive("mooring-7d");
  }

  @AfterEach
  void close() {
    worker.close();
    bench.close();
  }

  @Test
  void aBackupIsMadeAndEndsWithWhatItCameTo() {
    worker.start();
    BackupRequest asked = ask(LONG);
    worker.asked();
    status(asked, "{\"phase\": \"running\"}");
    assertThat(row(asked).running()).isTrue();

    status(asked, COMPLETED);

    BackupRequest ended = ended(asked, Outcome.SUCCEEDED);
    assertThat(ended.result())
        .isEqualTo(
            new BackupRequest.Result(
                "20260102T030405",
                123_456,
                Instant.parse("2026-01-02T03:04:05Z"),
                Instant.parse("2026-01-02T03:14:05Z"),
                0));
    await().until(() -> worker.held() == 0);
    assertThat(object(asked).get()).isNotNull();
  }

  @Test
  void itIsInTheArchiveThatShowsItAndStaysThere() {
    worker.start();
    BackupRequest asked = ask(LONG);
    shown("mooring-manual", EARLIER);
    shown("mooring-7d", STOPPED);
    statusOnly(asked, COMPLETED);
    assertThat(ended(asked, Outcome.SUCCEEDED).result().archiveDays()).isEqualTo(7);

    shown("mooring-manual", "2026-01-03T00:00:00Z");
    shown("mooring-7d", "2026-01-03T00:00:00Z");
    BackupRequest next = ask(LONG);
    statusOnly(next, COMPLETED);
    assertThat(ended(next, Outcome.SUCCEEDED).result().archiveDays()).isZero();
    assertThat(row(asked).result().archiveDays()).isEqualTo(7);
  }

  @Test
  void anArchiveThatIsLateIsWaitedFor() {
    worker.start();
    BackupRequest asked = ask(LONG);
    shown("mooring-7d", "2026-01-03T00:00:00Z");
    statusOnly(asked, COMPLETED);
    await().until(() -> unreliable.searches() > 1);
    assertThat(row(asked).running()).isTrue();
    shown("mooring-manual", STOPPED);
    assertThat(ended(asked, Outcome.SUCCEEDED).result().archiveDays()).isZero();
  }

  @Test
  void whatNoArchiveShowsIsNotCalledKeptForGood() {
    worker.start();
    BackupRequest asked = ask(LONG);
    statusOnly(asked, COMPLETED);
    assertThat(ended(asked, Outcome.SUCCEEDED).result().archiveDays()).isEqualTo(7);
  }

  @Test
  void noArchiveIsWaitedForPastTheDeadline() {
    waitLongForArchives();
    worker.start();
    BackupRequest overdue = ask(LONG);
    statusOnly(overdue, COMPLETED);
    await().until(() -> unreliable.searches() > 0);
    records.lapseBackup(overdue.id());
    worker.asked();
    assertThat(ended(overdue, Outcome.SUCCEEDED).result().archiveDays()).isEqualTo(7);
  }

  @Test
  void anArchiveThatCannotBeAskedIsNotGuessed() {
    unreliable.searchable(false);
    worker.start();
    BackupRequest asked = ask(LONG);
    statusOnly(asked, COMPLETED);
    await().until(() -> unreliable.searches() > 0);
    await()
        .during(PATIENCE.plus(LEASE))
        .atMost(PATIENCE.multipliedBy(3))
        .until(() -> row(asked).running());

    // And only now the plugin's own delay begins.
    unreliable.searchable(true);
    int before = unreliable.searches();
    await().until(() -> unreliable.searches() > before + 1);
    assertThat(row(asked).running()).isTrue();
    shown("mooring-manual", STOPPED);
    assertThat(ended(asked, Outcome.SUCCEEDED).result().archiveDays()).isZero();
  }

  @Test
  @Tag("slow")
  void pastTheDeadlineAnArchiveIsAskedForAWhile() {
    waitLongForArchives();
    unreliable.searchable(false);
    worker.start();
    BackupRequest asked = ask(LONG);
    statusOnly(asked, COMPLETED);
    await().until(() -> unreliable.searches() > 0);
    records.lapseBackup(asked.id());
    int before = unreliable.searches();
    await().until(() -> unreliable.searches() > before + 1);
    assertThat(row(asked).running()).isTrue();
    shown("mooring-manual", STOPPED);
    unreliable.searchable(true);
    assertThat(ended(asked, Outcome.SUCCEEDED).result().archiveDays()).isZero();
  }

  @Test
  @Tag("slow")
  void anArchiveThatNeverAnswersIsNotGuessed() {
    unreliable.searchable(false);
    worker.start();
    BackupRequest lost = ask(LONG);
    statusOnly(lost, COMPLETED);
    await().until(() -> unreliable.searches() > 0);
    records.lapseBackup(lost.id());
    BackupRequest ended = ended(lost, Outcome.FAILED);
    assertThat(ended.reason()).contains("no archive can be asked: the platform is away");
    assertThat(object(lost).get()).as("to be removed by who asked for it").isNotNull();
  }

  @Test
  void oneAtATimeIsMadeAndAFailedOneBlocksNobody() {
    BackupRequest first = ask(LONG);
    BackupRequest second = ask(LONG);
    worker.start();
    status(first, "{\"phase\": \"running\"}");
    assertThat(object(second).get()).isNull();

    status(first, "{\"phase\": \"failed\", \"error\": \"no room\"}");

    assertThat(ended(first, Outcome.FAILED).reason()).isEqualTo("no room");
    assertThat(row(second).running()).isTrue();
    status(second, COMPLETED);
    ended(second, Outcome.SUCCEEDED);
  }

  @Test
  void faultsAreRetriedAndARefusalEndsIt() {
    unreliable.failNext(3);
    BackupRequest asked = ask(LONG);
    worker.start();
    status(asked, COMPLETED);
    ended(asked, Outcome.SUCCEEDED);
    assertThat(unreliable.failuresLeft()).isZero();

    unreliable.refuse();
    BackupRequest refused = ask(LONG);
    assertThat(ended(refused, Outcome.FAILED).reason()).contains("refused (422)");
  }

  @Test
  void whatIsRemovedIsTakenAwayAlsoWhileItRuns() {
    worker.start();
    BackupRequest complete = ask(LONG);
    status(complete, COMPLETED);
    ended(complete, Outcome.SUCCEEDED);
    BackupRequest running = ask(LONG);
    status(running, "{\"phase\": \"running\"}");

    unreliable.failNext(2);
    remove(complete);
    remove(running);

    awaitGone(complete);
    awaitGone(running);
    await().until(() -> worker.held() == 0);
    assertThat(backups.list(database.id()).blockingGet()).isEmpty();
  }

  @Test
  void aWaitingOneThatIsRemovedIsNeverMade() {
    BackupRequest first = ask(LONG);
    BackupRequest second = ask(LONG);
    worker.start();
    status(first, "{\"phase\": \"running\"}");
    remove(second);
    status(first, COMPLETED);
    ended(first, Outcome.SUCCEEDED);
    BackupRequest third = ask(LONG);
    status(third, COMPLETED);
    ended(third, Outcome.SUCCEEDED);
    assertThat(object(second).get()).isNull();
  }

  @Test
  void anotherTakesOverWhatWasMade() {
    BackupRequest asked = ask(LONG);
    BackupRequest claimed = backups.claim("dead", LEASE, 1).blockingGet().get(0);
    bench.platform.backups().make(database, claimed).blockingAwait();
    String uid = object(asked).get().getMetadata().getUid();
    worker.start();
    status(asked, COMPLETED);
    ended(asked, Outcome.SUCCEEDED);
    assertThat(object(asked).get().getMetadata().getUid()).isEqualTo(uid);
  }

  @Test
  void whatHasVanishedIsNotMadeAnew() {
    worker.start();
    BackupRequest asked = ask(LONG);
    status(asked, "{\"phase\": \"running\"}");
    assertThat(object(asked).delete()).isNotEmpty();
    assertThat(ended(asked, Outcome.FAILED).reason()).contains("has gone");
    assertThat(object(asked).get()).isNull();
  }

  @Test
  void whatIsNotCompleteEndsByItsDeadlineAndIsTakenAway() {
    worker.start();
    BackupRequest asked = ask(LONG);
    await().until(() -> row(asked).madeAt() != null);
    records.lapseBackup(asked.id());
    BackupRequest ended = ended(asked, Outcome.FAILED);
    assertThat(ended.reason()).isEqualTo("the backup was not complete by " + ended.deadline());
    assertThat(ended.madeAt()).isNotNull();
    await().until(() -> object(asked).get() == null);
  }

  @Test
  void theDeletionOfADatabaseLeavesNothing() {
    worker.start();
    BackupRequest complete = ask(LONG);
    status(complete, COMPLETED);
    ended(complete, Outcome.SUCCEEDED);
    BackupRequest running = ask(LONG);
    BackupRequest waiting = ask(LONG);
    status(running, "{\"phase\": \"running\"}");

    bury();

    awaitGone(complete);
    awaitGone(running);
    await().until(() -> worker.held() == 0);
    assertThat(object(waiting).get()).isNull();
  }

  @Test
  void whatIsMadeTooLateIsTakenBack() {
    unreliable.hold();
    worker.start();
    BackupRequest asked = ask(LONG);
    await().until(unreliable::holding);
    remove(asked);
    // The lease runs out meanwhile: who claims it next finds nothing to remove and is done with it.
    await().until(() -> unreliable.removals() > 0 && worker.held() == 0);
    int before = unreliable.removals();

    unreliable.release();

    await().until(() -> unreliable.removals() > before);
    awaitGone(asked);
    await().until(() -> worker.held() == 0);
  }

  private BackupWorker worker(String owner) {
    return worker(owner, LEASE);
  }

  private BackupWorker worker(String owner, Duration lease) {
    BackupWorker made =
        new BackupWorker(
            backups,
            store.instances(),
            unreliable,
            bench.platform.backups(),
            new WorkerSettings(
                owner, lease, Duration.ofMinutes(1), Duration.ofMillis(100), 100, 4));
    bench.platform.backups().onChange(made::observed);
    return made;
  }

  private void bury() {
    Instance deleting = change(database, OperationKind.DELETE, LONG, null);
    Operation claimed = store.operations().claim("test", LONG, 10).blockingGet().get(0).operation();
    assertThat(claimed.id()).isEqualTo(deleting.operation().id());
    assertThat(
            store
                .operations()
                .end(claimed.id(), claimed.attempt(), Outcome.SUCCEEDED, null, null)
                .blockingGet()
                .deleted())
        .isTrue();
  }

  private BackupRequest ask(Duration deadline) {
    return backups.create(database, known -> {}, null, deadline, TOKEN).blockingGet();
  }

  private void remove(BackupRequest request) {
    assertThat(backups.remove(database, request.shortId(), TOKEN).blockingGet().removed()).isTrue();
    worker.asked();
  }

  private BackupRequest row(BackupRequest request) {
    return backups.list(database.id()).blockingGet().stream()
        .filter(row -> row.id().equals(request.id()))
        .findFirst()
        .orElseThrow();
  }

  private void waitLongForArchives() {
    worker.close();
    worker = worker("patient", LONG);
  }

  private BackupRequest ended(BackupRequest request, Outcome outcome) {
    return await().until(() -> row(request), row -> row.outcome() == outcome);
  }

  private void awaitGone(BackupRequest request) {
    await().until(() -> object(request).get() == null);
  }

  /** As {@link #statusOnly}; what is complete is where it was asked for. */
  private void status(BackupRequest request, String status) {
    if (status.equals(COMPLETED)) {
      shown("mooring-manual", STOPPED);
    }
    statusOnly(request, status);
  }

  /** Writes a status as CloudNativePG would, as soon as there is an object. */
  private void statusOnly(BackupRequest request, String status) {
    await().until(() -> object(request).get() != null);
    PlatformBench.status(object(request), status);
  }

  /** Writes as the plugin would when the last backup of the database in a store stopped. */
  private void shown(String store, String last) {
    PlatformBench.status(
        bench.archive(store),
        """
        {"serverRecoveryWindow": {"%s": {"lastSuccessfulBackupTime": "%s"}}}
        """
            .formatted(database.objectName(), last));
  }

  private Resource<GenericKubernetesResource> object(BackupRequest request) {
    return bench.object("Backup", database.objectName() + "-b" + request.shortId());
  }
}
