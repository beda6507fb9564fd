package mooring.status;

import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import mooring.core.Api;
import mooring.core.Instance;
import mooring.core.Lifecycle;
import mooring.core.Observation;
import mooring.core.Status;

/**
 * A database at one moment: what is wanted, what was seen, how it is doing. Immutable but for the
 * slots that keep each API's encoded form once somebody has asked for it.
 */
public final class Snapshot extends Slots {
  private final Instance instance;
  private final Observation observation;
  private final Status status;
  private final long tenantHigh;
  private final long tenantLow;
  private final boolean deleted;

  // Immutable itself, so that it is safe to read however it was handed over.
  private Joined joined;

  private record Joined(Object with, Encoded encoded) {}

  Snapshot(Instance instance, Observation observation) {
    this.instance = instance;
    this.observation = observation;
    this.status = Lifecycle.status(instance, observation);
    // Copied here, so that a poll need not look into the instance, which is far away in memory.
    this.tenantHigh = instance.tenant().getMostSignificantBits();
    this.tenantLow = instance.tenant().getLeastSignificantBits();
    this.deleted = instance.deleted();
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

  /** Whether a tenant owns it. */
  public boolean belongsTo(UUID tenant) {
    return tenantLow == tenant.getLeastSignificantBits()
        && tenantHigh == tenant.getMostSignificantBits();
  }

  /** Whether it is a tombstone. */
  public boolean deleted() {
    return deleted;
  }

  /**
   * Its body with something that comes and goes by itself, made anew when that is another. There is
   * one such body, in the API whose services show their backups.
   */
  public Encoded joined(Object with, Supplier<Encoded> encoder) {
    Joined known = joined;
    if (known == null || !known.with.equals(with)) {
      known = new Joined(with, encoder.get());
      joined = known;
    }
    return known.encoded;
  }

  /** Its body in an API, encoded at the first call for that API. */
  public Encoded encoded(Api api, Function<Snapshot, Encoded> encoder) {
    return slot(api, () -> encoder.apply(this));
  }
}
