package mooring.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.observers.TestObserver;
import java.time.Clock;
import java.time.Duration;
import mooring.core.Desired;
import mooring.core.Instance;
import mooring.core.Operation;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.Samples;
import org.junit.jupiter.api.Test;

/** Who waits for the end of an operation. */
class EndingWatchTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final StatusFeed feed =
      new StatusFeed(new StatusCache(), new TokenDirectory(Clock.systemUTC()));
  private final EndingWatch endings = new EndingWatch(feed);
  private final Operation running =
      Samples.operation(OperationKind.ADMINISTER, Outcome.RUNNING, null);

  @Test
  void whoGivesUpTakesNothingAwayFromTheOthers() {
    feed.publish(Samples.instance(Desired.RUNNING, running));
    TestObserver<Instance> patient = ended(LONG).test();
    assertThat(ended(Duration.ofMillis(1)).isEmpty().blockingGet()).isTrue();
    patient.assertNotComplete();
    Instance done = done();
    feed.publish(done);
    patient.assertValue(done);
  }

  @Test
  void whatHasEndedBeforeIsToldAtOnce() {
    Instance done = done();
    feed.publish(done);
    ended(LONG).test().assertValue(done);
    ended(LONG).test().assertValue(done);
  }

  @Test
  void whatAnotherHasFollowedUnheardIsNotWaitedFor() {
    feed.publish(Samples.instance(Desired.RUNNING, running));
    TestObserver<Instance> patient = ended(LONG).test();
    Operation delete =
        Samples.operation(running.instance(), OperationKind.DELETE, Outcome.RUNNING, null);
    feed.publish(Samples.revised(Samples.instance(Desired.RUNNING, delete), 2));
    patient.assertResult();
    ended(LONG).test().assertResult();
  }

  private Maybe<Instance> ended(Duration limit) {
    return endings.ended(running.instance(), running.id(), limit);
  }

  private Instance done() {
    Operation ended =
        new Operation(
            running.id(),
            running.instance(),
            running.kind(),
            Outcome.SUCCEEDED,
            null,
            running.acceptedIn(),
            1L,
            1,
            running.deadline(),
            running.startedAt(),
            Samples.START.plusSeconds(5));
    return Samples.revised(Samples.instance(Desired.RUNNING, ended), 2);
  }
}
