package mooring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class PartTest {
  private final Part<AutoCloseable> part = new Part<>("part");
  private final AtomicInteger closed = new AtomicInteger();

  @Test
  void closesWhatHasStarted() throws Exception {
    part.start(() -> closed::incrementAndGet).close();
    assertThat(closed).hasValue(1);
    part.close();
    assertThat(closed).hasValue(2);
  }

  @Test
  void interruptsAStartAndClosesWhatComesOfItAllTheSame() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    part.begin(
        () -> {
          begun.countDown();
          while (!Thread.currentThread().isInterrupted()) {
            LockSupport.park();
          }
          return closed::incrementAndGet;
        });
    begun.await();
    part.close();
    assertThat(closed).hasValue(1);
  }

  @Test
  void startsNothingOnceClosed() {
    AtomicInteger started = new AtomicInteger();
    part.close();
    assertThatThrownBy(
            () ->
                part.start(
                    () -> {
                      started.incrementAndGet();
                      return closed::incrementAndGet;
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(started).hasValue(0);
  }

  @Test
  void tellsWhyAStartFailedAndGoesOnWhenAStopFails() {
    assertThatThrownBy(
            () ->
                part.start(
                    () -> {
                      throw new SettingsException("MOORING_X");
                    }))
        .isInstanceOf(SettingsException.class);
    Part<AutoCloseable> other = new Part<>("other");
    AtomicInteger asked = new AtomicInteger();
    other.start(
        () ->
            () -> {
              asked.incrementAndGet();
              throw new IllegalStateException("does not stop");
            });
    other.close();
    assertThat(asked).hasValue(1);
  }
}
