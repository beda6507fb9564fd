package mooring.store;

import static mooring.store.StoreFixture.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.reactivex.rxjava3.core.Flowable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import mooring.core.BackupRequest;
import mooring.core.BackupStore;
import mooring.core.Instance;
import mooring.core.LeaseLostException;
import mooring.core.Operation;
import mooring.core.Operation.Outcome;
import mooring.core.Problem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PgBackupsTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final BackupRequest.Result RESULT =
      new BackupRequest.Result(
          "20260102T030405",
          123_456,
          Instant.parse("2026-01-02T03:04:05Z"),
          Instant.parse("2026-01-02T03:14:05Z"),
          7);

  private StoreFixture fixture;
  private BackupStore backups;
  private Instance database;

  @BeforeEach
  void open() {
    fixture = new StoreFixture();
    backups = fixture.store.backups();
    database = fixture.create("main");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void keepsWhatWasAskedAndWhatCameOfIt() {
    BackupRequest asked = ask("before the move");
    BackupRequest nameless = ask(null);

    assertThat(asked.shortId()).matches("[0-9a-f]{8}");
    assertThat(asked.running()).isTrue();
    assertThat(asked.requestedAt()).isBefore(nameless.requestedAt());
    assertThat(get(backups.list(database.id()))).containsExactly(nameless, asked);

    BackupRequest made = get(backups.made(claimed(asked)));
    assertThat(made.madeAt()).isNotNull();
    BackupRequest ended = get(backups.end(made, Outcome.SUCCEEDED, null, RESULT));
    assertThat(ended.result()).isEqualTo(RESULT);
    assertThat(get(backups.list(database.id()))).containsExactly(nameless, ended);
    assertThat(audit()).containsExactly("BACKUP SUCCEEDED", "BACKUP RUNNING");
  }

  @Test
  void aDeletedDatabaseIsNotBackedUp() {
    Instance buried = fixture.buried("gone");
    assertThat(StoreFixture.problem(backups.create(buried, known -> {}, null, LONG, fixture.token)))
        .isInstanceOf(Problem.NotFound.class);
    assertThat(fixture.dump("backup")).isEmpty();
  }

  @Test
  void theRequestsOfADatabaseTakeTurnsAndAFailedOneBlocksNobody() {
    BackupRequest first = ask("first");
    BackupRequest second = ask("second");
    BackupRequest other =
        get(backups.create(fixture.create("other"), known -> {}, "other", LONG, fixture.token));

    List<BackupRequest> turn = get(backups.claim("r1", LONG, 10));
    assertThat(turn).extracting(BackupRequest::id).containsExactly(first.id(), other.id());
    assertThat(get(backups.claim("r2", LONG, 10))).isEmpty();

    BackupRequest failed = get(backups.end(turn.get(0), Outcome.FAILED, "no room", null));
    assertThat(failed.reason()).isEqualTo("no room");
    assertThat(get(backups.claim("r2", LONG, 10)))
        .extracting(BackupRequest::id)
        .containsExactly(second.id());
    assertThat(fixture.texts("SELECT reason FROM audit WHERE outcome = 'FAILED'"))
        .containsExactly("no room");
  }

  @Test
  void claimsAtOnceShareTheWork() {
    for (int i = 0; i < 20; i++) {
      get(backups.create(fixture.create("shared-" + i), known -> {}, null, LONG, fixture.token));
    }
    PgStore replica = fixture.replica();

    List<UUID> claimed =
        get(
            Flowable.range(0, 8)
                .flatMapSingle(
                    i -> (i % 2 == 0 ? backups : replica.backups()).claim("r" + i, LONG, 4))
                .flatMapIterable(all -> all)
                .map(BackupRequest::id)
                .toList());

    assertThat(claimed).doesNotHaveDuplicates();
    assertThat(claimed.size() + get(backups.claim("rest", LONG, 100)).size()).isEqualTo(20);
    replica.close().blockingAwait();
  }

  @Test
  void anExpiredLeaseIsTakenOverAndTheZombieCanWriteNothing() {
    ask(null);
    BackupRequest zombie = get(backups.claim("zombie", SHORT, 1)).get(0);
    BackupRequest heir =
        await().until(() -> get(backups.claim("heir", LONG, 1)), all -> !all.isEmpty()).get(0);

    assertThat(heir.attempt()).isEqualTo(zombie.attempt() + 1);
    assertLost(() -> get(backups.renew(zombie, LONG)));
    assertLost(() -> get(backups.made(zombie)));
    assertLost(() -> get(backups.end(zombie, Outcome.FAILED, "zombie", null)));
    assertLost(() -> get(backups.gone(zombie)));
    BackupStore.Renewal renewal = get(backups.renew(heir, LONG));
    assertThat(renewal.overdue()).isFalse();
    assertThat(renewal.request()).isEqualTo(heir);
  }

  @Test
  void renewTellsThatTheDeadlineHasPassed() {
    BackupRequest claimed = claimed(ask(null));
    fixture.execute("UPDATE backup SET deadline = now() - interval '1 s'");
    assertThat(get(backups.renew(claimed, LONG)).overdue()).isTrue();
  }

  @Test
  void theDeadlineRunsFromTheBeginningOfTheTurn() {
    ask("first");
    ask("second");
    fixture.execute(
        "UPDATE backup SET requested_at = requested_at - interval '1 h',"
            + " deadline = deadline - interval '1 h'");

    BackupRequest first = get(backups.claim("r", LONG, 10)).get(0);
    assertThat(get(backups.renew(first, LONG)).overdue()).isFalse();
    expireLeases();
    BackupRequest heir = get(backups.claim("heir", LONG, 10)).get(0);
    assertThat(heir.deadline()).as("not anew with a takeover").isEqualTo(first.deadline());

    get(backups.end(heir, Outcome.FAILED, "no room", null));
    BackupRequest second = get(backups.claim("r", LONG, 10)).get(0);
    assertThat(second.deadline()).isAfter(first.deadline());
    assertThat(get(backups.renew(second, LONG)).overdue()).isFalse();
    fixture.execute("UPDATE backup SET deadline = now() - interval '1 s'");
    assertThat(get(backups.renew(second, LONG)).overdue()).isTrue();
  }

  @Test
  void aRemovedBackupIsOutOfTheListAtOnceAndWorkUntilItIsGone() {
    BackupRequest ended = get(backups.end(claimed(ask("old")), Outcome.SUCCEEDED, null, RESULT));
    assertThat(get(backups.claim("r", LONG, 10))).isEmpty();
    expireLeases();

    BackupRequest removed = remove(ended);

    assertThat(removed.removed()).isTrue();
    assertThat(removed.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(get(backups.list(database.id()))).isEmpty();
    assertThat(backups.remove(database, ended.shortId(), fixture.token).isEmpty().blockingGet())
        .isTrue();
    assertThat(audit()).containsExactly("BACKUP SUCCEEDED", "DELETE_BACKUP RUNNING");

    BackupRequest claimed = claimed(removed);
    assertThat(get(backups.gone(claimed)).removed()).isTrue();
    assertThat(audit()).containsExactly("BACKUP SUCCEEDED", "DELETE_BACKUP SUCCEEDED");
    expireLeases();
    assertThat(get(backups.claim("r", LONG, 10))).isEmpty();
    assertLost(() -> get(backups.gone(claimed)));

    backups.notGone(claimed).blockingAwait();
    assertThat(get(backups.claim("r", LONG, 10))).hasSize(1);
  }

  @Test
  void whoeverHoldsWhatIsRemovedHearsOfItWithTheNextRenewal() {
    BackupRequest claimed = claimed(ask("running"));

    remove(claimed);

    assertThat(get(backups.claim("other", LONG, 10))).as("still held").isEmpty();
    assertLost(() -> get(backups.end(claimed, Outcome.SUCCEEDED, null, RESULT)));
    BackupRequest now = get(backups.renew(claimed, LONG)).request();
    assertThat(now.removed()).isTrue();
    assertThat(now.outcome()).isEqualTo(Outcome.INTERRUPTED);
    get(backups.gone(claimed));
    assertThat(audit()).containsExactly("BACKUP INTERRUPTED", "DELETE_BACKUP SUCCEEDED");
  }

  @Test
  void theDeletionOfADatabaseEndsAndRemovesAllOfItsBackups() {
    BackupRequest complete =
        get(backups.end(claimed(ask("complete")), Outcome.SUCCEEDED, null, RESULT));
    BackupRequest running = ask("running");
    BackupRequest waiting = ask("waiting");
    BackupRequest foreign =
        get(backups.create(fixture.create("other"), known -> {}, null, LONG, fixture.token));
    expireLeases();

    get(fixture.store.operations().claim("x", SHORT, 10));
    Operation deleting = fixture.claim(fixture.delete(database), LONG).operation();
    get(
        fixture
            .store
            .operations()
            .end(deleting.id(), deleting.attempt(), Outcome.SUCCEEDED, null, null));

    List<BackupRequest> claimed = get(backups.claim("r", LONG, 10));
    assertThat(claimed)
        .extracting(BackupRequest::id)
        .containsExactly(complete.id(), running.id(), waiting.id(), foreign.id());
    assertThat(claimed).extracting(BackupRequest::removed).containsExactly(true, true, true, false);
    assertThat(claimed.get(1).reason()).isEqualTo("the database was deleted");
    assertThat(fixture.texts("SELECT outcome FROM audit WHERE action = 'BACKUP' ORDER BY id"))
        .containsExactly("SUCCEEDED", "FAILED", "FAILED", "RUNNING");
    get(backups.gone(claimed.get(1)));
  }

  private BackupRequest ask(String name) {
    return get(backups.create(database, known -> {}, name, LONG, fixture.token));
  }

  private BackupRequest claimed(BackupRequest request) {
    return get(backups.claim("replica", LONG, 100)).stream()
        .filter(one -> one.id().equals(request.id()))
        .findFirst()
        .orElseThrow();
  }

  private BackupRequest remove(BackupRequest request) {
    return get(backups.remove(database, request.shortId(), fixture.token).toSingle());
  }

  private void expireLeases() {
    fixture.execute("UPDATE backup SET lease_until = now() - interval '1 s'");
  }

  private List<String> audit() {
    return fixture.texts(
        "SELECT action || ' ' || outcome FROM audit WHERE action LIKE '%BACKUP' ORDER BY id");
  }

  private static void assertLost(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(LeaseLostException.class);
  }
}
