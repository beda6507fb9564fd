package mooring.core;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
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

  /** What tells one pool's settings from others, by the pool's number. */
  public Map<Integer, String> digests() {
    return all.stream().collect(Collectors.toUnmodifiableMap(ConnectionPool::number, this::digest));
  }

  /** What tells a pool's settings from others; it is the same in every process. */
  public String digest(ConnectionPool pool) {
    List<String> asked =
        List.of(
            pool.database(),
            pool.role(),
            pool.mode().word(),
            Integer.toString(pool.size()),
            new TreeMap<>(parameters).toString());
    UUID digest = UUID.nameUUIDFromBytes(String.join("\0", asked).getBytes(StandardCharsets.UTF_8));
    return digest.toString();
  }

  /** The first number that none has. */
  int freeNumber() {
    Set<Integer> taken = digests().keySet();
    return IntStream.iterate(1, number -> number + 1)
        .filter(number -> !taken.contains(number))
        .findFirst()
        .orElseThrow();
  }
}
