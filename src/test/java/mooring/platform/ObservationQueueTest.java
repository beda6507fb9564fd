package mooring.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import mooring.core.Address;
import mooring.core.Observation;
import mooring.core.Observation.Condition;
import mooring.core.ObservationListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ObservationQueueTest {
  private static final Address HELD = new Address("10.1.2.3", 5432);
  private static final UUID A = new UUID(0, 1);
  private static final UUID B = new UUID(0, 2);

  private final Seen seen = new Seen();
  private final Map<UUID, ServiceView> services = new ConcurrentHashMap<>();
  private ObservationQueue queue = new ObservationQueue(seen, this::read);

  @AfterEach
  void close() {
    queue.close();
  }

  @Test
  void isSilentUntilEverythingCanBeShown() {
    has(A, 3);
    queue.changed(A);
    has(B, 4);
    sync(4);

    assertThat(seen.all).extracting(Observation::instance).containsExactlyInAnyOrder(A, B);
    assertThat(seen.toldBeforeSync).isEqualTo(2);
    assertThat(seen.synced).isEqualTo(4);
  }

  @Test
  void tellsNothingTwice() {
    has(A, 3);
    sync(3);
    queue.changed(A);
    has(B, 5);
    queue.changed(B);

    await().untilAsserted(() -> assertThat(seen.of(B)).hasSize(1));
    assertThat(seen.of(A)).hasSize(1);
  }

  @Test
  void neverGoesBackToAnOlderVersion() {
    has(A, 3);
    sync(3);
    queue.removed(A, 9);
    await().untilAsserted(() -> assertThat(seen.last(A).version()).isEqualTo(9));

    has(A, 7);
    queue.changed(A);
    has(B, 10);
    queue.changed(B);
    await().untilAsserted(() -> assertThat(seen.of(B)).hasSize(1));

    assertThat(seen.last(A).version()).isEqualTo(9);
  }

  @Test
  void changesThatPileUpBecomeOne() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    queue.close();
    queue =
        new ObservationQueue(
            new ObservationListener() {
              @Override
              public void synced(long version) {
                busy.countDown();
                await().atMost(Duration.ofSeconds(10)).until(() -> go.getCount() == 0);
              }

              @Override
              public void observed(Observation observation) {
                seen.observed(observation);
              }
            },
            this::served);
    queue.synced(() -> services.keySet().stream(), () -> 1);
    busy.await();
    for (int version = 2; version < 1_000; version++) {
      has(A, version);
      queue.changed(A);
    }
    has(B, 1_000);
    queue.changed(B);
    go.countDown();

    await().untilAsserted(() -> assertThat(seen.of(B)).hasSize(1));
    assertThat(seen.all).extracting(Observation::version).isEqualTo(List.of(999L, 1_000L));
  }

  @Test
  void aListenerThatThrowsDoesNotSilenceTheRest() {
    queue.close();
    queue =
        new ObservationQueue(
            new ObservationListener() {
              @Override
              public void synced(long version) {
                seen.synced(version);
              }

              @Override
              public void observed(Observation observation) {
                if (observation.instance().equals(A)) {
                  throw new IllegalStateException("cannot take this one");
                }
                seen.observed(observation);
              }
            },
            this::read);
    has(A, 1);
    has(B, 2);
    sync(2);

    assertThat(seen.all).extracting(Observation::instance).containsExactly(B);
  }

  @Test
  void aServiceDoesNotTellSinceWhenServersAreMissing() {
    sync(3);
    // Written after its servers, which are watched at another pace.
    has(A, 9);
    queue.changed(A);
    await().untilAsserted(() -> assertThat(seen.of(A)).hasSize(1));
    assertThat(seen.last(A).condition()).isEqualTo(Condition.ABSENT);
    assertThat(seen.last(A).version()).isEqualTo(3);
    queue.removed(A, 12);
    await().untilAsserted(() -> assertThat(seen.last(A).version()).isEqualTo(12));
  }

  @Test
  void aServiceLeftBehindStillHoldsItsHost() {
    has(A, 3);
    sync(3);

    assertThat(seen.last(A).condition()).isEqualTo(Condition.ABSENT);
    assertThat(seen.last(A).facts().address()).isEqualTo(HELD);
    assertThat(seen.last(A).facts().addressReady()).isFalse();
  }

  private void sync(long version) {
    queue.synced(() -> services.keySet().stream(), () -> version);
    await().until(() -> seen.synced == version);
  }

  private void has(UUID instance, long version) {
    services.put(instance, new ServiceView(true, HELD, version));
  }

  private Observation read(UUID instance, long floor) {
    return ObservationReader.combine(instance, null, services.get(instance), null, floor);
  }

  /** With servers of the version of the Service. */
  private Observation served(UUID instance, long floor) {
    long version = services.get(instance).resourceVersion();
    ClusterView servers =
        new ClusterView(Condition.HEALTHY, null, "16", 1, 1, 1, 1, 1, true, 0, version);
    return ObservationReader.combine(instance, servers, services.get(instance), null, floor);
  }
}
