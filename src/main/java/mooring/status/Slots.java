package mooring.status;

import java.util.function.Supplier;
import mooring.core.Api;

/** What is encoded once per API, when it is first asked for. */
abstract sealed class Slots permits Snapshot, Listing {
  // Plain, because its elements are reached through final fields and never change: they are safe to
  // read however they were handed over. Two racing readers encode the same bytes, so either may
  // stay.
  private final Encoded[] slots = new Encoded[Api.values().length];

  // The index lives in this array only, never outside the process.
  @SuppressWarnings("EnumOrdinal")
  final Encoded slot(Api api, Supplier<Encoded> encoder) {
    Encoded known = slots[api.ordinal()];
    if (known == null) {
      known = encoder.get();
      slots[api.ordinal()] = known;
    }
    return known;
  }
}
