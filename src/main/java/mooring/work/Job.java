package mooring.work;

import java.time.Duration;
import mooring.core.Administered;
import mooring.core.Applied;
import mooring.core.Fence;
import mooring.core.Instance;
import mooring.core.Operation;
import mooring.core.OperationKind;
import mooring.core.OperationStore;

/** An operation that this replica holds. */
final class Job extends Turn {
  /** Somebody waits for the end of a reset. */
  private static final Duration AWAITED_PAUSE = Duration.ofSeconds(1);

  /** Nobody tells of what is within the servers; it is done soon, mostly. */
  private static final Duration UNTOLD_PAUSE = Duration.ofMillis(250);

  private static final int SOON = 40;

  private final OriginMark origin = new OriginMark();
  private final Patience unquiet = new Patience();
  private final Patience broken = new Patience();
  private final Patience unsettled = new Patience();
  private final Patience unasked = new Patience();
  private final Patience unshown = new Patience();
  private final Patience unlooked = new Patience();
  private String undoing;
  private Operation.Cause cause;
  private Instance instance;
  private boolean remade;
  private boolean applied;
  private Applied changing;
  private boolean stepped;
  private Administered found;
  private int looks;
  private int said;
  private String refusal;

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

  /** Whether its operation is of such a kind. */
  boolean is(OperationKind kind) {
    return operation().kind() == kind;
  }

  /** Leave for this attempt to change the platform. */
  Fence fence(OperationStore operations) {
    Operation held = operation();
    return () -> operations.fence(held.id(), held.attempt());
  }

  /** Whether what is new is to have within what its source has. */
  boolean copiesContents() {
    return is(OperationKind.CREATE) && !instance.contents().isEmpty();
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

  /** What was found of what is within; what was refused before the first look may be over. */
  void seen(Administered now) {
    looks++;
    boolean news = found != null && now.version() > found.version();
    found = news || found == null || now.done() ? now : found;
    if (news) {
      refusal = now.refusal();
    }
  }

  /** Whether all that was asked for within was found there by whoever holds it now. */
  boolean made() {
    return found != null && found.done();
  }

  /** Whether what was asked for within was taken away by whoever holds it now. */
  boolean remade() {
    return remade;
  }

  /** What was asked for within has been taken away, and is to be made once more. */
  void remake() {
    remade = true;
    found = null;
  }

  /** Why the servers refuse what is asked for; null when they do not. */
  String refusal() {
    return refusal;
  }

  /** Why something within is not there that is asked for, at the last look; null for no reason. */
  String missing() {
    return found == null || found.done() ? null : found.refusal();
  }

  /** How far it is with the archive that it is recovered from. */
  OriginMark origin() {
    return origin;
  }

  /** Why a restore in place is being undone; null while it is not. */
  String undoing() {
    return undoing;
  }

  /** On whose account it is. */
  Operation.Cause cause() {
    return cause;
  }

  void undoing(String reason, Operation.Cause why) {
    undoing = reason;
    cause = why;
  }

  /** With servers that are to be replaced and do not go down. */
  Patience unquiet() {
    return unquiet;
  }

  /** With a platform that says that an upgrade is of no use. */
  Patience broken() {
    return broken;
  }

  /** With a server that is to say itself how it stands, and does not answer. */
  Patience unasked() {
    return unasked;
  }

  /** With a platform that does not show what was applied to it. */
  Patience unshown() {
    return unshown;
  }

  /** With a platform that has not been seen whole. */
  Patience unlooked() {
    return unlooked;
  }

  /** How often in a row a server has said of itself what it is asked to be. */
  int said(boolean real) {
    said = real ? said + 1 : 0;
    return said;
  }

  /** With an upgrade's servers that do not come up again. */
  Patience unsettled() {
    return unsettled;
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
    Duration own =
        switch (operation().kind()) {
          case RESET_PASSWORD -> AWAITED_PAUSE;
          case ADMINISTER, MIGRATE, STOP_MIGRATION -> untold();
          case CREATE -> looks > 0 ? untold() : usual;
          default -> usual;
        };
    return usual.compareTo(own) > 0 ? own : usual;
  }

  private Duration untold() {
    return looks < SOON ? UNTOLD_PAUSE : AWAITED_PAUSE;
  }
}
