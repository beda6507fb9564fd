package mooring.core;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows down who guesses passwords: from the fifth failure in a row on, an email address has to
 * wait, twice as long each time. It makes no difference whether an account has that address. Each
 * replica counts for itself, and only so many addresses at a time.
 */
final class LoginThrottle {
  private static final int FREE = 5;
  private static final int MAX_DOUBLINGS = 6;
  private static final int REMEMBERED = 10_000;
  private static final Duration FORGOTTEN = Duration.ofMinutes(15);

  private record Failures(int count, Instant last) {}

  private final Clock clock;
  private final Map<String, Failures> byEmail =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
          return size() > REMEMBERED;
        }
      };

  LoginThrottle(Clock clock) {
    this.clock = clock;
  }

  /**
   * Counts an attempt as failed until it succeeds; {@link Problem.TooOften} when it has to wait.
   */
  synchronized void attempt(String email) {
    Instant now = clock.instant();
    Failures known = byEmail.get(email);
    if (known == null || known.last.plus(FORGOTTEN).isBefore(now)) {
      known = new Failures(0, now);
    }
    if (known.count >= FREE) {
      Instant next = known.last.plusSeconds(1L << Math.min(known.count - FREE, MAX_DOUBLINGS));
      if (now.isBefore(next)) {
        int wait = (int) Duration.between(now, next).toSeconds() + 1;
        throw new ProblemException(
            new Problem.TooOften("too many failed logins; try again later", wait));
      }
    }
    byEmail.put(email, new Failures(known.count + 1, now));
  }

  /** An attempt that nobody could judge does not count. */
  synchronized void withdrawn(String email) {
    byEmail.computeIfPresent(
        email, (known, failures) -> new Failures(Math.max(0, failures.count - 1), failures.last));
  }

  synchronized void succeeded(String email) {
    byEmail.remove(email);
  }
}
