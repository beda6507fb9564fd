package mooring.work;

import io.reactivex.rxjava3.disposables.Disposable;
import java.time.Duration;

/**
 * When the next step of a job is due. Not thread-safe: the runner's thread hands it to one step at
 * a time and gets it back with the step's outcome.
 */
abstract class Turn {
  private static final Duration FIRST_WAIT = Duration.ofMillis(200);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  private boolean underWay;
  private boolean again;
  private String lastFault;
  private Duration wait = FIRST_WAIT;
  private Disposable timer = Disposable.disposed();

  /** What the job is known by among those of its kind. */
  abstract Object key();

  /** How long to wait before the next look, when nothing tells of a change before. */
  Duration pause(Duration usual) {
    return usual;
  }

  /** Marks a step as begun; false when one is under way, which is then followed by another. */
  boolean begin() {
    if (underWay) {
      again = true;
      return false;
    }
    underWay = true;
    again = false;
    return true;
  }

  /** Marks the step as done; true when another was asked for meanwhile. */
  boolean finish() {
    underWay = false;
    return again;
  }

  /** What went wrong last, for the reason of an operation that ends by its deadline. */
  String lastFault() {
    return lastFault;
  }

  void fault(String message) {
    lastFault = message;
  }

  void calm() {
    lastFault = null;
    wait = FIRST_WAIT;
  }

  /** Replaces what wakes it up by itself. */
  void timer(Disposable next) {
    timer.dispose();
    timer = next;
  }

  /** How long to wait before the next try; doubles up to a limit. */
  Duration backOff() {
    Duration now = wait;
    Duration doubled = wait.multipliedBy(2);
    wait = doubled.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : doubled;
    return now;
  }
}
