package mooring.status;

import java.util.function.Supplier;
import mooring.core.Api;

/** What is encoded once per API, when it is first asked for. */
abstract sealed class Slots permits Snapshot, Listing {
  // Plain, because what they hold never changes and is reached through final fields: it is safe to
  // read however it was handed over. Two racing readers encode the same bytes, so either may stay.
  // One field each, not an array: that would be one more wait for memory in each poll.
  private Encoded cloudheed;
  private Encoded uncloud;
  private Encoded ionos;
  private Encoded exoscale;

  final Encoded slot(Api api, Supplier<Encoded> encoder) {
    Encoded known =
        switch (api) {
          case CLOUDHEED -> cloudheed;
          case UNCLOUD -> uncloud;
          case IONOS -> ionos;
          case EXOSCALE -> exoscale;
        };
    return known == null ? keep(api, encoder.get()) : known;
  }

  private Encoded keep(Api api, Encoded encoded) {
    switch (api) {
      case CLOUDHEED -> cloudheed = encoded;
      case UNCLOUD -> uncloud = encoded;
      case IONOS -> ionos = encoded;
      case EXOSCALE -> exoscale = encoded;
    }
    return encoded;
  }
}
