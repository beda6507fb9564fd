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
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import mooring.core.PlatformRefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes and removes the objects of one kind, only ever those of the database they are for. */
final class OwnedObjects<T extends HasMetadata> {
  private static final Logger log = LoggerFactory.getLogger(OwnedObjects.class);
  private static final String FIELD_MANAGER = "mooring";
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  private final KubernetesClient client;
  private final String kind;
  private final String path;
  private final NonNamespaceOperation<T, ? extends KubernetesResourceList<T>, ? extends Resource<T>>
      objects;

  /**
   * The objects of one kind in one namespace.
   *
   * @param path of their collection on the server
   */
  OwnedObjects(
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
  static OwnedObjects<GenericKubernetesResource> custom(
      KubernetesClient client, ResourceDefinitionContext kind, String namespace) {
    return new OwnedObjects<>(
        client,
        kind.getKind(),
        "/apis/"
            + kind.getGroup()
            + "/"
            + kind.getVersion()
            + "/namespaces/"
            + namespace
            + "/"
            + kind.getPlural(),
        client.genericKubernetesResources(kind).inNamespace(namespace));
  }

  /** Creates an object that is never changed afterwards; nothing happens when it is there. */
  void create(T object, UUID instance) {
    String name = object.getMetadata().getName();
    try {
      try {
        objects.resource(object).create();
      } catch (KubernetesClientException e) {
        if (e.getCode() != CONFLICT) {
          throw e;
        }
        refuseForeign(name, instance);
      }
    } catch (KubernetesClientException e) {
      throw ApiFailures.of(kind, name, e);
    }
  }

  /** An object, if it is there and the database's. */
  Optional<T> find(String name, UUID instance) {
    try {
      return Optional.ofNullable(owned(name, instance));
    } catch (KubernetesClientException e) {
      throw ApiFailures.of(kind, name, e);
    }
  }

  /**
   * Applies an object server-side. The first try is without force, so that it cannot take over an
   * object of the same name that is somebody else's: whoever made that owns its fields, and the
   * server answers with a conflict. If the object turns out to be the database's own, somebody has
   * changed fields of ours, and what the record says is forced back.
   *
   * @return the object as the server now has it
   */
  T apply(T object, UUID instance) {
    String name = object.getMetadata().getName();
    try {
      try {
        return objects.resource(object).fieldManager(FIELD_MANAGER).serverSideApply();
      } catch (KubernetesClientException e) {
        if (e.getCode() != CONFLICT) {
          throw e;
        }
        refuseForeign(name, instance);
        return objects
            .resource(object)
            .fieldManager(FIELD_MANAGER)
            .forceConflicts()
            .serverSideApply();
      }
    } catch (KubernetesClientException e) {
      throw ApiFailures.of(kind, name, e);
    }
  }

  /**
   * Removes an object, and what it owns before it, if it is the database's.
   *
   * @return whether it is gone; what is not the database's does not count
   */
  boolean remove(String name, UUID instance) {
    try {
      T found = owned(name, instance);
      if (found == null) {
        return true;
      }
      if (found.getMetadata().getDeletionTimestamp() == null) {
        delete(found);
      }
      return owned(name, instance) == null;
    } catch (KubernetesClientException e) {
      throw ApiFailures.of(kind, name, e);
    }
  }

  /**
   * Removes an object, but nothing that it owns, if it is the database's.
   *
   * @return whether it is gone
   */
  boolean release(String name, UUID instance) {
    try {
      T found = owned(name, instance);
      if (found != null && found.getMetadata().getDeletionTimestamp() == null) {
        delete(found, DeletionPropagation.ORPHAN);
      }
      return found == null || owned(name, instance) == null;
    } catch (KubernetesClientException e) {
      throw ApiFailures.of(kind, name, e);
    }
  }

  /**
   * Removes what an operator has derived from an object of the database, by the label that says so.
   *
   * @return whether it is gone
   */
  boolean removeAll(String label, String value) {
    try {
      List<T> found = derived(label, value);
      found.stream()
          .filter(object -> object.getMetadata().getDeletionTimestamp() == null)
          .forEach(this::delete);
      return found.isEmpty() || derived(label, value).isEmpty();
    } catch (KubernetesClientException e) {
      throw ApiFailures.of(kind, label + "=" + value, e);
    }
  }

  private List<T> derived(String label, String value) {
    return objects.withLabel(label, value).list().getItems();
  }

  private void delete(T found) {
    delete(found, DeletionPropagation.FOREGROUND);
  }

  /** By a plain request: the fluent calls cannot say which of several namesakes is meant. */
  private void delete(T found, DeletionPropagation propagation) {
    ObjectMeta metadata = found.getMetadata();
    DeleteOptions options =
        new DeleteOptionsBuilder()
            .withPropagationPolicy(propagation.toString())
            .withNewPreconditions()
            .withUid(metadata.getUid())
            .endPreconditions()
            .build();
    try {
      client.raw(path + "/" + metadata.getName(), "DELETE", options);
    } catch (KubernetesClientException e) {
      if (e.getCode() != NOT_FOUND) {
        throw e;
      }
    }
  }

  private T owned(String name, UUID instance) {
    T found = objects.withName(name).get();
    if (found == null || Labels.belongs(found, instance)) {
      return found;
    }
    log.atWarn()
        .addKeyValue("kind", kind)
        .addKeyValue("object", name)
        .addKeyValue("instance", instance)
        .log("left alone: an object of this name does not belong to the database");
    return null;
  }

  private void refuseForeign(String name, UUID instance) {
    T found = objects.withName(name).get();
    if (found != null && !Labels.belongs(found, instance)) {
      throw new PlatformRefusedException(
          kind + " " + name + " exists and does not belong to the database");
    }
  }
}
