package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which server of each Cluster takes the writes, and which follow it. The Cluster's status keeps
 * the choice for the next start of the operator; until then this is what counts, since what a watch
 * shows may be older.
 */
final class Topologies {
  private final Map<String, Integer> primaries = new ConcurrentHashMap<>();
  private final Map<String, Set<Integer>> following = new ConcurrentHashMap<>();
  private final Map<String, SynchronousStandbys> confirming = new ConcurrentHashMap<>();
  private final ServerProcesses processes;

  Topologies(ServerProcesses processes) {
    this.processes = processes;
  }

  /** Of a Cluster as it is asked for. */
  Topology of(GenericKubernetesResource cluster) {
    String name = cluster.getMetadata().getName();
    int primary = primaries.computeIfAbsent(name, key -> chosenBefore(cluster));
    return of(name, primary, new Fields(cluster).number(1, "spec", "instances"));
  }

  Topology of(ClusterSpec spec) {
    return of(spec.name(), primary(spec.name()), spec.instances());
  }

  /** The number of the server that takes the writes. */
  int primary(String cluster) {
    return primaries.getOrDefault(cluster, 1);
  }

  private Topology of(String cluster, int primary, int instances) {
    NavigableSet<Integer> ready = new TreeSet<>();
    Topology wanted = new Topology(cluster, primary, instances, ready);
    Set<Integer> follow = following.getOrDefault(cluster, Set.of());
    for (int number : wanted.numbers()) {
      if ((number == primary || follow.contains(number))
          && processes.isReady(Topology.name(cluster, number))) {
        ready.add(number);
      }
    }
    return new Topology(cluster, primary, instances, ready);
  }

  /** As the status says: the one that was to be the primary, become it or not. */
  private static int chosenBefore(GenericKubernetesResource cluster) {
    String name = cluster.getMetadata().getName();
    String chosen = new Fields(cluster).text(Topology.name(name, 1), "status", "targetPrimary");
    return Integer.parseInt(chosen.substring(chosen.lastIndexOf('-') + 1));
  }

  /**
   * A standby was chosen to be the primary. The others follow the one before: they count again when
   * they are seen to follow this one. Until this one is told who has to confirm, what was confirmed
   * was confirmed by whom the one before had asked.
   */
  void choose(String cluster, int number) {
    primaries.put(cluster, number);
    following.remove(cluster);
  }

  /** A standby is up to date. */
  void join(String cluster, int number) {
    boolean unused =
        following.computeIfAbsent(cluster, key -> ConcurrentHashMap.newKeySet()).add(number);
  }

  /** A standby is not, or not for long any more. */
  void leave(String cluster, int number) {
    Set<Integer> numbers = following.get(cluster);
    if (numbers != null) {
      numbers.remove(number);
    }
  }

  /** The primary was told who has to confirm. */
  void confirm(String cluster, SynchronousStandbys standbys) {
    confirming.put(cluster, standbys);
  }

  /** Who has to confirm what the primary commits. */
  SynchronousStandbys confirming(String cluster) {
    return confirming.getOrDefault(cluster, SynchronousStandbys.NONE);
  }

  /** The servers are stopped; who takes the writes stays. */
  void stopped(String cluster) {
    following.remove(cluster);
    confirming.remove(cluster);
  }

  /** The Cluster is gone. */
  void forget(String cluster) {
    stopped(cluster);
    primaries.remove(cluster);
  }
}
