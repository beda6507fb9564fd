package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import mooring.local.control.InformerHandlers;

/** The namespace's backups, schedules and object stores as the watches show them. */
final class BackupView implements AutoCloseable {
  private static final String BY_CLUSTER = "cluster";

  private final String namespace;
  private final SharedIndexInformer<GenericKubernetesResource> backups;
  private final SharedIndexInformer<GenericKubernetesResource> schedules;
  private final SharedIndexInformer<GenericKubernetesResource> stores;

  /** The consumer is told the name of each Cluster of which a backup has changed. */
  BackupView(KubernetesClient client, String namespace, Consumer<String> changed) {
    this.namespace = namespace;
    backups = informer(client, CustomResources.BACKUPS);
    backups.addIndexers(Map.of(BY_CLUSTER, backup -> List.of(clusterOf(backup))));
    backups.addEventHandler(InformerHandlers.each(backup -> changed.accept(clusterOf(backup))));
    schedules = informer(client, CustomResources.SCHEDULED_BACKUPS);
    stores = informer(client, CustomResources.OBJECT_STORES);
  }

  private SharedIndexInformer<GenericKubernetesResource> informer(
      KubernetesClient client, ResourceDefinitionContext kind) {
    return client.genericKubernetesResources(kind).inNamespace(namespace).runnableInformer(0);
  }

  /** The Cluster that a Backup or a ScheduledBackup is of. */
  static String clusterOf(GenericKubernetesResource backup) {
    return new Fields(backup).text("", "spec", "cluster", "name");
  }

  /** Completes when every kind has been listed; goes on trying while the API server is away. */
  CompletableFuture<Void> start() {
    return CompletableFuture.allOf(
        List.of(backups, schedules, stores).stream()
            .map(informer -> informer.exceptionHandler((started, failure) -> true).start())
            .map(stage -> stage.toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }

  /** A Cluster's backups, the oldest first. */
  List<GenericKubernetesResource> backupsOf(String cluster) {
    return backups.getIndexer().byIndex(BY_CLUSTER, cluster).stream()
        .sorted(
            Comparator.comparing(
                    (GenericKubernetesResource backup) ->
                        String.valueOf(backup.getMetadata().getCreationTimestamp()))
                .thenComparing(backup -> backup.getMetadata().getName()))
        .toList();
  }

  List<GenericKubernetesResource> backups() {
    return backups.getIndexer().list();
  }

  /** The Clusters that there are backups of. */
  Set<String> clusterNames() {
    return backups().stream().map(BackupView::clusterOf).collect(Collectors.toSet());
  }

  /** Null when there is none. */
  GenericKubernetesResource backup(String name) {
    return backups.getIndexer().getByKey(namespace + "/" + name);
  }

  List<GenericKubernetesResource> schedules() {
    return schedules.getIndexer().list();
  }

  /** Null when there is none. */
  GenericKubernetesResource store(String name) {
    return stores.getIndexer().getByKey(namespace + "/" + name);
  }

  @Override
  public void close() {
    List.of(backups, schedules, stores).forEach(SharedIndexInformer::stop);
  }
}
