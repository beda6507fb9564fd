package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.reactivex.rxjava3.core.Completable;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mooring.core.Observation;
import mooring.core.ObservationListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches the objects of all databases and tells what they show. */
final class PlatformWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PlatformWatch.class);
  // The objects do not change by being looked at again.
  private static final long NO_RESYNC = 0;

  private final String namespace;
  private final ObservationQueue queue;
  private final ObjectInformer<GenericKubernetesResource> clusters;
  private final ObjectInformer<Service> services;
  private final ObjectInformer<StatefulSet> sets;
  private final ObjectInformer<Pod> pods;
  private final ObjectInformer<GenericKubernetesResource> poolers;
  private final PoolerPods poolerPods;
  private volatile boolean synced;

  PlatformWatch(KubernetesClient client, String namespace, ObservationListener listener) {
    this.namespace = namespace;
    this.queue = new ObservationQueue(listener, this::read);
    this.clusters =
        new ObjectInformer<>(
            client
                .genericKubernetesResources(PostgresCluster.RESOURCE)
                .inNamespace(namespace)
                .withLabelSelector(Labels.SELECTOR)
                .runnableInformer(NO_RESYNC),
            queue);
    this.services =
        new ObjectInformer<>(
            client
                .services()
                .inNamespace(namespace)
                .withLabelSelector(Labels.SELECTOR)
                .runnableInformer(NO_RESYNC),
            queue);
    this.sets =
        new ObjectInformer<>(
            client
                .apps()
                .statefulSets()
                .inNamespace(namespace)
                .withLabelSelector(Labels.SELECTOR)
                .runnableInformer(NO_RESYNC),
            queue);
    this.poolers =
        ObjectInformer.poolers(
            client
                .genericKubernetesResources(PoolerObjects.RESOURCE)
                .inNamespace(namespace)
                .withLabelSelector(Labels.SELECTOR)
                .runnableInformer(NO_RESYNC),
            queue);
    this.poolerPods =
        new PoolerPods(client, namespace, name -> poolers.instance(namespace, name), queue);
    this.pods =
        ObjectInformer.pods(
            client
                .pods()
                .inNamespace(namespace)
                .withLabelSelector(Labels.SELECTOR + "," + ServerObjects.POD_NAME)
                .runnableInformer(NO_RESYNC),
            queue);
  }

  /** Completes when everything there is has been seen; the listener is told soon after. */
  Completable start() {
    return Completable.mergeArray(
            clusters.start(),
            services.start(),
            sets.start(),
            pods.start(),
            poolers.start(),
            poolerPods.start())
        .doOnComplete(this::complete);
  }

  boolean synced() {
    return synced;
  }

  /** Where the Services are reached within the cluster. */
  Set<ServiceAddress> services() {
    return services
        .objects()
        .filter(service -> !service.getSpec().getPorts().isEmpty())
        .map(ServiceView::within)
        .collect(Collectors.toSet());
  }

  @Override
  public void close() {
    clusters.stop();
    services.stop();
    sets.stop();
    pods.stop();
    poolers.stop();
    poolerPods.stop();
    queue.close();
  }

  private void complete() {
    log.atInfo().addKeyValue("namespace", namespace).log("watching the databases");
    queue.synced(
        () -> Stream.of(clusters, services, sets).flatMap(ObjectInformer::instances),
        () ->
            Stream.of(clusters, services, sets, pods)
                .mapToLong(ObjectInformer::version)
                .min()
                .orElse(0));
    synced = true;
  }

  private PoolerView poolers(UUID instance, String cluster) {
    return PoolerView.of(
        poolers.all(instance).stream().filter(pooler -> PoolerView.isOf(pooler, cluster)).toList(),
        poolerPods::of);
  }

  private Observation read(UUID instance, long floor) {
    List<Pod> servers = pods.all(instance);
    Optional<GenericKubernetesResource> cluster = clusters.find(instance);
    ClusterView view =
        cluster
            .map(CloudNativePgReader::read)
            .or(() -> sets.find(instance).map(set -> ServerSetReader.read(set, servers)))
            .orElse(null);
    return ObservationReader.combine(
        instance,
        view,
        services
            .find(instance)
            .map(service -> ServiceView.of(service, cluster.map(Labels::name).orElse(null)))
            .orElse(null),
        cluster.map(one -> poolers(instance, Labels.name(one))).orElse(null),
        view == null ? floor : servers.stream().mapToLong(Versions::of).reduce(floor, Math::max));
  }
}
