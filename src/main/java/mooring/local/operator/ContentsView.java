package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mooring.local.control.InformerHandlers;

/** The namespace's DatabaseRoles and Databases as the watches show them. */
final class ContentsView implements AutoCloseable {
  private static final String BY_CLUSTER = "cluster";
  private static final String BY_SECRET = "secret";

  private final Consumer<String> changed;
  private final SharedIndexInformer<GenericKubernetesResource> roles;
  private final SharedIndexInformer<GenericKubernetesResource> databases;

  /** The consumer is told the name of each Cluster within which something has changed. */
  ContentsView(KubernetesClient client, String namespace, Consumer<String> changed) {
    this.changed = changed;
    roles = informer(client, namespace, CustomResources.DATABASE_ROLES);
    roles.addIndexers(Map.of(BY_SECRET, role -> List.of(secretOf(role))));
    databases = informer(client, namespace, CustomResources.DATABASES);
  }

  private SharedIndexInformer<GenericKubernetesResource> informer(
      KubernetesClient client, String namespace, ResourceDefinitionContext kind) {
    SharedIndexInformer<GenericKubernetesResource> informer =
        client.genericKubernetesResources(kind).inNamespace(namespace).runnableInformer(0);
    informer.addIndexers(Map.of(BY_CLUSTER, object -> List.of(clusterOf(object))));
    informer.addEventHandler(InformerHandlers.each(object -> changed.accept(clusterOf(object))));
    return informer;
  }

  private static String clusterOf(GenericKubernetesResource object) {
    return new Fields(object).text("", "spec", "cluster", "name");
  }

  private static String secretOf(GenericKubernetesResource role) {
    return new Fields(role).text("", "spec", "passwordSecret", "name");
  }

  /** Completes when both kinds have been listed; goes on trying while the API server is away. */
  CompletableFuture<Void> start() {
    return CompletableFuture.allOf(
        Stream.of(roles, databases)
            .map(informer -> informer.exceptionHandler((started, failure) -> true).start())
            .map(stage -> stage.toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }

  /** A Secret may hold the password of a role. */
  void secretChanged(String name) {
    roles.getIndexer().byIndex(BY_SECRET, name).forEach(role -> changed.accept(clusterOf(role)));
  }

  List<GenericKubernetesResource> rolesOf(String cluster) {
    return roles.getIndexer().byIndex(BY_CLUSTER, cluster);
  }

  List<GenericKubernetesResource> databasesOf(String cluster) {
    return databases.getIndexer().byIndex(BY_CLUSTER, cluster);
  }

  /** The Clusters within which there is something. */
  Set<String> clusterNames() {
    return Stream.of(roles, databases)
        .flatMap(informer -> informer.getIndexer().list().stream())
        .map(ContentsView::clusterOf)
        .collect(Collectors.toSet());
  }

  @Override
  public void close() {
    List.of(roles, databases).forEach(SharedIndexInformer::stop);
  }
}
