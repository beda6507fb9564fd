package mooring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import mooring.core.Desired;
import mooring.core.Instance;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.Samples;
import mooring.status.StatusCache;
import mooring.status.StatusFeed;
import mooring.status.TokenDirectory;
import org.junit.jupiter.api.Test;

class EndedOperationsTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @Test
  void countsEachOnceAndNoneThatEndedBefore() {
    StatusFeed feed = feed(Samples.START);
    Instance created = instance(Outcome.SUCCEEDED);
    feed.publish(created);
    feed.publish(Samples.revised(created, 2));
    feed.publish(instance(Outcome.RUNNING));
    feed.publish(instance(Outcome.FAILED));
    assertThat(count("succeeded")).isEqualTo(1);
    assertThat(count("failed")).isEqualTo(1);
  }

  @Test
  void doesNotCountWhatEndedBeforeTheStart() {
    feed(Samples.START.plusSeconds(60)).publish(instance(Outcome.SUCCEEDED));
    assertThat(count("succeeded")).isZero();
  }

  private StatusFeed feed(Instant since) {
    StatusFeed feed = new StatusFeed(new StatusCache(), new TokenDirectory(Clock.systemUTC()));
    feed.onChange(new EndedOperations(meters, since, 10));
    return feed;
  }

  private static Instance instance(Outcome outcome) {
    return Samples.instance(Desired.RUNNING, Samples.operation(OperationKind.CREATE, outcome, 10L));
  }

  private double count(String outcome) {
    return meters
        .get(EndedOperations.NAME)
        .tags("kind", "create", "outcome", outcome)
        .counter()
        .count();
  }
}
