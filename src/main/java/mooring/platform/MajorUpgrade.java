package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.stream.Stream;
import mooring.core.Instance;
import mooring.core.Observation.Condition;
import mooring.core.Platform.Return;
import mooring.core.PlatformRefusedException;

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

  /**
   * Hibernates the servers of before; whether they are down. While one runs, the archive must stay
   * the one it is: CloudNativePG archives under the name that the Cluster has at that time, so a
   * new name would take from the former archive what is written last.
   */
  boolean quiesce(Instance upgraded, Attempt attempt) {
    String name = PostgresCluster.name(upgraded);
    GenericKubernetesResource there =
        clusters
            .find(name, upgraded.id())
            .orElseThrow(() -> new PlatformRefusedException("the Cluster has gone"));
    if (asksFor(upgraded, there)) {
      return true;
    }
    begin(upgraded, attempt);
    Instance before = Succession.stopped(upgraded.notUpgraded());
    GenericKubernetesResource cluster =
        clusters
            .apply(name, now -> PostgresCluster.of(before, settings, present(now)), attempt)
            .after();
    return CloudNativePgReader.read(cluster).condition() == Condition.STOPPED;
  }

  private static boolean asksFor(Instance upgraded, GenericKubernetesResource cluster) {
    String image = cluster.get("spec", "imageName");
    Object catalogued = cluster.get("spec", "imageCatalogRef", "major");
    String major = image == null ? String.valueOf(catalogued) : Images.major(image);
    return upgraded.spec().version().equals(major);
  }

  /** Has nothing backed up daily until it is known of which version that would be. */
  void begin(Instance upgraded, Attempt attempt) {
    Optional<GenericKubernetesResource> there =
        clusters.find(PostgresCluster.name(upgraded), upgraded.id());
    if (there.filter(cluster -> isOf(upgraded, cluster)).isEmpty()) {
      backups.schedule(Succession.stopped(upgraded.notUpgraded()), attempt);
    }
  }

  /** Why its Job has failed; empty while it has not, or where nobody may look. */
  Optional<String> fault(Instance upgraded) {
    try {
      return jobs(upgraded)
          .flatMap(job -> condition(job, "Failed").stream())
          .findFirst()
          .map(MajorUpgrade::reason);
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        return Optional.empty(); // a Role of before; then the deadline decides
      }
      throw ApiFailures.of("Job", PostgresCluster.name(upgraded), e);
    }
  }

  /**
   * Whether a Job changes data right now, or has and CloudNativePG has not told. A revert then
   * would have it killed between two moves of files, or data be taken for those of before.
   */
  private boolean upgrading(Instance upgraded) {
    try {
      return jobs(upgraded)
          .filter(job -> condition(job, "Failed").isEmpty())
          .anyMatch(job -> condition(job, "Complete").isPresent() || works(job));
    } catch (KubernetesClientException e) {
      throw ApiFailures.of("Job", PostgresCluster.name(upgraded), e);
    }
  }

  private static boolean works(Job job) {
    Integer ready = job.getStatus().getReady();
    Integer succeeded = job.getStatus().getSucceeded();
    return (ready != null && ready > 0) || (succeeded != null && succeeded > 0);
  }

  private static Optional<JobCondition> condition(Job job, String type) {
    return job.getStatus().getConditions().stream()
        .filter(
            condition -> type.equals(condition.getType()) && "True".equals(condition.getStatus()))
        .findFirst();
  }

  private Stream<Job> jobs(Instance upgraded) {
    String name = PostgresCluster.name(upgraded);
    return client
        .batch()
        .v1()
        .jobs()
        .inNamespace(settings.namespace())
        .withLabel(CLUSTER, name)
        .withLabel(ROLE, "major-upgrade")
        .list()
        .getItems()
        .stream()
        .filter(job -> !job.isMarkedForDeletion() && job.getStatus() != null);
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
    if (upgrading(upgraded)) {
      return Return.UPGRADING;
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
    if (isOf(upgraded, present(there))) {
      throw new UpgradedException();
    }
    // The very image that the data are of: the catalogue may have another by now, or none.
    return PostgresCluster.of(
        before, settings, there, there.get("status", "pgDataImageInfo", "image"));
  }

  private static boolean isOf(Instance upgraded, GenericKubernetesResource cluster) {
    return upgraded.spec().version().equals(CloudNativePgReader.read(cluster).version());
  }

  private static GenericKubernetesResource present(GenericKubernetesResource cluster) {
    if (cluster == null) {
      throw new PlatformFailure("the Cluster has gone meanwhile");
    }
    return cluster;
  }

  private static boolean serves(Instance before, ClusterView seen) {
    return seen.condition() == Condition.HEALTHY
        && before.spec().version().equals(seen.version())
        && seen.readyInstances() >= before.spec().instances();
  }
}
