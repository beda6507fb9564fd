package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes data when, and only when, its Cluster object is deleted. A finalizer keeps the object
 * until that is done.
 */
final class Retirement {
  static final String FINALIZER = "mooring.local/postgres-data";
  private static final Logger log = LoggerFactory.getLogger(Retirement.class);

  private final KubernetesClient client;
  private final OperatorConfig config;
  private final ServerFleet fleet;

  Retirement(KubernetesClient client, OperatorConfig config, ServerFleet fleet) {
    this.client = client;
    this.config = config;
    this.fleet = fleet;
  }

  /**
   * Puts the finalizer on; nothing is made for a Cluster before that.
   *
   * @return false when the Cluster is gone
   */
  boolean prepare(GenericKubernetesResource cluster) {
    if (cluster.getFinalizers().contains(FINALIZER)) {
      return true;
    }
    List<String> finalizers = new ArrayList<>(cluster.getFinalizers());
    finalizers.add(FINALIZER);
    return patchFinalizers(cluster, finalizers);
  }

  /** Stops the server, removes its files, and lets the object go. */
  void finish(GenericKubernetesResource cluster) {
    String name = cluster.getMetadata().getName();
    if (!cluster.getFinalizers().contains(FINALIZER)) {
      return; // ours is done; others' may be left
    }
    fleet.stop(name);
    InstanceFiles files = InstanceFiles.of(config, name);
    if (files.belongsTo(cluster.getMetadata().getUid())) {
      files.delete();
      log.atInfo().addKeyValue("cluster", name).log("Database removed with its data");
    } else if (files.exist()) {
      log.atWarn()
          .addKeyValue("cluster", name)
          .log("Files of another Cluster of the same name are left alone");
    }
    List<String> finalizers = new ArrayList<>(cluster.getFinalizers());
    finalizers.remove(FINALIZER);
    if (!patchFinalizers(cluster, finalizers)) {
      log.atDebug().addKeyValue("cluster", name).log("It was gone already");
    }
  }

  /** Conditional on the version seen, since the list is replaced whole; false when gone. */
  private boolean patchFinalizers(GenericKubernetesResource cluster, List<String> finalizers) {
    var metadata = cluster.getMetadata();
    Map<String, Object> change =
        Map.of("resourceVersion", metadata.getResourceVersion(), "finalizers", finalizers);
    try {
      client
          .genericKubernetesResources(CustomResources.CLUSTERS)
          .inNamespace(metadata.getNamespace())
          .withName(metadata.getName())
          .patch(
              PatchContext.of(PatchType.JSON_MERGE),
              Serialization.asJson(Map.of("metadata", change)));
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }
}
