package mooring.local.pods;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.Map;

/** Writes to objects that may have gone, or been replaced by others of their name, meanwhile. */
final class ObjectWriter {
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
  private final KubernetesClient client;

  ObjectWriter(KubernetesClient client) {
    this.client = client;
  }

  /** Another of that name is no error: what is there will be looked at. */
  void create(HasMetadata object) {
    ignoring(HttpURLConnection.HTTP_CONFLICT, () -> client.resource(object).create());
  }

  /** Merges fields into the status; a null removes one. Lists are replaced whole. */
  void status(HasMetadata object, Map<String, Object> fields) {
    String change =
        Serialization.asJson(
            Map.of("metadata", Map.of("uid", object.getMetadata().getUid()), "status", fields));
    whileItIs(() -> client.resource(object).subresource("status").patch(MERGE, change));
  }

  /** Merges fields into the metadata, unless the object has changed since it was seen. */
  void metadata(HasMetadata object, Map<String, Object> fields) {
    Map<String, Object> metadata = new HashMap<>(fields);
    metadata.put("resourceVersion", object.getMetadata().getResourceVersion());
    String change = Serialization.asJson(Map.of("metadata", metadata));
    whileItIs(() -> client.resource(object).patch(MERGE, change));
  }

  /** Puts a Pod on a node. */
  void bind(HasMetadata pod, String node) {
    String change =
        Serialization.asJson(
            Map.of(
                "metadata",
                Map.of("uid", pod.getMetadata().getUid()),
                "spec",
                Map.of("nodeName", node)));
    whileItIs(() -> client.resource(pod).patch(MERGE, change));
  }

  /** Asks the API server whether an object is still there and not being deleted. */
  boolean isThere(HasMetadata object) {
    HasMetadata present = client.resource(object).get();
    return present != null
        && present.getMetadata().getUid().equals(object.getMetadata().getUid())
        && present.getMetadata().getDeletionTimestamp() == null;
  }

  /** Marks it; what has to be ended first is ended by whoever runs it. */
  void delete(HasMetadata object) {
    whileThere(() -> client.resource(object).delete());
  }

  /** Reports that nothing of it runs any more. */
  void deleteAtOnce(HasMetadata object) {
    whileThere(() -> client.resource(object).withGracePeriod(0).delete());
  }

  /** What has changed or been replaced meanwhile is on its way to us, and looked at anew. */
  private static void whileItIs(Runnable write) {
    ignoring(HttpURLConnection.HTTP_CONFLICT, () -> whileThere(write));
  }

  private static void whileThere(Runnable write) {
    ignoring(HttpURLConnection.HTTP_NOT_FOUND, write);
  }

  private static void ignoring(int code, Runnable write) {
    try {
      write.run();
    } catch (KubernetesClientException e) {
      if (e.getCode() != code) {
        throw e;
      }
    }
  }
}
