package mooring.core;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Which major versions of PostgreSQL a database can be upgraded to in place. */
public final class Upgrades {
  /** CloudNativePG refuses others. */
  private static final int LEAST = 16;

  private final Offer offer;
  private final Supplier<Set<String>> images;

  /**
   * @param images the versions that the platform has an image of, from memory
   */
  public Upgrades(Offer offer, Supplier<Set<String>> images) {
    this.offer = offer;
    this.images = images;
  }

  /** The versions that data can be upgraded to, oldest first; empty where there are none. */
  public List<String> of(InstanceSpec spec) {
    if (spec.engine() != Engine.POSTGRESQL) {
      return List.of();
    }
    int now = Integer.parseInt(spec.version());
    Set<String> there = images.get();
    return offer.versionsOf(spec.engine()).stream()
        .filter(there::contains)
        .filter(version -> Integer.parseInt(version) >= Math.max(LEAST, now + 1))
        .toList();
  }
}
