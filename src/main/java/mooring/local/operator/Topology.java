package mooring.local.operator;

import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The servers of a Cluster: one takes the writes, the others follow it. Their numbers follow from
 * how many there are to be: the primary's, and the smallest others.
 *
 * @param cluster its name
 * @param primary the number of the server that takes the writes
 * @param instances how many servers are wanted
 * @param ready the numbers of those that serve: the primary, and standbys that are up to date
 */
record Topology(String cluster, int primary, int instances, NavigableSet<Integer> ready) {

  /** Copies the set. */
  Topology {
    ready = Collections.unmodifiableNavigableSet(new TreeSet<>(ready));
  }

  static String name(String cluster, int number) {
    return cluster + "-" + number;
  }

  /** The numbers of all that are wanted. */
  NavigableSet<Integer> numbers() {
    NavigableSet<Integer> numbers = standbys();
    numbers.add(primary);
    return numbers;
  }

  /** The numbers of those that are to follow. */
  NavigableSet<Integer> standbys() {
    NavigableSet<Integer> numbers = new TreeSet<>();
    IntStream.iterate(1, number -> number + 1)
        .filter(number -> number != primary)
        .limit(instances - 1L)
        .forEach(numbers::add);
    return numbers;
  }

  /** Those of them that are up to date. */
  NavigableSet<Integer> readyStandbys() {
    NavigableSet<Integer> numbers = standbys();
    numbers.retainAll(ready);
    return numbers;
  }

  String primaryName() {
    return name(cluster, primary);
  }

  List<String> names() {
    return named(numbers());
  }

  List<String> readyNames() {
    return named(ready);
  }

  /** Those that are wanted and do not serve. */
  List<String> failedNames() {
    NavigableSet<Integer> failed = numbers();
    failed.removeAll(ready);
    return named(failed);
  }

  List<String> named(NavigableSet<Integer> numbers) {
    return numbers.stream().map(number -> name(cluster, number)).toList();
  }

  boolean isWhole() {
    return failedNames().isEmpty();
  }

  /** With the primary about to go down. */
  Topology withoutPrimary() {
    NavigableSet<Integer> others = new TreeSet<>(ready);
    others.remove(primary);
    return new Topology(cluster, primary, instances, others);
  }

  /** With all of them about to go down. */
  Topology withoutAll() {
    return new Topology(cluster, primary, instances, new TreeSet<>());
  }
}
