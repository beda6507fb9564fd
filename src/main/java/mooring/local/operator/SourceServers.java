package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import mooring.local.postgres.PostgresException;
import mooring.local.postgres.WalArchive;

/** Has the servers here archive what they have committed, for recoveries up to now. */
final class SourceServers implements Recoveries.Source {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final long LOOK_AGAIN_MILLIS = 50;

  private final KubernetesView view;
  private final ServerFleet fleet;
  private final Stores stores;

  SourceServers(KubernetesView view, ServerFleet fleet, Stores stores) {
    this.view = view;
    this.fleet = fleet;
    this.stores = stores;
  }

  @Override
  public boolean flush(ArchiveTarget archive, int major) {
    Optional<GenericKubernetesResource> source =
        view.clusterNames().stream()
            .map(view::cluster)
            .filter(Objects::nonNull)
            .filter(cluster -> !cluster.isMarkedForDeletion() && archive.isOf(cluster))
            .findFirst();
    return source.isPresent() && flush(source.get(), archive, major);
  }

  private boolean flush(GenericKubernetesResource cluster, ArchiveTarget archive, int major) {
    ClusterSpec spec = ClusterSpec.of(cluster);
    if (!fleet.files(spec.name()).data().major().equals(OptionalInt.of(major))) {
      return false; // what it commits now goes elsewhere
    }
    if (spec.hibernated() && !fleet.isRunning(spec.name())) {
      return fleet.files(spec.name()).isArchived();
    }
    flush(spec.name(), stores.of(archive).wal(major)); // fails while it is down
    return true;
  }

  private void flush(String cluster, WalArchive archive) {
    String segment;
    try (Administration session = fleet.connect(cluster, Administration::open)) {
      segment = session.endSegment();
    }
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!archive.holds(segment)) {
      if (System.nanoTime() > deadline) {
        throw new PostgresException("the source's log is not archived after " + LIMIT);
      }
      try {
        Thread.sleep(LOOK_AGAIN_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new PostgresException("interrupted while log is archived", e);
      }
    }
  }
}
