package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.LinkedHashMap;
import java.util.Map;
import mooring.core.Credentials;
import mooring.core.Instance;
import mooring.core.LogicalDatabase;
import mooring.core.Role;
import mooring.core.Stage;

/** CloudNativePG's DatabaseRole and Database: what a client made within a database. */
final class ContentsObjects {
  static final ResourceDefinitionContext ROLES = kind("DatabaseRole", "databaseroles");
  static final ResourceDefinitionContext DATABASES = kind("Database", "databases");

  /** With this the operator holds the object of a role until it has dropped the role. */
  static final String FINALIZER = "cnpg.io/deleteRole";

  private static final String RECLAIM_ROLE = "databaseRoleReclaimPolicy";
  private static final String RECLAIM_DATABASE = "databaseReclaimPolicy";
  private static final String DELETE = "delete";
  private static final String RETAIN = "retain";
  private static final String NAME = "name";

  private ContentsObjects() {}

  private static ResourceDefinitionContext kind(String kind, String plural) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(PostgresCluster.GROUP)
        .withVersion("v1")
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(true)
        .build();
  }

  /** The Secret with a role's password; it stays when other servers take over. */
  static String secretName(Instance instance, Role role) {
    return instance.objectName() + "-role-" + role.id();
  }

  /** The name of a role's object: never what a client has thought of. */
  static String name(Instance instance, Role role) {
    return PostgresCluster.name(instance) + "-role-" + role.id();
  }

  /** The name of a logical database's object. */
  static String name(Instance instance, LogicalDatabase database) {
    return PostgresCluster.name(instance) + "-database-" + database.id();
  }

  /** A role that can log in; with its object goes the role. */
  static GenericKubernetesResource role(Instance instance, Role role, PlatformSettings settings) {
    Map<String, Object> spec = spec(instance, role.name());
    spec.put("login", true);
    spec.put("replication", role.replication());
    spec.put("passwordSecret", Map.of(NAME, secretName(instance, role)));
    spec.put(RECLAIM_ROLE, DELETE);
    return object(instance, ROLES, name(instance, role), settings, spec);
  }

  /** A logical database; with its object it goes. */
  static GenericKubernetesResource database(
      Instance instance, LogicalDatabase database, PlatformSettings settings) {
    Map<String, Object> spec = spec(instance, database.name());
    spec.put("owner", database.owner());
    spec.put("ensure", database.stage() == Stage.REMOVING ? "absent" : "present");
    spec.put(RECLAIM_DATABASE, DELETE);
    LogicalDatabase.Locale locale = database.locale();
    if (!locale.equals(LogicalDatabase.Locale.OWN)) {
      // The only one that lets another locale be chosen.
      spec.put("template", "template0");
      put(spec, "localeCollate", locale.collate());
      put(spec, "localeCType", locale.ctype());
    }
    return object(instance, DATABASES, name(instance, database), settings, spec);
  }

  /** The same role or logical database; it stays when its object goes. */
  static GenericKubernetesResource retained(GenericKubernetesResource object) {
    Map<String, Object> spec = object.get("spec");
    spec.replaceAll((field, value) -> isReclaimPolicy(field) ? RETAIN : value);
    return object;
  }

  private static boolean isReclaimPolicy(String field) {
    return field.equals(RECLAIM_ROLE) || field.equals(RECLAIM_DATABASE);
  }

  /** Whether it is for a Cluster. */
  static boolean isOf(String cluster, GenericKubernetesResource object) {
    return cluster.equals(object.get("spec", "cluster", NAME));
  }

  /** What a role logs in with. */
  static Secret secret(Instance instance, Role role, String password, PlatformSettings settings) {
    Credentials login = new Credentials(role.name(), password, null);
    return LoginSecret.of(instance, secretName(instance, role), login, settings);
  }

  private static void put(Map<String, Object> spec, String field, String value) {
    if (value != null) {
      spec.put(field, value);
    }
  }

  private static Map<String, Object> spec(Instance instance, String name) {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("cluster", Map.of(NAME, PostgresCluster.name(instance)));
    spec.put(NAME, name);
    return spec;
  }

  private static GenericKubernetesResource object(
      Instance instance,
      ResourceDefinitionContext kind,
      String name,
      PlatformSettings settings,
      Map<String, Object> spec) {
    return new GenericKubernetesResourceBuilder()
        .withApiVersion(PostgresCluster.GROUP + "/" + kind.getVersion())
        .withKind(kind.getKind())
        .withMetadata(Labels.metadata(instance, name, settings))
        .addToAdditionalProperties("spec", spec)
        .build();
  }
}
