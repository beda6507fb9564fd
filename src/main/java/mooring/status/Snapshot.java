package mooring.status;

import java.util.function.Function;
import mooring.core.Api;
import mooring.core.Instance;
import mooring.core.Lifecycle;
import mooring.core.Observation;
import mooring.core.Status;

/**
 * A database at one moment: what is wanted, what was seen, how it is doing. Immutable but for the
 * slots that keep each API's encoded form once somebody has asked for it.
 */
public final class Snapshot {
  private final Instance instance;
  private final Observation observation;
  private final Status status;
  private final Slots slots = new Slots();

  Snapshot(Instance instance, Observation observation) {
    this.instance = instance;
    this.observation = observation;
    this.status = Lifecycle.status(instance, observation);
  }

  /** What is wanted. */
  public Instance instance() {
    return instance;
  }

  /** What was last seen. */
  public Observation observation() {
    return observation;
  }

  /** How it is doing. */
  public Status status() {
    return status;
  }

  /** Its body in an API, encoded at the first call for that API. */
  public Encoded encoded(Api api, Function<Snapshot, Encoded> encoder) {
    return slots.get(api, () -> encoder.apply(this));
  }
}
