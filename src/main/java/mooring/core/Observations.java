package mooring.core;

import java.util.Set;
import java.util.UUID;

/** What this replica last saw of the platform. */
public interface Observations {

  /** The last observation of a database; absent when nothing was seen of it. */
  Observation of(UUID instance);

  /** Whether all there is was seen once; before, what is not seen may be there all the same. */
  boolean whole();

  /** Addresses held by objects on the platform that no row of the store accounts for. */
  Set<Address> unaccountedAddresses();
}
