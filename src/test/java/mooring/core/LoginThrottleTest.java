package mooring.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class LoginThrottleTest {
  private static final String EMAIL = "a@mooring.invalid";

  private Instant now = Instant.parse("2030-01-01T12:00:00Z");
  private final InstantSource time = () -> now;
  private final LoginThrottle throttle = new LoginThrottle(time.withZone(ZoneOffset.UTC));

  @Test
  void fromTheFifthFailureOnItWaitsLongerAndLonger() {
    for (int i = 0; i < 5; i++) {
      throttle.attempt(EMAIL);
    }
    assertThat(waits()).isEqualTo(2);
    now = now.plusSeconds(1);
    throttle.attempt(EMAIL);
    now = now.plusSeconds(1);
    assertThat(waits()).isEqualTo(2);
    now = now.plusSeconds(1);
    throttle.attempt(EMAIL);
    assertThat(waits()).isEqualTo(5);
    assertThatCode(() -> throttle.attempt("b@mooring.invalid")).doesNotThrowAnyException();
  }

  @Test
  void itNeverWaitsLongerThanAboutAMinuteAndForgets() {
    for (int i = 0; i < 20; i++) {
      throttle.attempt(EMAIL);
      now = now.plusSeconds(64);
    }
    throttle.attempt(EMAIL);
    assertThat(waits()).isEqualTo(65);
    now = now.plusSeconds(901);
    throttle.attempt(EMAIL);
    throttle.attempt(EMAIL);
  }

  @Test
  void aSuccessEndsIt() {
    for (int i = 0; i < 5; i++) {
      throttle.attempt(EMAIL);
    }
    throttle.succeeded(EMAIL);
    assertThatCode(() -> throttle.attempt(EMAIL)).doesNotThrowAnyException();
  }

  private int waits() {
    Throwable refused = catchThrowable(() -> throttle.attempt(EMAIL));
    assertThat(refused).isInstanceOf(ProblemException.class);
    return ((Problem.TooOften) ((ProblemException) refused).problem()).retryAfterSeconds();
  }
}
