package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;
import mooring.core.Administered;
import mooring.core.Instance;
import mooring.core.LogicalDatabase;
import mooring.core.OperationKind;
import mooring.core.Role;
import mooring.core.Stage;

/** The roles and logical databases within databases, on Kubernetes. Each call blocks. */
final class KubernetesContents {
  private static final Administered DONE = new Administered(true, 0, null);

  private final PlatformSettings settings;
  private final OwnedObjects<Secret> secrets;
  private final OwnedObjects<GenericKubernetesResource> roles;
  private final OwnedObjects<GenericKubernetesResource> databases;

  KubernetesContents(
      KubernetesClient client, PlatformSettings settings, OwnedObjects<Secret> secrets) {
    this.settings = settings;
    this.secrets = secrets;
    this.roles = OwnedObjects.custom(client, ContentsObjects.ROLES, settings.namespace());
    this.databases = OwnedObjects.custom(client, ContentsObjects.DATABASES, settings.namespace());
  }

  /** Makes them as they are wanted; roles come first, as databases need their owners. */
  Administered administer(Instance instance, Map<UUID, String> passwords, Attempt attempt) {
    // What is there is left alone, unless it was copied together with the servers.
    OperationKind kind = instance.operation().kind();
    boolean all = kind != OperationKind.ADMINISTER && kind != OperationKind.MIGRATE;
    List<Administered> found = new ArrayList<>();
    for (Role role : instance.contents().roles()) {
      if (role.stage() == Stage.REMOVING) {
        found.add(remove(instance, role, attempt));
      } else if (all || role.stage() != Stage.THERE) {
        found.add(make(instance, role, passwords.get(role.id()), attempt));
      }
    }
    for (LogicalDatabase database : instance.contents().databases()) {
      if (database.stage() == Stage.REMOVING) {
        found.add(remove(instance, database, attempt));
      } else if (all || database.stage() != Stage.THERE) {
        found.add(make(instance, database, attempt));
      }
    }
    return new Administered(
        found.stream().allMatch(Administered::done),
        found.stream().mapToLong(Administered::version).max().orElse(0),
        found.stream()
            .map(Administered::refusal)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null));
  }

  /** Takes back what was begun of it; whether nothing is left to do. */
  boolean takeBack(Instance instance, Map<UUID, String> passwords, Attempt attempt) {
    boolean back = true;
    for (Role role : instance.contents().roles()) {
      back &=
          switch (role.stage()) {
            case THERE -> true;
            case MAKING -> discard(instance, role, attempt);
            case CHANGING, SWITCHING, REMOVING ->
                keep(instance, role.before(), passwords.get(role.id()), attempt);
          };
    }
    for (LogicalDatabase database : instance.contents().databases()) {
      switch (database.stage()) {
        case THERE, CHANGING, SWITCHING -> {}
        case MAKING -> discard(instance, database, attempt);
        case REMOVING -> {
          GenericKubernetesResource unused = apply(instance, database.at(Stage.THERE), attempt);
        }
      }
    }
    return back;
  }

  /** Removes the objects of a database whose servers have gone. */
  boolean removeAll(Instance instance, Attempt attempt) {
    String id = instance.id().toString();
    boolean gone = databases.removeAll(Labels.INSTANCE, id, attempt);
    gone &= roles.removeAll(Labels.INSTANCE, id, attempt);
    for (Role role : instance.contents().roles()) {
      gone &= removeSecret(instance, role, attempt);
    }
    return gone;
  }

  /**
   * Removes the objects for a Cluster that has gone, while the database has another.
   *
   * @return whether they are gone
   */
  boolean removeOf(String cluster, Attempt attempt) {
    String id = attempt.instance().toString();
    Predicate<GenericKubernetesResource> its = object -> ContentsObjects.isOf(cluster, object);
    boolean gone = databases.removeAll(Labels.INSTANCE, id, its, attempt);
    return roles.removeAll(Labels.INSTANCE, id, its, attempt) && gone;
  }

  private Administered make(Instance instance, Role role, String password, Attempt attempt) {
    String name = ContentsObjects.name(instance, role);
    GenericKubernetesResource there = roles.find(name, instance.id()).orElse(null);
    if (there != null && there.isMarkedForDeletion()) {
      return new Administered(false, Versions.of(there), null);
    }
    Secret secret =
        secrets
            .apply(
                ContentsObjects.secretName(instance, role),
                any -> ContentsObjects.secret(instance, role, password, settings),
                attempt)
            .after();
    GenericKubernetesResource object =
        roles.apply(name, any -> ContentsObjects.role(instance, role, settings), attempt).after();
    return ContentsReader.read(object, secret.getMetadata().getResourceVersion());
  }

  private Administered make(Instance instance, LogicalDatabase database, Attempt attempt) {
    GenericKubernetesResource there =
        databases.find(ContentsObjects.name(instance, database), instance.id()).orElse(null);
    return there != null && there.isMarkedForDeletion()
        ? new Administered(false, Versions.of(there), null)
        : ContentsReader.read(apply(instance, database, attempt));
  }

  /** The operator drops the role before it lets its object go; one that owns anything stays. */
  private Administered remove(Instance instance, Role role, Attempt attempt) {
    String name = ContentsObjects.name(instance, role);
    GenericKubernetesResource there = roles.find(name, instance.id()).orElse(null);
    if (there == null) {
      return removeSecret(instance, role, attempt) ? DONE : new Administered(false, 0, null);
    }
    if (there.isMarkedForDeletion()) {
      return new Administered(false, Versions.of(there), ContentsReader.read(there).refusal());
    }
    boolean unused = roles.remove(name, attempt);
    // The version from before: whatever is said of the removal is newer.
    return new Administered(false, Versions.of(there), null);
  }

  /** It is dropped first, which can be refused, and its object deleted afterwards. */
  private Administered remove(Instance instance, LogicalDatabase database, Attempt attempt) {
    String name = ContentsObjects.name(instance, database);
    GenericKubernetesResource there = databases.find(name, instance.id()).orElse(null);
    if (there == null) {
      return DONE;
    }
    if (there.isMarkedForDeletion()) {
      return new Administered(false, Versions.of(there), null);
    }
    Administered dropped = ContentsReader.read(apply(instance, database, attempt));
    if (!dropped.done()) {
      return dropped;
    }
    return databases.remove(name, attempt)
        ? DONE
        : new Administered(false, dropped.version(), null);
  }

  private GenericKubernetesResource apply(
      Instance instance, LogicalDatabase database, Attempt attempt) {
    return databases
        .apply(
            ContentsObjects.name(instance, database),
            there -> ContentsObjects.database(instance, database, settings),
            attempt)
        .after();
  }

  private void discard(Instance instance, LogicalDatabase database, Attempt attempt) {
    discard(databases, ContentsObjects.database(instance, database, settings), attempt);
  }

  private boolean discard(Instance instance, Role role, Attempt attempt) {
    discard(roles, ContentsObjects.role(instance, role, settings), attempt);
    return removeSecret(instance, role, attempt);
  }

  /**
   * The operator drops what an object stands for, made by it or not: what it never came to may be
   * somebody else's, of the same name, and stays.
   */
  private static void discard(
      OwnedObjects<GenericKubernetesResource> kind,
      GenericKubernetesResource object,
      Attempt attempt) {
    String name = Labels.name(object);
    boolean untouched =
        kind.find(name, attempt.instance())
            .filter(there -> !there.isMarkedForDeletion())
            .filter(there -> !ContentsReader.everApplied(there))
            .isPresent();
    if (untouched) {
      var unused = kind.apply(name, there -> ContentsObjects.retained(object), attempt);
    }
    // The operator goes on with it, however long that takes: it is asked for by the object.
    boolean unused = kind.remove(name, attempt);
  }

  private boolean removeSecret(Instance instance, Role role, Attempt attempt) {
    return secrets.remove(ContentsObjects.secretName(instance, role), attempt);
  }

  /** A deletion cannot be taken back: its object goes without the role, and is made anew. */
  private boolean keep(Instance instance, Role role, String password, Attempt attempt) {
    String name = ContentsObjects.name(instance, role);
    if (!roles.letGo(name, ContentsObjects.FINALIZER, attempt)) {
      return false;
    }
    // The operator goes on with it by itself.
    Administered unused = make(instance, role, password, attempt);
    return true;
  }
}
