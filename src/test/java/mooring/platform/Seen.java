package mooring.platform;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import mooring.core.Observation;
import mooring.core.ObservationListener;

/** Remembers what a listener is told, in order. */
final class Seen implements ObservationListener {
  final List<Observation> all = new CopyOnWriteArrayList<>();
  volatile long synced = -1;
  volatile int toldBeforeSync = -1;

  @Override
  public void synced(long version) {
    toldBeforeSync = all.size();
    synced = version;
  }

  @Override
  public void observed(Observation observation) {
    all.add(observation);
  }

  List<Observation> of(UUID instance) {
    return all.stream().filter(seen -> seen.instance().equals(instance)).toList();
  }

  /** The last one of a database; absent at version 0 before any. */
  Observation last(UUID instance) {
    List<Observation> seen = of(instance);
    return seen.isEmpty() ? Observation.absent(instance, 0) : seen.get(seen.size() - 1);
  }
}
