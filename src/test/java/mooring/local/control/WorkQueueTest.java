package mooring.local.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class WorkQueueTest {
  @Test
  void oneKeyIsHandledByOneThreadAtATimeAndNoChangeIsLost() throws InterruptedException {
    AtomicInteger handled = new AtomicInteger();
    AtomicInteger inside = new AtomicInteger();
    AtomicBoolean overlapped = new AtomicBoolean();
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (WorkQueue queue =
        new WorkQueue(
            key -> {
              overlapped.compareAndSet(false, inside.incrementAndGet() > 1);
              entered.countDown();
              awaitQuietly(goOn);
              inside.decrementAndGet();
              handled.incrementAndGet();
              return true;
            })) {
      queue.add("a");
      assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
      List.of("a", "a", "a").forEach(queue::add); // while the first is being handled
      goOn.countDown();

      Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> handled.get() == 2);
      Awaitility.await()
          .during(Duration.ofMillis(300))
          .atMost(Duration.ofSeconds(30))
          .until(() -> handled.get() == 2);
      assertThat(overlapped).isFalse();
    }
  }

  @Test
  void aFailureOfOneKeyIsTriedAgainAndHoldsUpNoOther() {
    Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    try (WorkQueue queue =
        new WorkQueue(
            key -> {
              int call = calls.computeIfAbsent(key, k -> new AtomicInteger()).incrementAndGet();
              if (key.equals("throws") && call == 1) {
                throw new IllegalStateException("the first time");
              }
              return !key.equals("not-done") || call == 2;
            })) {
      List.of("throws", "not-done", "fine").forEach(queue::add);

      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> {
                assertThat(calls.get("throws")).hasValue(2);
                assertThat(calls.get("not-done")).hasValue(2);
                assertThat(calls.get("fine")).hasValue(1);
              });
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
