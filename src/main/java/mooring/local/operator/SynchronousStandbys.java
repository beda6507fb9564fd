package mooring.local.operator;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The standbys that a commit waits for.
 *
 * @param method {@code any} or {@code first}, as in {@code synchronous_standby_names}
 * @param number how many of them have to confirm
 * @param names those that may; empty: a commit waits for none
 */
record SynchronousStandbys(String method, int number, List<String> names) {
  static final SynchronousStandbys NONE = new SynchronousStandbys("any", 0, List.of());

  /** Copies the list. */
  SynchronousStandbys {
    names = List.copyOf(names);
  }

  /**
   * What follows from what is asked for. Where durability is only preferred, standbys that do not
   * follow now are not waited for.
   */
  static SynchronousStandbys of(ClusterSpec spec, Topology topology) {
    Synchronous asked = spec.synchronous();
    List<String> names =
        topology.named(asked.required() ? topology.standbys() : topology.readyStandbys());
    int number = Math.min(asked.number(), names.size());
    return number == 0 ? NONE : new SynchronousStandbys(asked.method(), number, names);
  }

  /** The value of {@code synchronous_standby_names}. */
  String setting() {
    return names.isEmpty()
        ? ""
        : names.stream()
            .map(name -> '"' + name + '"')
            .collect(
                Collectors.joining(
                    ",", method.toUpperCase(Locale.ROOT) + " " + number + " (", ")"));
  }

  /** Whether the most advanced of some standbys certainly has all that was confirmed. */
  boolean allConfirmedIsIn(Collection<String> standbys) {
    long present = names.stream().filter(standbys::contains).count();
    return names.isEmpty() || present + number > names.size();
  }
}
