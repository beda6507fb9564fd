package mooring.status;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import mooring.core.Instance;

/** One tenant's databases in order; its listing is built at the first read after a change. */
final class TenantView {
  private static final Comparator<Instance> NEWEST_FIRST =
      Comparator.comparing(Instance::createdAt).reversed().thenComparing(Instance::id);

  private final ConcurrentSkipListMap<Instance, Snapshot> ordered =
      new ConcurrentSkipListMap<>(NEWEST_FIRST);
  private final AtomicLong changes = new AtomicLong();
  private volatile Listing listing = new Listing(0, List.of());

  void put(Snapshot snapshot) {
    // In place: a listing that is built meanwhile never lacks a database that is there.
    ordered.put(snapshot.instance(), snapshot);
    changes.incrementAndGet();
  }

  void remove(Instance instance) {
    if (ordered.remove(instance) != null) {
      changes.incrementAndGet();
    }
  }

  Listing listing() {
    // Read before the map: a change that comes in between makes the next read build again.
    long change = changes.get();
    Listing known = listing;
    if (known.change() != change) {
      known = new Listing(change, List.copyOf(ordered.values()));
      listing = known;
    }
    return known;
  }
}
