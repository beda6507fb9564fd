package mooring.local.pods;

import static mooring.local.control.InformerHandlers.each;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The namespace's objects as the watches show them, and whom a change concerns. Reading it never
 * asks the API server.
 */
final class WorkloadView implements AutoCloseable {
  private final String namespace;
  private final Consumer<Key> changed;
  private final SharedIndexInformer<StatefulSet> sets;
  private final SharedIndexInformer<Pod> pods;
  private final SharedIndexInformer<PersistentVolumeClaim> claims;
  private final SharedIndexInformer<Service> services;
  private final SharedIndexInformer<Secret> secrets;
  private final SharedIndexInformer<ConfigMap> configMaps;

  /** The consumer is told what has to be looked at. */
  WorkloadView(KubernetesClient client, String namespace, Consumer<Key> changed) {
    this.namespace = namespace;
    this.changed = changed;
    sets = client.apps().statefulSets().inNamespace(namespace).runnableInformer(0);
    pods = client.pods().inNamespace(namespace).runnableInformer(0);
    claims = client.persistentVolumeClaims().inNamespace(namespace).runnableInformer(0);
    services = client.services().inNamespace(namespace).runnableInformer(0);
    secrets = client.secrets().inNamespace(namespace).runnableInformer(0);
    configMaps = client.configMaps().inNamespace(namespace).runnableInformer(0);
    sets.addEventHandler(each(set -> changed.accept(Key.set(name(set)))));
    pods.addEventHandler(each(this::podChanged));
    claims.addEventHandler(each(this::claimChanged));
    services.addEventHandler(each(service -> selectedBy(service).forEach(this::lookAt)));
    secrets.addEventHandler(each(secret -> podsThatWait().forEach(this::lookAt)));
    configMaps.addEventHandler(each(map -> podsThatWait().forEach(this::lookAt)));
  }

  /** Completes when every kind has been listed; goes on trying while the API server is away. */
  CompletableFuture<Void> start() {
    return CompletableFuture.allOf(
        informers().stream()
            .map(informer -> informer.exceptionHandler((started, failure) -> true).start())
            .map(stage -> stage.toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }

  private List<SharedIndexInformer<?>> informers() {
    return List.of(configMaps, secrets, services, claims, pods, sets);
  }

  /** Null when there is none. */
  StatefulSet set(String name) {
    return sets.getIndexer().getByKey(namespace + "/" + name);
  }

  /** Null when there is none. */
  Pod pod(String name) {
    return pods.getIndexer().getByKey(namespace + "/" + name);
  }

  /** Null when there is none. */
  PersistentVolumeClaim claim(String name) {
    return claims.getIndexer().getByKey(namespace + "/" + name);
  }

  /** Null when there is none. */
  Secret secret(String name) {
    return secrets.getIndexer().getByKey(namespace + "/" + name);
  }

  Optional<Service> service(String name) {
    return Optional.ofNullable(services.getIndexer().getByKey(namespace + "/" + name));
  }

  /** Null when there is none. */
  ConfigMap configMap(String name) {
    return configMaps.getIndexer().getByKey(namespace + "/" + name);
  }

  List<StatefulSet> sets() {
    return sets.getIndexer().list();
  }

  List<Pod> pods() {
    return pods.getIndexer().list();
  }

  List<PersistentVolumeClaim> claims() {
    return claims.getIndexer().list();
  }

  /** The Services with an address of their own that lead to a Pod. */
  List<Service> servicesOf(Pod pod) {
    return services.getIndexer().list().stream()
        .filter(service -> ClientAddress.of(service).isPresent())
        .filter(service -> selects(service, pod))
        .toList();
  }

  private List<Pod> selectedBy(Service service) {
    return pods().stream().filter(pod -> selects(service, pod)).toList();
  }

  private static boolean selects(Service service, Pod pod) {
    Map<String, String> selector = service.getSpec().getSelector();
    return selector != null
        && !selector.isEmpty()
        && pod.getMetadata().getLabels() != null
        && pod.getMetadata().getLabels().entrySet().containsAll(selector.entrySet());
  }

  /** What is running has been given its files; they change with the Pod. */
  private List<Pod> podsThatWait() {
    return pods().stream().filter(pod -> !PodFacts.isReady(pod)).toList();
  }

  private void lookAt(Pod pod) {
    changed.accept(Key.pod(name(pod)));
  }

  private void podChanged(Pod pod) {
    lookAt(pod);
    SetMember.of(pod).ifPresent(member -> changed.accept(Key.set(member.set())));
    PodFacts.claimNames(pod).forEach(claim -> changed.accept(Key.claim(claim)));
  }

  private void claimChanged(PersistentVolumeClaim claim) {
    changed.accept(Key.claim(name(claim)));
    pods().stream()
        .filter(pod -> PodFacts.claimNames(pod).contains(name(claim)))
        .forEach(this::podChangedByClaim);
  }

  private void podChangedByClaim(Pod pod) {
    lookAt(pod);
    SetMember.of(pod).ifPresent(member -> changed.accept(Key.set(member.set())));
  }

  private static String name(HasMetadata object) {
    return object.getMetadata().getName();
  }

  @Override
  public void close() {
    informers().forEach(SharedIndexInformer::stop);
  }
}
