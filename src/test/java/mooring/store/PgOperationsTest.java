package mooring.store;

import static mooring.store.StoreFixture.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivex.rxjava3.core.Flowable;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import mooring.core.Instance;
import mooring.core.LeaseLostException;
import mooring.core.Operation;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.OperationStore;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PgOperationsTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(50);

  private StoreFixture fixture;
  private OperationStore operations;

  @BeforeEach
  void open() {
    fixture = new StoreFixture();
    operations = fixture.store.operations();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void claimsOldestFirstAndEachOnce() {
    Instance first = fixture.create("first");
    Instance second = fixture.create("second");
    fixture.create("third");

    List<Instance> claimed = get(operations.claim("r1", LONG, 2));

    assertThat(claimed).extracting(Instance::id).containsExactly(first.id(), second.id());
    assertThat(claimed).extracting(instance -> instance.operation().attempt()).containsOnly(1);
    assertThat(claimed.get(0).revision()).isEqualTo(first.revision());
    assertThat(get(operations.claim("r2", LONG, 10)))
        .extracting(Instance::handle)
        .containsExactly("third");
    assertThat(get(operations.claim("r3", LONG, 10))).isEmpty();
  }

  @Test
  void claimsAtOnceShareTheWork() {
    for (int i = 0; i < 30; i++) {
      fixture.create("shared-" + i);
    }
    PgStore other = fixture.replica();

    List<UUID> claimed =
        get(
            Flowable.range(0, 10)
                .flatMapSingle(
                    i -> (i % 2 == 0 ? operations : other.operations()).claim("r" + i, LONG, 5))
                .flatMapIterable(all -> all)
                .map(Instance::id)
                .toList());

    assertThat(claimed).doesNotHaveDuplicates();
    assertThat(claimed.size() + get(operations.claim("rest", LONG, 100)).size()).isEqualTo(30);
    other.close().blockingAwait();
  }

  @Test
  void anExpiredLeaseIsTakenOverAndTheZombieCanWriteNothing() {
    Instance created = fixture.create("taken-over");
    Operation zombie = fixture.claim(created, SHORT).operation();
    Operation heir =
        Awaitility.await()
            .until(() -> get(operations.claim("heir", LONG, 1)), found -> !found.isEmpty())
            .get(0)
            .operation();

    assertThat(heir.id()).isEqualTo(zombie.id());
    assertThat(heir.attempt()).isEqualTo(zombie.attempt() + 1);
    String before = fixture.dump("operation").toString();
    assertLost(() -> get(operations.renew(zombie.id(), zombie.attempt(), LONG)));
    assertLost(() -> get(operations.fence(zombie.id(), zombie.attempt())));
    assertLost(() -> get(operations.applied(zombie.id(), zombie.attempt(), 5)));
    assertLost(() -> end(zombie, Outcome.FAILED, "zombie", null));
    assertThat(fixture.dump("operation")).hasToString(before);
    assertThat(end(heir, Outcome.SUCCEEDED, null, 9L).operation().outcome())
        .isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void theFencingTokenCountsTheAttemptsThatHaveNotSucceeded() {
    Instance created = fixture.create("fenced");
    Operation first = fixture.claim(created, SHORT).operation();
    assertThat(get(operations.fence(first.id(), first.attempt()))).isZero();
    Operation heir =
        Awaitility.await()
            .until(() -> get(operations.claim("heir", LONG, 1)), found -> !found.isEmpty())
            .get(0)
            .operation();
    assertThat(get(operations.fence(heir.id(), heir.attempt()))).isOne();
    end(heir, Outcome.SUCCEEDED, null, 9L);
    assertLost(() -> get(operations.fence(heir.id(), heir.attempt())));

    assertThat(token(OperationKind.STOP, Outcome.SUCCEEDED, created)).isOne();
    assertThat(token(OperationKind.STOP, Outcome.FAILED, created)).isOne();
    assertThat(token(OperationKind.STOP, Outcome.SUCCEEDED, created)).isEqualTo(2);
  }

  /** What an operation that then ends so was given. */
  private long token(OperationKind kind, Outcome outcome, Instance instance) {
    Instance changed =
        get(
            fixture
                .store
                .instances()
                .change(fixture.tenant, instance.shortId(), known -> fixture.change(known, kind)));
    Operation operation = fixture.claim(changed, LONG).operation();
    long token = get(operations.fence(operation.id(), operation.attempt()));
    end(operation, outcome, null, null);
    return token;
  }

  @Test
  void aRenewedLeaseIsNotTakenOver() {
    Instance created = fixture.create("renewed");
    Operation claimed = fixture.claim(created, SHORT).operation();

    assertThat(get(operations.renew(claimed.id(), claimed.attempt(), LONG))).isFalse();

    assertThat(fixture.texts("SELECT lease_until > now() + interval '30 s' FROM operation"))
        .containsExactly("t");
    assertThat(get(operations.claim("other", LONG, 10))).isEmpty();
  }

  @Test
  void renewTellsThatTheDeadlineHasPassed() {
    Operation claimed = fixture.claim(fixture.create("late"), LONG).operation();
    fixture.execute("UPDATE operation SET deadline = now() - interval '1 s'");

    assertThat(get(operations.renew(claimed.id(), claimed.attempt(), LONG))).isTrue();
  }

  @Test
  void aDeleteEndsTheLeaseOfWhatItSupersedes() {
    Instance created = fixture.create("superseded");
    Operation creating = fixture.claim(created, LONG).operation();

    fixture.delete(created);

    assertLost(() -> get(operations.applied(creating.id(), creating.attempt(), 5)));
    assertLost(() -> end(creating, Outcome.SUCCEEDED, null, 5L));
    assertThat(get(operations.claim("r", LONG, 10))).hasSize(1);
  }

  @Test
  void appliedAndEndKeepTheNewestVersionAndMoveTheRevision() {
    Instance created = fixture.create("versions");
    Operation claimed = fixture.claim(created, LONG).operation();

    Instance applied = get(operations.applied(claimed.id(), claimed.attempt(), 41));
    assertThat(applied.operation().platformVersion()).isEqualTo(41);
    assertThat(applied.revision()).isGreaterThan(created.revision());

    Instance ended = end(claimed, Outcome.SUCCEEDED, null, 40L);
    assertThat(ended.operation().platformVersion()).isEqualTo(41);
    assertThat(ended.operation().endedAt()).isNotNull();
    assertThat(ended.revision()).isGreaterThan(applied.revision());
    assertLost(() -> end(claimed, Outcome.FAILED, "again", null));
  }

  @Test
  void aFailureKeepsItsReasonAndTheAuditKnowsHowItEnded() {
    Operation claimed = fixture.claim(fixture.create("failed"), LONG).operation();

    Instance ended = end(claimed, Outcome.FAILED, "not done by its deadline", 99L);

    assertThat(ended.operation().reason()).isEqualTo("not done by its deadline");
    assertThat(ended.operation().platformVersion()).isNull();
    assertThat(fixture.texts("SELECT outcome || ': ' || reason FROM audit WHERE ended_at > at"))
        .containsExactly("FAILED: not done by its deadline");
  }

  @Test
  void aFinishedDeleteLeavesATombstoneWithoutSecret() {
    Instance created = fixture.create("deleted");
    Operation deleting = fixture.claim(fixture.delete(created), LONG).operation();

    Instance tombstone = end(deleting, Outcome.SUCCEEDED, null, null);

    assertThat(tombstone.deleted()).isTrue();
    assertThat(fixture.dump("instance")).hasSize(1);
    assertThat(fixture.dump("instance_secret")).isEmpty();
  }

  @Test
  void aFailedDeleteLeavesTheDatabase() {
    Instance created = fixture.create("kept");
    Operation deleting = fixture.claim(fixture.delete(created), LONG).operation();

    Instance kept = end(deleting, Outcome.FAILED, "a finalizer is in the way", null);

    assertThat(kept.deleted()).isFalse();
    assertThat(get(fixture.store.instances().credentials(kept)).password())
        .isEqualTo(StoreFixture.PASSWORD);
  }

  @Test
  void anUnknownOperationIsALostLease() {
    assertLost(() -> get(operations.applied(UUID.randomUUID(), 1, 5)));
  }

  private Instance end(Operation operation, Outcome outcome, String reason, Long version) {
    return get(operations.end(operation.id(), operation.attempt(), outcome, reason, version));
  }

  private static void assertLost(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(LeaseLostException.class);
  }
}
