package mooring.local.control;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.util.function.Consumer;

/** What informers tell of changes. */
public final class InformerHandlers {
  private InformerHandlers() {}

  /** Tells of an object as it was and as it is. */
  public static <T extends HasMetadata> ResourceEventHandler<T> each(Consumer<T> action) {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(T object) {
        action.accept(object);
      }

      @Override
      public void onUpdate(T before, T after) {
        action.accept(before);
        action.accept(after);
      }

      @Override
      public void onDelete(T object, boolean finalStateUnknown) {
        action.accept(object);
      }
    };
  }
}
