package mooring.platform;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.reactivex.rxjava3.core.Completable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Keeps the pods of Poolers at hand, which carry the name of their Pooler and none of our labels.
 */
final class PoolerPods implements ResourceEventHandler<Pod> {
  private static final String BY_POOLER = "pooler";
  private static final long NO_RESYNC = 0;

  private final SharedIndexInformer<Pod> informer;
  private final Function<String, Optional<UUID>> owner;
  private final ChangeSink changes;

  /**
   * @param owner the database of a Pooler, by the Pooler's name
   */
  PoolerPods(
      KubernetesClient client,
      String namespace,
      Function<String, Optional<UUID>> owner,
      ChangeSink changes) {
    this.owner = owner;
    this.changes = changes;
    informer =
        client
            .pods()
            .inNamespace(namespace)
            .withLabel(PoolerObjects.SELECTED_BY)
            .runnableInformer(NO_RESYNC);
    informer.itemStore(new SlimStore<>());
    informer.addIndexers(Map.of(BY_POOLER, pod -> List.of(pooler(pod))));
    informer.addEventHandler(this);
    // Whatever went wrong, an informer that has stopped is never right.
    informer.exceptionHandler((started, failure) -> true);
  }

  /** Completes with the first complete view; keeps trying until then. */
  Completable start() {
    return Completable.fromCompletionStage(informer.start());
  }

  void stop() {
    informer.stop();
  }

  List<Pod> of(String pooler) {
    return informer.getIndexer().byIndex(BY_POOLER, pooler);
  }

  @Override
  public void onAdd(Pod pod) {
    changed(pod);
  }

  @Override
  public void onUpdate(Pod before, Pod after) {
    changed(after);
  }

  @Override
  public void onDelete(Pod pod, boolean finalStateUnknown) {
    changed(pod);
  }

  /** A Pooler that is seen later than its pod is itself a change. */
  private void changed(Pod pod) {
    owner.apply(pooler(pod)).ifPresent(changes::changed);
  }

  private static String pooler(Pod pod) {
    return pod.getMetadata().getLabels().get(PoolerObjects.SELECTED_BY);
  }
}
