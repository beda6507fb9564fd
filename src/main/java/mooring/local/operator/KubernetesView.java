package mooring.local.operator;

import static mooring.local.control.InformerHandlers.each;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The namespace's objects as the watches show them, and which Clusters a change concerns. Reading
 * it never asks the API server.
 */
final class KubernetesView implements AutoCloseable {
  private static final String BY_SECRET = "secret";
  private static final String BY_CLUSTER = "cluster";
  private static final String BY_SOURCE = "source";

  private final String namespace;
  private final Consumer<String> changed;
  private final SharedIndexInformer<GenericKubernetesResource> clusters;
  private final SharedIndexInformer<GenericKubernetesResource> catalogs;
  private final SharedIndexInformer<Service> services;
  private final SharedIndexInformer<Secret> secrets;
  private final SharedIndexInformer<NetworkPolicy> policies;
  private final SharedIndexInformer<GenericKubernetesResource> poolers;

  /** The consumer is told the name of each Cluster that a change concerns. */
  KubernetesView(KubernetesClient client, String namespace, Consumer<String> changed) {
    this.namespace = namespace;
    this.changed = changed;
    clusters =
        client
            .genericKubernetesResources(CustomResources.CLUSTERS)
            .inNamespace(namespace)
            .runnableInformer(0);
    clusters.addIndexers(
        Map.of(BY_SECRET, ClusterSpec::secretNames, BY_SOURCE, ReplicaSource::followed));
    catalogs =
        client
            .genericKubernetesResources(CustomResources.IMAGE_CATALOGS)
            .inNamespace(namespace)
            .runnableInformer(0);
    services = client.services().inNamespace(namespace).runnableInformer(0);
    services.addIndexers(Map.of(BY_CLUSTER, ClientService::clusterNames));
    secrets = client.secrets().inNamespace(namespace).runnableInformer(0);
    policies = client.network().v1().networkPolicies().inNamespace(namespace).runnableInformer(0);
    policies.addIndexers(Map.of(BY_CLUSTER, ClientRules::clusterNames));
    poolers =
        client
            .genericKubernetesResources(CustomResources.POOLERS)
            .inNamespace(namespace)
            .runnableInformer(0);
    poolers.addIndexers(Map.of(BY_CLUSTER, pooler -> List.of(PoolerSpec.cluster(pooler))));
    clusters.addEventHandler(each(cluster -> changed.accept(cluster.getMetadata().getName())));
    catalogs.addEventHandler(each(catalog -> clusterNames().forEach(changed)));
    services.addEventHandler(each(service -> ClientService.clusterNames(service).forEach(changed)));
    secrets.addEventHandler(each(this::secretChanged));
    policies.addEventHandler(each(policy -> ClientRules.clusterNames(policy).forEach(changed)));
    poolers.addEventHandler(each(pooler -> changed.accept(PoolerSpec.cluster(pooler))));
  }

  /** Adds a listener that hears the name of each Secret that has changed. */
  void onSecret(Consumer<String> listener) {
    secrets.addEventHandler(each(secret -> listener.accept(secret.getMetadata().getName())));
  }

  /** Completes when every kind has been listed; goes on trying while the API server is away. */
  CompletableFuture<Void> start() {
    List<SharedIndexInformer<?>> all =
        List.of(catalogs, secrets, services, policies, poolers, clusters);
    return CompletableFuture.allOf(
        all.stream()
            .map(informer -> informer.exceptionHandler((started, failure) -> true).start())
            .map(stage -> stage.toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }

  /** Null when there is none. */
  GenericKubernetesResource cluster(String name) {
    return clusters.getIndexer().getByKey(namespace + "/" + name);
  }

  List<String> clusterNames() {
    return clusters.getIndexer().list().stream()
        .map(cluster -> cluster.getMetadata().getName())
        .toList();
  }

  /** Whether other Clusters follow one. */
  boolean isFollowed(String cluster) {
    return !clusters.getIndexer().byIndex(BY_SOURCE, cluster).isEmpty();
  }

  /** Null when there is none. */
  GenericKubernetesResource catalog(String name) {
    return catalogs.getIndexer().getByKey(namespace + "/" + name);
  }

  /** Null when there is none. */
  Secret secret(String name) {
    return secrets.getIndexer().getByKey(namespace + "/" + name);
  }

  List<Service> servicesOf(String cluster) {
    return services.getIndexer().byIndex(BY_CLUSTER, cluster);
  }

  List<NetworkPolicy> policiesOf(String cluster) {
    return policies.getIndexer().byIndex(BY_CLUSTER, cluster);
  }

  /** Whether a Pooler is for one. */
  boolean isPooled(String cluster) {
    return !poolers.getIndexer().byIndex(BY_CLUSTER, cluster).isEmpty();
  }

  private void secretChanged(Secret secret) {
    clusters.getIndexer().byIndex(BY_SECRET, secret.getMetadata().getName()).stream()
        .map(cluster -> cluster.getMetadata().getName())
        .forEach(changed);
  }

  @Override
  public void close() {
    List.of(clusters, services, secrets, catalogs, policies, poolers)
        .forEach(SharedIndexInformer::stop);
  }
}
