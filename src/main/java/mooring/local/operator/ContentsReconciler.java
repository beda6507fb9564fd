package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import mooring.local.postgres.PostgresException;
import mooring.local.postgres.SqlText;

/** Makes the roles and databases of a Cluster's server what their objects ask for. */
final class ContentsReconciler {
  private static final String DELETE = "delete";

  private final KubernetesClient client;
  private final KubernetesView clusters;
  private final ContentsView view;
  private final ServerFleet fleet;
  private final Consumer<String> passwords;

  /** The primary that was looked at last, by Cluster. */
  private final Map<String, String> primaries = new ConcurrentHashMap<>();

  /**
   * @param passwords told the Cluster one of whose roles has got its password, before its object is
   */
  ContentsReconciler(
      KubernetesClient client,
      KubernetesView clusters,
      ContentsView view,
      ServerFleet fleet,
      Consumer<String> passwords) {
    this.client = client;
    this.clusters = clusters;
    this.view = view;
    this.fleet = fleet;
    this.passwords = passwords;
  }

  /** Returns whether there is nothing left to do until something changes. */
  boolean reconcile(String name) {
    List<ContentsObject> roles =
        view.rolesOf(name).stream().map(seen -> ContentsObject.role(client, seen)).toList();
    List<ContentsObject> databases =
        view.databasesOf(name).stream().map(seen -> ContentsObject.database(client, seen)).toList();
    GenericKubernetesResource cluster = clusters.cluster(name);
    try {
      if (cluster == null || cluster.isMarkedForDeletion()) {
        // All of them go with it, and nobody is left to drop them.
        Stream.concat(roles.stream(), databases.stream()).forEach(ContentsObject::letGo);
        primaries.remove(name);
        return true;
      }
      String primary = fleet.files(name).name();
      if (!fleet.isServing(name)) {
        return true;
      }
      boolean done = reconcile(cluster, roles, databases, isAnother(cluster, primary));
      primaries.put(name, primary); // what has failed is said to be not applied
      return done;
    } catch (OutdatedException e) {
      return false; // what is newer is on the way to us
    }
  }

  /** Whether it may lack what was applied: nothing of that has waited for a standby. */
  private boolean isAnother(GenericKubernetesResource cluster, String primary) {
    String before = primaries.get(cluster.getMetadata().getName());
    return before == null ? ClusterSpec.of(cluster).instances() > 1 : !before.equals(primary);
  }

  /**
   * Databases need their owners, which are made before them and dropped after them.
   *
   * @param again whether what is said to be applied is made once more
   */
  private boolean reconcile(
      GenericKubernetesResource cluster,
      List<ContentsObject> roles,
      List<ContentsObject> databases,
      boolean again) {
    try (LazySession session = new LazySession(cluster.getMetadata().getName())) {
      boolean done = true;
      for (ContentsObject role : roles) {
        done &= role.deleted() || make(cluster, session, role, roles, again);
      }
      for (ContentsObject database : databases) {
        done &=
            database.deleted()
                ? drop(session, database)
                : make(session, database, databases, again);
      }
      for (ContentsObject role : roles) {
        done &= !role.deleted() || drop(cluster, session, role);
      }
      return done;
    }
  }

  private boolean make(
      GenericKubernetesResource cluster,
      LazySession session,
      ContentsObject object,
      List<ContentsObject> others,
      boolean again) {
    ManagedRole role = ManagedRole.of(object.spec());
    Secret secret = role.secretName().isEmpty() ? null : clusters.secret(role.secretName());
    String version = secret == null ? "" : secret.getMetadata().getResourceVersion();
    boolean said = object.isApplied(version);
    if (!object.held() || (said && !again)) {
      return true;
    }
    if (role.isReserved() || isManagedBy(cluster, role.name())) {
      return failed(object, "the Cluster manages the role " + role.name() + " itself");
    }
    if (others.stream().anyMatch(object::isDoneBy)) {
      return failed(object, "another object stands for the role " + role.name());
    }
    if (secret == null && !role.secretName().isEmpty()) {
      return failed(object, "there is no Secret named " + role.secretName());
    }
    return tried(
        object,
        () -> {
          session
              .get()
              .keepRole(role.name(), role.attributes(), secret == null ? null : password(secret));
          if (!said) {
            passwords.accept(cluster.getMetadata().getName());
            object.applied(version);
          }
        });
  }

  private boolean make(
      LazySession session, ContentsObject database, List<ContentsObject> others, boolean again) {
    boolean said = database.isApplied("");
    if (!database.held() || (said && !again)) {
      return true;
    }
    if (others.stream().anyMatch(database::isDoneBy)) {
      return failed(database, "another object stands for the database " + database.name());
    }
    return tried(
        database,
        () -> {
          if (database.text("ensure").equals("absent")) {
            if (database.isRefused()) { // it has been waited for, and may be kept after all
              session.get().requireUnused(database.name());
            }
            session.get().dropDatabase(database.name());
          } else {
            session.get().keepDatabase(database.name(), database.text("owner"), options(database));
          }
          if (!said) {
            database.applied("");
          }
        });
  }

  private static String options(ContentsObject database) {
    StringBuilder options = new StringBuilder();
    if (!database.text("template").isEmpty()) {
      options.append(" TEMPLATE ").append(SqlText.identifier(database.text("template")));
    }
    if (!database.text("localeCollate").isEmpty()) {
      options.append(" LC_COLLATE ").append(SqlText.literal(database.text("localeCollate")));
    }
    if (!database.text("localeCType").isEmpty()) {
      options.append(" LC_CTYPE ").append(SqlText.literal(database.text("localeCType")));
    }
    return options.toString();
  }

  private boolean drop(LazySession session, ContentsObject database) {
    return tried(
        database,
        () -> {
          if (database.everApplied() && database.text("databaseReclaimPolicy").equals(DELETE)) {
            session.get().dropDatabase(database.name());
          }
          database.letGo();
        });
  }

  private boolean drop(
      GenericKubernetesResource cluster, LazySession session, ContentsObject role) {
    return tried(
        role,
        () -> {
          if (role.everApplied()
              && role.text("databaseRoleReclaimPolicy").equals(DELETE)
              && !isManagedBy(cluster, role.name())) {
            session.get().dropRole(role.name());
          }
          role.letGo();
        });
  }

  private static boolean isManagedBy(GenericKubernetesResource cluster, String role) {
    ClusterSpec spec = ClusterSpec.of(cluster);
    return spec.owner().equals(role)
        || spec.roles().stream().anyMatch(managed -> managed.name().equals(role));
  }

  private static boolean tried(ContentsObject object, Runnable change) {
    try {
      change.run();
      return true;
    } catch (PostgresException e) {
      return failed(object, e.getMessage());
    }
  }

  private static boolean failed(ContentsObject object, String message) {
    object.failed(message);
    return false;
  }

  private static String password(Secret secret) {
    String value = secret.getData() == null ? null : secret.getData().get("password");
    if (value == null) {
      throw new PostgresException(
          "the Secret " + secret.getMetadata().getName() + " has no password");
    }
    return new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
  }

  /** A session that is opened when something is to be done. */
  private final class LazySession implements AutoCloseable {
    private final String cluster;
    private Administration open;

    LazySession(String cluster) {
      this.cluster = cluster;
    }

    Administration get() {
      if (open == null) {
        open = fleet.connect(cluster, Administration::open);
      }
      return open;
    }

    @Override
    public void close() {
      if (open != null) {
        open.close();
      }
    }
  }
}
