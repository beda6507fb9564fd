package mooring.work;

import java.time.Duration;
import mooring.core.Applied;
import mooring.core.Instance;
import mooring.core.Operation;
import mooring.core.OperationKind;

/** An operation that this replica holds. */
final class Job extends Turn {
  /** Somebody waits for the end of a reset. */
  private static final Duration AWAITED_PAUSE = Duration.ofSeconds(1);

  private final OriginMark origin = new OriginMark();
  private final Patience unquiet = new Patience();
  private String undoing;
  private Instance instance;
  private boolean applied;
  private Applied changing;
  private boolean stepped;

  Job(Instance claimed) {
    this.instance = claimed;
  }

  @Override
  Object key() {
    return operation().id();
  }

  Instance instance() {
    return instance;
  }

  Operation operation() {
    return instance.operation();
  }

  /** True once, before the first step of whoever holds it now. */
  boolean firstStep() {
    boolean first = !stepped;
    stepped = true;
    return first;
  }

  /** The first apply that changed something counts, if a later one had to repeat it. */
  Applied first(Applied now) {
    if (changing == null && now.changed()) {
      changing = now;
    }
    return changing == null ? now : changing;
  }

  /** How far it is with the archive that it is recovered from. */
  OriginMark origin() {
    return origin;
  }

  /** Why a restore in place is being undone; null while it is not. */
  String undoing() {
    return undoing;
  }

  void undoing(String reason) {
    undoing = reason;
  }

  /** With servers that are to be replaced and do not go down. */
  Patience unquiet() {
    return unquiet;
  }

  boolean applied() {
    return applied;
  }

  void applied(Instance recorded) {
    instance = recorded;
    applied = true;
    calm();
  }

  @Override
  Duration pause(Duration usual) {
    boolean awaited = operation().kind() == OperationKind.RESET_PASSWORD;
    return awaited && usual.compareTo(AWAITED_PAUSE) > 0 ? AWAITED_PAUSE : usual;
  }
}
