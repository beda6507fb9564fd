package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.reactivex.rxjava3.core.Completable;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/** Keeps all objects of one kind at hand, whoever made them, by a key of each. */
final class KeyedInformer implements ResourceEventHandler<GenericKubernetesResource> {
  private static final String BY_KEY = "key";
  // The objects do not change by being looked at again.
  private static final long NO_RESYNC = 0;

  private final SharedIndexInformer<GenericKubernetesResource> informer;
  private final Consumer<GenericKubernetesResource> changed;
  private volatile boolean synced;
  private volatile boolean missing;

  /**
   * An informer that has yet to be started.
   *
   * @param key of an object; null for none
   * @param changed hears of every object that was added, changed or removed
   */
  KeyedInformer(
      KubernetesClient client,
      ResourceDefinitionContext kind,
      String namespace,
      Function<GenericKubernetesResource, String> key,
      Consumer<GenericKubernetesResource> changed) {
    this.changed = changed;
    this.informer =
        client.genericKubernetesResources(kind).inNamespace(namespace).runnableInformer(NO_RESYNC);
    informer.itemStore(new SlimStore<>());
    informer.addIndexers(
        Map.of(
            BY_KEY,
            object -> {
              String found = key.apply(object);
              return found == null ? List.of() : List.of(found);
            }));
    informer.addEventHandler(this);
    informer.exceptionHandler(
        (started, failure) -> {
          missing |= isMissing(failure);
          // Whatever went wrong, an informer that has stopped is never right.
          return true;
        });
  }

  /** Completes with the first complete view; keeps trying until then. */
  Completable start() {
    return Completable.fromCompletionStage(informer.start()).doOnComplete(() -> synced = true);
  }

  /** Whether there was a complete view. */
  boolean synced() {
    return synced;
  }

  /** Whether there was a complete view, or the answer that the server knows no such kind. */
  boolean answered() {
    return synced || missing;
  }

  void stop() {
    informer.stop();
  }

  List<GenericKubernetesResource> find(String key) {
    return informer.getIndexer().byIndex(BY_KEY, key);
  }

  private static boolean isMissing(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof KubernetesClientException refused
          && refused.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void onAdd(GenericKubernetesResource object) {
    changed.accept(object);
  }

  @Override
  public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource after) {
    changed.accept(after);
  }

  @Override
  public void onDelete(GenericKubernetesResource object, boolean finalStateUnknown) {
    changed.accept(object);
  }
}
