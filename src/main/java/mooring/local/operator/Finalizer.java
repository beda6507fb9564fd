package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A finalizer of ours: it keeps an object until what is behind it has been removed. */
final class Finalizer {
  private final KubernetesClient client;
  private final ResourceDefinitionContext kind;
  private final String name;

  Finalizer(KubernetesClient client, ResourceDefinitionContext kind, String name) {
    this.client = client;
    this.kind = kind;
    this.name = name;
  }

  boolean isOn(GenericKubernetesResource object) {
    return object.getFinalizers().contains(name);
  }

  /** Returns false when the object is gone. */
  boolean put(GenericKubernetesResource object) {
    if (isOn(object)) {
      return true;
    }
    List<String> finalizers = new ArrayList<>(object.getFinalizers());
    finalizers.add(name);
    return patch(object, finalizers);
  }

  /** Returns false when the object is gone. */
  boolean remove(GenericKubernetesResource object) {
    List<String> finalizers = new ArrayList<>(object.getFinalizers());
    finalizers.remove(name);
    return patch(object, finalizers);
  }

  /** Conditional on the version seen, since the list is replaced whole. */
  private boolean patch(GenericKubernetesResource object, List<String> finalizers) {
    var metadata = object.getMetadata();
    Map<String, Object> change =
        Map.of("resourceVersion", metadata.getResourceVersion(), "finalizers", finalizers);
    try {
      client
          .genericKubernetesResources(kind)
          .inNamespace(metadata.getNamespace())
          .withName(metadata.getName())
          .patch(
              PatchContext.of(PatchType.JSON_MERGE),
              Serialization.asJson(Map.of("metadata", change)));
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return false;
      }
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        throw new OutdatedException(metadata.getName(), e);
      }
      throw e;
    }
  }
}
