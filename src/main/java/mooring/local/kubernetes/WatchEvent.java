package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a watch is told.
 *
 * @param type {@code ADDED}, {@code MODIFIED} or {@code DELETED}
 */
record WatchEvent(String type, Stored object) {

  /** The change as a watch with this selector sees it: what stops matching is gone for it. */
  static Optional<WatchEvent> of(Change change, Predicate<Stored> selector) {
    boolean before = change.before() != null && selector.test(change.before());
    boolean after = !change.removed() && selector.test(change.after());
    if (!before && !after) {
      return Optional.empty();
    }
    if (!after) {
      return Optional.of(new WatchEvent("DELETED", lastSeen(change)));
    }
    return Optional.of(new WatchEvent(before ? "MODIFIED" : "ADDED", change.after()));
  }

  /** An object that stops matching is shown as it matched last, at the version of the change. */
  private static Stored lastSeen(Change change) {
    if (change.removed()) {
      return change.after();
    }
    ObjectNode json = change.before().copy();
    return Stored.of(change.key(), change.version(), json);
  }
}
