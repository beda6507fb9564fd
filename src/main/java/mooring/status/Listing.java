package mooring.status;

import java.util.List;
import java.util.function.Function;
import mooring.core.Api;

/** A tenant's databases at one moment, newest first, with each API's encoded list. */
public final class Listing extends Slots {
  private final long change;
  private final List<Snapshot> snapshots;

  Listing(long change, List<Snapshot> snapshots) {
    this.change = change;
    this.snapshots = List.copyOf(snapshots);
  }

  /** The databases, newest first. */
  public List<Snapshot> snapshots() {
    return snapshots;
  }

  /** The whole list's body in an API, joined at the first call for that API. */
  public Encoded encoded(Api api, Function<Listing, Encoded> encoder) {
    return slot(api, () -> encoder.apply(this));
  }

  long change() {
    return change;
  }
}
