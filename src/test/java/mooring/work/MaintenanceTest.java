package mooring.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import mooring.core.Deadlines;
import mooring.core.Instance;
import mooring.core.Instances;
import mooring.core.MaintenanceWindow;
import mooring.core.Offer;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.status.EndingWatch;
import org.junit.jupiter.api.Test;

/** Updates to newer minor versions: when they are begun, and how often. */
class MaintenanceTest extends WorkerBench {
  private static final Instant OPEN = Instant.parse("2026-03-22T01:00:00Z"); // a Sunday
  private static final MaintenanceWindow WINDOW =
      new MaintenanceWindow(DayOfWeek.SUNDAY, LocalTime.MIDNIGHT);
  private static final String IMAGE = "ghcr.io/cloudnative-pg/postgresql:16.9";

  private volatile String newer = IMAGE;

  @Test
  void nothingIsBegunOutsideTheWindowNorWithoutAnUpdate() {
    Instance database = running();
    at(OPEN.minusSeconds(3_601)).look().blockingAwait();
    at(OPEN.plus(Duration.ofHours(2))).look().blockingAwait();
    newer = null;
    at(OPEN).look().blockingAwait();
    assertThat(snapshot(database).operation().kind()).isEqualTo(OperationKind.CREATE);
  }

  @Test
  void oneOfSeveralReplicasBeginsAnUpdateOnce() {
    Instance database = running();
    Maintenance one = at(OPEN);
    Maintenance other = at(OPEN);
    Completable.mergeArray(
            one.look().subscribeOn(Schedulers.io()), other.look().subscribeOn(Schedulers.io()))
        .blockingAwait();
    await().until(() -> snapshot(database).operation().kind() == OperationKind.RESTART);
    assertThat(snapshot(database).setup().image()).isEqualTo(IMAGE);
    assertThat(snapshot(database).setup().restartedAt()).isEqualTo(OPEN);
    await().until(() -> snapshot(database).operation().platformVersion() != null);
    feed.observed(healthy(database, platform.operate(database.id())));
    awaitOutcome(database, Outcome.SUCCEEDED);

    one.look().blockingAwait();
    other.look().blockingAwait();
    assertThat(snapshot(database).operation().running()).isFalse();
    newer = IMAGE.replace("16.9", "16.10");
    one.look().blockingAwait();
    await().until(() -> snapshot(database).operation().running());
    assertThat(snapshot(database).setup().image()).endsWith("16.10");
  }

  private Maintenance at(Instant now) {
    Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    Instances instances =
        new Instances(
            store.instances(),
            feed,
            feed::publish,
            Offer.standard(),
            new Deadlines(Duration.ofMinutes(1), Duration.ofMinutes(1)),
            new EndingWatch(feed),
            clock);
    return new Maintenance(
        cache,
        instance -> newer == null ? Maybe.empty() : Maybe.just(newer),
        instances,
        instance -> WINDOW,
        clock,
        Duration.ofMinutes(1));
  }
}
