package mooring.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import mooring.core.Instance;
import mooring.core.Operation.Outcome;
import org.junit.jupiter.api.Test;

/** What was under way before a start, while it is not known yet what there is. */
class WorkerAtStartTest extends WorkerBench {
  /** Nothing has been seen. */
  @Override
  void open() {}

  @Test
  void whatIsOverdueIsNotGivenUpBeforeItIsKnownWhatThereIs() {
    Instance created = applied();
    await().until(() -> overdue(created));
    worker.start();
    await().until(() -> platform.unblocked() > 1 || !snapshot(created).operation().running());
    feed.observed(healthy(created, platform.version()));
    feed.synced(platform.version());
    await().until(() -> !snapshot(created).operation().running());
    assertThat(snapshot(created).operation().outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void whatIsOverdueIsNotGivenUpBeforeWhatWasAppliedLastIsSeen() {
    Instance created = applied();
    feed.observed(healthy(created, 6));
    feed.synced(6);
    await().until(() -> overdue(created));
    worker.start();
    await().until(() -> platform.unblocked() > 1 || !snapshot(created).operation().running());
    feed.observed(healthy(created, platform.version()));
    await().until(() -> !snapshot(created).operation().running());
    assertThat(snapshot(created).operation().outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void whatIsOverdueAndNotDoneEndsOnceThatIsKnown() {
    Instance created = applied();
    await().until(() -> overdue(created));
    worker.start();
    await().until(() -> platform.applies() > 0);
    feed.synced(1);
    awaitOutcome(created, Outcome.FAILED);
  }

  /** One that somebody has applied who is no more. */
  private Instance applied() {
    Instance created = create(Duration.ofMillis(1));
    Instance claimed =
        store.operations().claim("dead", Duration.ofMillis(1), 1).blockingGet().get(0);
    Instance applied =
        store
            .operations()
            .applied(claimed.operation().id(), claimed.operation().attempt(), 5)
            .blockingGet();
    feed.publish(applied);
    return created;
  }
}
