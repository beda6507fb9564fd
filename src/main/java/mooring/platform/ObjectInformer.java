package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.reactivex.rxjava3.core.Completable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Keeps the labelled objects of one kind at hand, by the database they belong to. */
final class ObjectInformer<T extends HasMetadata> implements ResourceEventHandler<T> {
  private static final String BY_INSTANCE = "mooring-instance";
  // Others may pass our labels on to objects that they derive from ours.
  private static final Pattern OUR_NAME = Pattern.compile("db-[0-9a-f]{8}(-g\\d+)?");
  private static final Pattern POOLER_NAME =
      Pattern.compile("db-[0-9a-f]{8}(-g\\d+)?-pool(er|-\\d+)");
  private static final Pattern POD_NAME = Pattern.compile("db-[0-9a-f]{8}-\\d+");

  private final SharedIndexInformer<T> informer;
  private final ChangeSink changes;
  private final Pattern name;
  // Only ever touched by the informer's own serial executor.
  private final List<UUID> vanished = new ArrayList<>();

  /** Of objects that are named after their database. */
  ObjectInformer(SharedIndexInformer<T> informer, ChangeSink changes) {
    this(informer, changes, OUR_NAME);
  }

  private ObjectInformer(SharedIndexInformer<T> informer, ChangeSink changes, Pattern name) {
    this.informer = informer;
    this.changes = changes;
    this.name = name;
    informer.itemStore(new SlimStore<>());
    informer.addIndexers(
        Map.of(BY_INSTANCE, object -> ours(object).map(UUID::toString).stream().toList()));
    informer.addEventHandler(this);
    // Whatever went wrong, an informer that has stopped is never right.
    informer.exceptionHandler((started, failure) -> true);
  }

  /** Of pods that are numbered after their database. */
  static ObjectInformer<Pod> pods(SharedIndexInformer<Pod> informer, ChangeSink changes) {
    return new ObjectInformer<>(informer, changes, POD_NAME);
  }

  /** Of what is named after a database's servers. */
  static ObjectInformer<GenericKubernetesResource> poolers(
      SharedIndexInformer<GenericKubernetesResource> informer, ChangeSink changes) {
    return new ObjectInformer<>(informer, changes, POOLER_NAME);
  }

  /** Completes with the first complete view; keeps trying until then. */
  Completable start() {
    return Completable.fromCompletionStage(informer.start());
  }

  void stop() {
    informer.stop();
  }

  /** The version that the view has come to. */
  long version() {
    return Versions.parse(informer.lastSyncResourceVersion());
  }

  List<T> all(UUID instance) {
    return informer.getIndexer().byIndex(BY_INSTANCE, instance.toString());
  }

  /** The database of an object. */
  Optional<UUID> instance(String namespace, String object) {
    return Optional.ofNullable(informer.getIndexer().getByKey(namespace + "/" + object))
        .flatMap(this::ours);
  }

  /** The one of the newest generation. */
  Optional<T> find(UUID instance) {
    return all(instance).stream().max(Comparator.comparing(Generation::of));
  }

  /** Everything there is. */
  Stream<T> objects() {
    Collection<T> all = informer.getStore().list();
    return all.stream();
  }

  Stream<UUID> instances() {
    return objects().map(this::ours).flatMap(Optional::stream);
  }

  @Override
  public void onAdd(T object) {
    ours(object).ifPresent(changes::changed);
  }

  @Override
  public void onUpdate(T before, T after) {
    Optional<UUID> was = ours(before);
    Optional<UUID> is = ours(after);
    if (!was.equals(is)) {
      was.ifPresent(instance -> changes.removed(instance, Versions.of(after)));
    }
    is.ifPresent(changes::changed);
  }

  @Override
  public void onDelete(T object, boolean finalStateUnknown) {
    Optional<UUID> instance = ours(object);
    if (finalStateUnknown) {
      // Missed while disconnected: gone as of the list that is about to be announced.
      instance.ifPresent(vanished::add);
    } else {
      instance.ifPresent(id -> changes.removed(id, Versions.of(object)));
    }
  }

  @Override
  public void onList(String version, boolean remainedEmpty) {
    vanished.forEach(instance -> changes.removed(instance, Versions.parse(version)));
    vanished.clear();
  }

  private Optional<UUID> ours(T object) {
    return name.matcher(object.getMetadata().getName()).matches()
        ? Labels.instance(object)
        : Optional.empty();
  }
}
