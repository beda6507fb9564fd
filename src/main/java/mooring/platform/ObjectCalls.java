package mooring.platform;

import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;

/** Asks the API server for objects of one kind in one namespace; each call blocks. */
final class ObjectCalls<T extends HasMetadata> {
  private static final String FIELD_MANAGER = "mooring";

  private final KubernetesClient client;
  private final String kind;
  private final String path;
  private final NonNamespaceOperation<T, ? extends KubernetesResourceList<T>, ? extends Resource<T>>
      objects;

  /**
   * The objects of a kind.
   *
   * @param path of their collection on the server
   */
  ObjectCalls(
      KubernetesClient client,
      String kind,
      String path,
      NonNamespaceOperation<T, ? extends KubernetesResourceList<T>, ? extends Resource<T>>
          objects) {
    this.client = client;
    this.kind = kind;
    this.path = path;
    this.objects = objects;
  }

  /** The objects of a kind that an operator has brought along. */
  static ObjectCalls<GenericKubernetesResource> custom(
      KubernetesClient client, ResourceDefinitionContext kind, String namespace) {
    String group = "/apis/" + kind.getGroup() + "/" + kind.getVersion();
    return new ObjectCalls<>(
        client,
        kind.getKind(),
        group + "/namespaces/" + namespace + "/" + kind.getPlural(),
        client.genericKubernetesResources(kind).inNamespace(namespace));
  }

  String kind() {
    return kind;
  }

  /** Null when there is none. */
  T get(String name) {
    return objects.withName(name).get();
  }

  /** None of a kind that the server does not know. */
  List<T> labelled(String label, String value) {
    try {
      return objects.withLabel(label, value).list().getItems();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
      return List.of();
    }
  }

  void create(T object) {
    objects.resource(object).create();
  }

  /**
   * Server-side apply, taking over what others have set of it.
   *
   * @return the object as the server now has it
   */
  T apply(T object) {
    return objects.resource(object).fieldManager(FIELD_MANAGER).forceConflicts().serverSideApply();
  }

  /** Takes a finalizer off an object as it was read. */
  void withoutFinalizer(T found, String finalizer) {
    ObjectMeta metadata = found.getMetadata();
    List<String> left =
        metadata.getFinalizers().stream().filter(one -> !one.equals(finalizer)).toList();
    Map<String, Object> change =
        Map.of("resourceVersion", metadata.getResourceVersion(), "finalizers", left);
    T unused =
        objects
            .withName(metadata.getName())
            .patch(
                PatchContext.of(PatchType.JSON_MERGE),
                Serialization.asJson(Map.of("metadata", change)));
  }

  /** Deletes an object as it was read, and what it owns before it. */
  void delete(T found) {
    delete(found, DeletionPropagation.FOREGROUND);
  }

  /** Deletes an object as it was read, but nothing that it owns. */
  void release(T found) {
    delete(found, DeletionPropagation.ORPHAN);
  }

  /**
   * Nothing happens when it has gone. By a plain request: the fluent calls cannot say which of
   * several namesakes is meant.
   */
  private void delete(T found, DeletionPropagation propagation) {
    ObjectMeta metadata = found.getMetadata();
    DeleteOptions options =
        new DeleteOptionsBuilder()
            .withPropagationPolicy(propagation.toString())
            .withNewPreconditions()
            .withUid(metadata.getUid())
            .withResourceVersion(metadata.getResourceVersion())
            .endPreconditions()
            .build();
    try {
      client.raw(path + "/" + metadata.getName(), "DELETE", options);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }
}
