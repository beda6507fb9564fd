package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import mooring.core.Fence;
import mooring.core.PlatformRefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes and removes the objects of one kind, only ever those of the database they are for. */
final class OwnedObjects<T extends HasMetadata> {
  private static final Logger log = LoggerFactory.getLogger(OwnedObjects.class);

  private final ObjectCalls<T> calls;

  OwnedObjects(ObjectCalls<T> calls) {
    this.calls = calls;
  }

  /** The objects of a kind that an operator has brought along. */
  static OwnedObjects<GenericKubernetesResource> custom(
      KubernetesClient client, ResourceDefinitionContext kind, String namespace) {
    return new OwnedObjects<>(ObjectCalls.custom(client, kind, namespace));
  }

  /**
   * What an apply has come to.
   *
   * @param before what was there; null for nothing
   * @param after what is there now
   */
  record Written<T>(T before, T after) {}

  /** Creates an object that is never changed afterwards; nothing happens when it is there. */
  void create(T object, UUID instance) {
    String name = object.getMetadata().getName();
    try {
      try {
        calls.create(object);
      } catch (KubernetesClientException e) {
        if (!Conflicts.isOne(e)) {
          throw e;
        }
        T unused = readForWrite(name, instance);
      }
    } catch (KubernetesClientException e) {
      throw ApiFailures.of(calls.kind(), name, e);
    }
  }

  /** An object, if it is there and the database's. */
  Optional<T> find(String name, UUID instance) {
    try {
      return Optional.ofNullable(owned(name, instance));
    } catch (KubernetesClientException e) {
      throw ApiFailures.of(calls.kind(), name, e);
    }
  }

  /**
   * Applies an object server-side. It is read, then the attempt asks for leave, then the server
   * takes it only if it still is as it was read, so neither an object of the same name that is
   * somebody else's nor one that was changed after the attempt had lost its lease is touched. Whose
   * fields of ours were changed by somebody, gets back what the record says.
   *
   * @param wanted makes the object from the one that is there; null for none
   */
  Written<T> apply(String name, UnaryOperator<T> wanted, Attempt attempt) {
    return Conflicts.persistently(
        calls.kind(),
        name,
        () -> {
          T there = readForWrite(name, attempt.instance());
          T object = wanted.apply(there);
          attempt.admit(there, object);
          return new Written<>(there, calls.apply(object));
        });
  }

  /** Removes an object, and what it owns before it, if it is the database's. */
  boolean remove(String name, UUID instance) {
    return remove(name, new Attempt(instance, Fence.none()));
  }

  /**
   * Removes an object, and what it owns before it, if it is the database's.
   *
   * @return whether it is gone; what is not the database's does not count
   */
  boolean remove(String name, Attempt attempt) {
    return remove(name, attempt, calls::delete);
  }

  /**
   * Removes an object, but nothing that it owns, if it is the database's.
   *
   * @return whether it is gone
   */
  boolean release(String name, Attempt attempt) {
    return remove(name, attempt, calls::release);
  }

  /**
   * Lets an object that is being deleted go without what its finalizer stands for, if it is the
   * database's.
   *
   * @return whether it is gone, or not being deleted at all
   */
  boolean letGo(String name, String finalizer, Attempt attempt) {
    return Conflicts.persistently(
        calls.kind(),
        name,
        () -> {
          T found = owned(name, attempt.instance());
          if (found == null || !found.isMarkedForDeletion()) {
            return true;
          }
          if (found.hasFinalizer(finalizer)) {
            attempt.admit();
            calls.withoutFinalizer(found, finalizer);
          }
          return owned(name, attempt.instance()) == null;
        });
  }

  private boolean remove(String name, Attempt attempt, Consumer<T> removal) {
    return Conflicts.persistently(
        calls.kind(),
        name,
        () -> {
          T found = owned(name, attempt.instance());
          if (found == null) {
            return true;
          }
          if (found.getMetadata().getDeletionTimestamp() == null) {
            attempt.admit();
            removal.accept(found);
          }
          return owned(name, attempt.instance()) == null;
        });
  }

  /** Removes what an operator has derived from an object of the database; nobody competes. */
  boolean removeAll(String label, String value, UUID instance) {
    return removeAll(label, value, new Attempt(instance, Fence.none()));
  }

  /**
   * Removes what an operator has derived from an object of the database, by the label that says so.
   *
   * @return whether it is gone
   */
  boolean removeAll(String label, String value, Attempt attempt) {
    return removeAll(label, value, any -> true, attempt);
  }

  /**
   * Removes some of them.
   *
   * @param which asked again for whatever changes meanwhile
   * @return whether they are gone
   */
  boolean removeAll(String label, String value, Predicate<T> which, Attempt attempt) {
    return Conflicts.persistently(
        calls.kind(),
        label + "=" + value,
        () -> {
          List<T> found = labelled(label, value, which);
          found.stream()
              .filter(object -> object.getMetadata().getDeletionTimestamp() == null)
              .forEach(
                  object -> {
                    attempt.admit();
                    calls.delete(object);
                  });
          return found.isEmpty() || labelled(label, value, which).isEmpty();
        });
  }

  private List<T> labelled(String label, String value, Predicate<T> which) {
    return calls.labelled(label, value).stream().filter(which).toList();
  }

  private T owned(String name, UUID instance) {
    T found = calls.get(name);
    if (found == null || Labels.belongs(found, instance)) {
      return found;
    }
    log.atWarn()
        .addKeyValue("kind", calls.kind())
        .addKeyValue("object", name)
        .addKeyValue("instance", instance)
        .log("left alone: an object of this name does not belong to the database");
    return null;
  }

  private T readForWrite(String name, UUID instance) {
    T found = calls.get(name);
    if (found != null && !Labels.belongs(found, instance)) {
      throw new PlatformRefusedException(
          calls.kind() + " " + name + " exists and does not belong to the database");
    }
    return found;
  }
}
