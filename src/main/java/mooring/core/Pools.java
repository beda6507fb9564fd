package mooring.core;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The connection pools of a database.
 *
 * @param parameters PgBouncer's settings, for all of them
 * @param all in the order in which they were made
 */
public record Pools(Map<String, String> parameters, List<ConnectionPool> all) {

  /** None, as PgBouncer is by default. */
  public static final Pools NONE = new Pools(Map.of(), List.of());

  public Pools {
    parameters = Map.copyOf(parameters);
    all = List.copyOf(all);
  }

  /** With other settings. */
  public Pools withParameters(Map<String, String> changed) {
    return new Pools(changed, all);
  }

  /** A pool by its name. */
  public Optional<ConnectionPool> pool(String name) {
    return all.stream().filter(one -> one.name().equals(name)).findFirst();
  }
}
