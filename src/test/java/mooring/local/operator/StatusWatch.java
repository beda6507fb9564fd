package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.Map;
import java.util.function.Consumer;

/** Hears of every status that is written. */
record StatusWatch(Consumer<Map<?, ?>> statuses) implements Watcher<GenericKubernetesResource> {

  @Override
  public void eventReceived(Action action, GenericKubernetesResource cluster) {
    if (cluster.get("status") instanceof Map<?, ?> status) {
      statuses.accept(status);
    }
  }

  @Override
  public void onClose(WatcherException cause) {
    // The test sees that nothing comes any more.
  }
}
