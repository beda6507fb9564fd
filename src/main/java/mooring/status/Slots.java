package mooring.status;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import mooring.core.Api;

/** One lazily filled place per API for an encoded form; reading it is one array access. */
final class Slots {
  private final AtomicReferenceArray<Encoded> slots =
      new AtomicReferenceArray<>(Api.values().length);

  // The index lives in this array only, never outside the process.
  @SuppressWarnings("EnumOrdinal")
  Encoded get(Api api, Supplier<Encoded> encoder) {
    Encoded known = slots.get(api.ordinal());
    if (known == null) {
      // Two racing readers encode the same bytes, so either may stay.
      known = encoder.get();
      slots.set(api.ordinal(), known);
    }
    return known;
  }
}
