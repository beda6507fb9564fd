package mooring.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Gathers what is in the way of an upgrade, and what could not be looked at. */
final class UpgradeReport {
  private final String target;
  private final List<String> found = new ArrayList<>();
  private final List<Task.Code> codes = new ArrayList<>();
  private final List<String> unchecked = new ArrayList<>();

  UpgradeReport(String target) {
    this.target = target;
  }

  /** Something of the whole server is in the way. */
  void found(String code, String message) {
    found.add(message);
    codes.add(new Task.Code(code, null));
  }

  void unchecked(String what) {
    unchecked.add(what);
  }

  /** What the server says. */
  void add(ServerInventory.Inventory seen) {
    if (seen.restartPending()) {
      found("restart_pending", "a changed setting waits for a restart");
    }
    if (seen.prepared()) {
      found("prepared_transactions", "there are prepared transactions");
    }
    seen.databases().forEach(this::add);
  }

  private void add(ServerInventory.Within within) {
    if (!within.answered()) {
      unchecked("the extensions of the database " + within.database());
    }
    int major = Integer.parseInt(target);
    for (String extension : within.extensions()) {
      String where = extension + " of the database " + within.database();
      if (SuppliedExtensions.goneIn(extension, major)) {
        found.add("the extension " + where + " is not part of PostgreSQL " + target);
        codes.add(new Task.Code("extension_not_available", within.database()));
      } else if (!SuppliedExtensions.in(extension, major)) {
        unchecked("whether the image of " + target + " has the extension " + where);
      }
    }
  }

  /** What it all comes to. */
  Task task(UUID instance, Instant time) {
    String result =
        found.isEmpty()
            ? "Nothing was found to be in the way of an upgrade to " + target + "."
            : "In the way of an upgrade to " + target + ": " + String.join("; ", found) + ".";
    return new Task(
        UUID.randomUUID(),
        instance,
        time,
        found.isEmpty(),
        result + " Not checked: " + String.join("; ", unchecked) + ".",
        codes);
  }
}
