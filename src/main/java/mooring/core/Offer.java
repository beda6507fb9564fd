package mooring.core;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which engines and versions this installation can run; every API's version list is this table,
 * intersected with what that API documents.
 *
 * @param versions per offered engine, its versions from oldest to newest, never empty
 */
public record Offer(Map<Engine, List<String>> versions) {

  public Offer {
    versions = Map.copyOf(versions);
  }

  /** What is offered today; of PostgreSQL the majors that the embedded default also carries. */
  public static Offer standard() {
    return new Offer(
        Map.of(
            Engine.POSTGRESQL, List.of("14", "15", "16", "17", "18"),
            Engine.MYSQL, List.of("8.0", "8.4"),
            Engine.REDIS, List.of("7.0", "7.2"),
            Engine.MONGODB, List.of("6.0", "7.0")));
  }

  /** The offered engines, in a stable order. */
  public List<Engine> engines() {
    Set<Engine> offered = versions.keySet();
    return offered.stream().sorted(Comparator.naturalOrder()).toList();
  }

  /** The offered versions of an engine, oldest first; empty when the engine is not offered. */
  public List<String> versionsOf(Engine engine) {
    return versions.getOrDefault(engine, List.of());
  }

  /** The newest offered version of an engine. */
  public Optional<String> newest(Engine engine) {
    List<String> all = versionsOf(engine);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
  }
}
