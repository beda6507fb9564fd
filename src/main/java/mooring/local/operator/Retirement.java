package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes data when, and only when, its Cluster object is deleted. A finalizer keeps the object
 * until that is done.
 */
final class Retirement {
  static final String FINALIZER = "mooring.local/postgres-data";
  private static final Logger log = LoggerFactory.getLogger(Retirement.class);

  private final Finalizer finalizer;
  private final OperatorConfig config;
  private final ServerFleet fleet;

  Retirement(KubernetesClient client, OperatorConfig config, ServerFleet fleet) {
    finalizer = new Finalizer(client, CustomResources.CLUSTERS, FINALIZER);
    this.config = config;
    this.fleet = fleet;
  }

  /** Whether the finalizer is on; nothing is made for a Cluster before that. */
  boolean isPrepared(GenericKubernetesResource cluster) {
    return finalizer.isOn(cluster);
  }

  /** Puts the finalizer on. */
  void prepare(GenericKubernetesResource cluster) {
    if (!finalizer.put(cluster)) {
      log.atDebug().addKeyValue("cluster", cluster.getMetadata().getName()).log("It is gone");
    }
  }

  /** Stops the server, removes its files, and lets the object go. */
  void finish(GenericKubernetesResource cluster) {
    String name = cluster.getMetadata().getName();
    if (!isPrepared(cluster)) {
      return; // ours is done; others' may be left
    }
    fleet.stop(name);
    for (InstanceFiles files : InstanceFiles.all(config, name)) {
      if (files.belongsTo(cluster.getMetadata().getUid())) {
        files.delete();
        log.atInfo().addKeyValue("server", files.name()).log("Database removed with its data");
      } else {
        log.atWarn()
            .addKeyValue("server", files.name())
            .log("Files of another Cluster of the same name are left alone");
      }
    }
    fleet.forget(name);
    if (!finalizer.remove(cluster)) {
      log.atDebug().addKeyValue("cluster", name).log("It was gone already");
    }
  }
}
