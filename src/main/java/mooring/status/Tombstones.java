package mooring.status;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Which deleted databases are still remembered, oldest first, a bounded number. */
final class Tombstones {
  private static final int MAX = 20_000;
  private final Set<UUID> ids = new LinkedHashSet<>();

  /** Remembers one more; returns the one that is forgotten for it. */
  Optional<UUID> add(UUID id) {
    ids.add(id);
    if (ids.size() <= MAX) {
      return Optional.empty();
    }
    UUID oldest = ids.iterator().next();
    ids.remove(oldest);
    return Optional.of(oldest);
  }
}
