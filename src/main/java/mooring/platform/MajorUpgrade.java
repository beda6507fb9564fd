package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import mooring.core.Instance;
import mooring.core.Observation.Condition;
import mooring.core.Platform.Return;

/**
 * An upgrade in place. CloudNativePG does it when a Cluster asks for an image of another major
 * version, with a Job; when that fails, the servers are down until the image of before is asked for
 * again. Everything blocks.
 */
final class MajorUpgrade {
  private static final String CLUSTER = "cnpg.io/cluster";
  private static final String ROLE = "cnpg.io/jobRole";

  private final KubernetesClient client;
  private final PlatformSettings settings;
  private final OwnedObjects<GenericKubernetesResource> clusters;
  private final KubernetesBackups backups;

  MajorUpgrade(
      KubernetesClient client,
      PlatformSettings settings,
      OwnedObjects<GenericKubernetesResource> clusters,
      KubernetesBackups backups) {
    this.client = client;
    this.settings = settings;
    this.clusters = clusters;
    this.backups = backups;
  }

  /** The data are of the new version already. */
  private static final class UpgradedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Has nothing backed up daily until it is known of which version that would be. */
  void begin(Instance upgraded, Attempt attempt) {
    backups.schedule(Succession.stopped(upgraded.notUpgraded()), attempt);
  }

  /** Why its Job has failed; empty while it has not, or where nobody may look. */
  Optional<String> fault(Instance upgraded) {
    return jobs(upgraded).stream()
        .filter(job -> !job.isMarkedForDeletion() && job.getStatus() != null)
        .flatMap(job -> job.getStatus().getConditions().stream())
        .filter(
            condition ->
                "Failed".equals(condition.getType()) && "True".equals(condition.getStatus()))
        .findFirst()
        .map(MajorUpgrade::reason);
  }

  private List<Job> jobs(Instance upgraded) {
    String name = PostgresCluster.name(upgraded);
    try {
      return client
          .batch()
          .v1()
          .jobs()
          .inNamespace(settings.namespace())
          .withLabel(CLUSTER, name)
          .withLabel(ROLE, "major-upgrade")
          .list()
          .getItems();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        return List.of(); // a Role of before; then the deadline decides
      }
      throw ApiFailures.of("Job", name, e);
    }
  }

  private static String reason(JobCondition failed) {
    return Stream.of(failed.getMessage(), failed.getReason(), "its Job has failed")
        .filter(text -> text != null && !text.isBlank())
        .findFirst()
        .orElseThrow();
  }

  /** The first backup of the new version is made at once; whether those of before have ended. */
  boolean settle(Instance upgraded, Attempt attempt) {
    backups.schedule(upgraded, attempt);
    Instance before = upgraded.notUpgraded();
    return before.setup().retentionDays() == 0 || backups.end(before, attempt);
  }

  /** Brings the version before back, unless it is too late for that. */
  Return undo(Instance upgraded, Attempt attempt) {
    String name = PostgresCluster.name(upgraded);
    Instance before = upgraded.notUpgraded();
    if (clusters.find(name, upgraded.id()).isEmpty()) {
      return Return.DONE;
    }
    GenericKubernetesResource cluster;
    try {
      cluster = clusters.apply(name, there -> old(upgraded, before, there), attempt).after();
    } catch (UpgradedException e) {
      return Return.TOO_LATE;
    }
    backups.schedule(before, attempt);
    return serves(before, CloudNativePgReader.read(cluster)) ? Return.DONE : Return.UNDER_WAY;
  }

  private GenericKubernetesResource old(
      Instance upgraded, Instance before, GenericKubernetesResource there) {
    if (there == null) {
      throw new PlatformFailure("the Cluster has gone meanwhile");
    }
    if (upgraded.spec().version().equals(CloudNativePgReader.read(there).version())) {
      throw new UpgradedException();
    }
    // The very image that the data are of: the catalogue may have another by now, or none.
    return PostgresCluster.of(
        before, settings, there, there.get("status", "pgDataImageInfo", "image"));
  }

  private static boolean serves(Instance before, ClusterView seen) {
    return seen.condition() == Condition.HEALTHY
        && before.spec().version().equals(seen.version())
        && seen.readyInstances() >= before.spec().instances();
  }
}
