package mooring.local.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Keeps a server's part of an object store tidy and the store's status true. */
final class StoreKeeper {
  private final KubernetesClient client;
  private final OperatorConfig config;
  private final KubernetesView clusters;
  private final BackupView view;
  private final Stores stores;

  StoreKeeper(
      KubernetesClient client,
      OperatorConfig config,
      KubernetesView clusters,
      BackupView view,
      Stores stores) {
    this.client = client;
    this.config = config;
    this.clusters = clusters;
    this.view = view;
    this.stores = stores;
  }

  /** Removes the log that no backup needs, all of it when its server is gone. */
  void tidy(ServerArchive archive) {
    stores.ifUnread(archive.target(), () -> removeUseless(archive));
    report(archive);
  }

  /** Decides while nobody takes a backup there: one that has just finished counts. */
  private void removeUseless(ServerArchive archive) {
    if (archive.copies().isEmpty() && !isInUse(archive.target())) {
      archive.delete();
    } else {
      archive.prune();
    }
  }

  /** The same for every server, after one has gone. */
  void tidyAll() {
    stores.all().forEach(this::tidy);
  }

  /** Whether a Cluster archives there. */
  boolean isInUse(ArchiveTarget target) {
    return clusters.clusterNames().stream()
        .map(clusters::cluster)
        .filter(Objects::nonNull)
        .anyMatch(target::isOf);
  }

  /** Says in its store's status what can be recovered of a server. */
  void report(ServerArchive archive) {
    ArchiveTarget target = archive.target();
    List<BackupCopy> copies = archive.copies();
    if (view.store(target.store()) == null) {
      return;
    }
    Map<String, Object> window = new HashMap<>();
    Map<String, Object> change = new HashMap<>();
    if (!copies.isEmpty()) {
      change.put("firstRecoverabilityPoint", BackupStatus.wholeSecond(copies.get(0).stoppedAt()));
      change.put(
          "lastSuccessfulBackupTime",
          BackupStatus.wholeSecond(copies.get(copies.size() - 1).stoppedAt()));
    }
    window.put(target.serverName(), copies.isEmpty() ? null : change);
    try {
      client
          .genericKubernetesResources(CustomResources.OBJECT_STORES)
          .inNamespace(config.namespace())
          .withName(target.store())
          .subresource("status")
          .patch(
              PatchContext.of(PatchType.JSON_MERGE),
              Serialization.asJson(Map.of("status", Map.of("serverRecoveryWindow", window))));
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }
}
