package mooring.core;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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

  /** With another pool, or in the place of the one with its number. */
  public Pools with(ConnectionPool pool) {
    boolean there = all.stream().anyMatch(one -> one.number() == pool.number());
    return new Pools(
        parameters,
        there
            ? all.stream().map(one -> one.number() == pool.number() ? pool : one).toList()
            : Stream.concat(all.stream(), Stream.of(pool)).toList());
  }

  /** Without a pool. */
  public Pools without(ConnectionPool pool) {
    return new Pools(parameters, all.stream().filter(one -> !one.equals(pool)).toList());
  }

  /** A pool by its name. */
  public Optional<ConnectionPool> pool(String name) {
    return all.stream().filter(one -> one.name().equals(name)).findFirst();
  }

  /** The names of those for which something holds. */
  public List<String> names(Predicate<ConnectionPool> which) {
    return all.stream().filter(which).map(ConnectionPool::name).toList();
  }

  /** Their numbers. */
  public Set<Integer> numbers() {
    return all.stream().map(ConnectionPool::number).collect(Collectors.toUnmodifiableSet());
  }

  /** The first number that none has. */
  int freeNumber() {
    Set<Integer> taken = numbers();
    return IntStream.iterate(1, number -> number + 1)
        .filter(number -> !taken.contains(number))
        .findFirst()
        .orElseThrow();
  }
}
