package mooring.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import mooring.core.Administered;
import mooring.core.Contents;
import mooring.core.Instance;
import mooring.core.Observation.Condition;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.ReplicaOf;
import mooring.core.ReplicaServer.Standing;
import mooring.core.Role;
import mooring.core.Samples;
import mooring.core.Setup;
import mooring.core.Stage;
import org.junit.jupiter.api.Test;

/** Read replicas: made when they follow, promoted when they take writes. */
class ReplicaTest extends WorkerBench {
  private static final Duration LONG = Duration.ofMinutes(1);

  private Instance source;

  private Instance replica(Duration deadline) {
    source = running();
    return create("copy", Setup.NONE.withRetention(7).replicaOf(ReplicaOf.of(source)), deadline);
  }

  private void healthyAgain(Instance one) {
    await().until(() -> snapshot(one).operation().platformVersion() != null);
    feed.observed(healthy(one, platform.version() + 100));
  }

  @Test
  void itIsMadeOnceItFollows() {
    standing = Standing.DETACHED;
    Instance replica = replica(LONG);
    healthyAgain(replica);
    await().pollDelay(Duration.ofMillis(500)).until(() -> snapshot(replica).operation().running());
    assertThat(platform.administers()).isZero();

    standing = Standing.FOLLOWING;
    awaitOutcome(replica, Outcome.SUCCEEDED);
  }

  @Test
  void oneThatDoesNotFollowInTimeHasFailed() {
    standing = Standing.DETACHED;
    Instance replica = replica(LONG);
    healthyAgain(replica);
    records.lapse(replica.id());
    awaitOutcome(replica, Outcome.FAILED);
    assertThat(snapshot(replica).operation().reason()).contains("was not done within");
  }

  @Test
  void itIsPromotedOnceItTakesWrites() {
    source = running();
    Role role =
        new Role(UUID.randomUUID(), "reporting", Stage.MAKING, Instant.EPOCH, Instant.EPOCH);
    Instance grown =
        change(
            source.containing(Contents.NONE.with(role)), OperationKind.ADMINISTER, LONG, "secret");
    awaitOutcome(grown, Outcome.SUCCEEDED);
    source = snapshot(grown);
    Instance made = create("copy", Setup.NONE.replicaOf(ReplicaOf.of(source)), LONG);
    standing = Standing.FOLLOWING;
    healthyAgain(made);
    awaitOutcome(made, Outcome.SUCCEEDED);

    Instance known = snapshot(made);
    ReplicaOf past = ReplicaOf.of(source).promoted(Instant.EPOCH);
    Instance wanted =
        known
            .wanted(
                known.spec(), known.desired(), known.setup().replicaOf(past), known.attributes())
            .containing(known.contents().copiedAt(null));
    Instance promoted = change(wanted, OperationKind.PROMOTE, LONG, null);
    await().until(() -> snapshot(promoted).operation().platformVersion() != null);
    feed.observed(
        Samples.seen(promoted.id(), platform.version() + 200, Condition.CONFIGURING, Samples.GOOD));
    feed.observed(healthy(promoted, platform.version() + 300));
    await().pollDelay(Duration.ofMillis(500)).until(() -> snapshot(made).operation().running());
    assertThat(platform.succession).isEmpty();

    platform.within(new Administered(false, 2, null));
    standing = Standing.RESTARTING;
    await().pollDelay(Duration.ofMillis(500)).until(() -> snapshot(made).operation().running());
    int asked = platform.administers();
    standing = Standing.PRIMARY;
    await().until(() -> platform.administers() > asked);
    assertThat(platform.succession).isEmpty();
    assertThat(snapshot(made).isReplica()).isTrue();

    platform.within(new Administered(true, 3, null));
    awaitOutcome(promoted, Outcome.SUCCEEDED);
    assertThat(snapshot(made).isReplica()).isFalse();
    // From now on it is backed up.
    assertThat(platform.succession).containsExactly("settle " + promoted.archiveName());
  }
}
