package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mooring.core.Instance;
import mooring.core.Names;
import mooring.core.PlatformRefusedException;
import mooring.core.Recovery;

/**
 * What a Cluster's data begin with: nothing, or a backup. It counts once, when the Cluster is made,
 * and is the same in every later apply.
 */
final class ClusterBootstrap {
  private static final String ORIGIN = "origin";

  private ClusterBootstrap() {}

  /** Adds it to a Cluster's spec. */
  static void addTo(Map<String, Object> spec, Instance instance, PlatformSettings settings) {
    Recovery recovery = instance.setup().recovery();
    if (recovery == null) {
      spec.put("bootstrap", Map.of("initdb", initdb(instance)));
      return;
    }
    if (settings.backupStores() == null) {
      throw new PlatformRefusedException("backups are not set up, so none can be recovered");
    }
    spec.put("bootstrap", Map.of("recovery", recovery(instance, recovery)));
    spec.put(
        "externalClusters",
        List.of(
            Map.of("name", ORIGIN, "plugin", Archive.origin(recovery, settings.backupStores()))));
  }

  /** The owner that a Cluster was made with; empty when it names none. */
  static String owner(GenericKubernetesResource cluster) {
    Object made = cluster.get("spec", "bootstrap", "initdb", "owner");
    Object owner = made == null ? cluster.get("spec", "bootstrap", "recovery", "owner") : made;
    return owner == null ? "" : owner.toString();
  }

  /** The C locale sorts the same with every image, so no index breaks when the image changes. */
  private static Map<String, Object> initdb(Instance instance) {
    Map<String, Object> initdb = login(instance);
    initdb.put("encoding", "UTF8");
    initdb.put("localeCollate", "C");
    initdb.put("localeCType", "C");
    if (instance.ownsPostgres()) {
      String owner = instance.owner().replace("\"", "\"\"");
      initdb.put("postInitSQL", List.of("ALTER DATABASE postgres OWNER TO \"" + owner + "\""));
    }
    return initdb;
  }

  private static Map<String, Object> recovery(Instance instance, Recovery recovery) {
    Map<String, Object> from = login(instance);
    from.put("source", ORIGIN);
    if (recovery.backup() != null) {
      from.put("recoveryTarget", Map.of("backupID", recovery.backup(), "targetImmediate", true));
    } else if (recovery.moment() != null) {
      from.put("recoveryTarget", Map.of("targetTime", recovery.moment().toString()));
    }
    return from;
  }

  private static Map<String, Object> login(Instance instance) {
    Map<String, Object> login = new LinkedHashMap<>();
    // CloudNativePG does not take PostgreSQL's own for the application's.
    boolean beside = instance.ownsPostgres();
    login.put("database", beside ? Names.APPLICATION_DATABASE : instance.database());
    login.put("owner", instance.owner());
    login.put("secret", Map.of("name", LoginSecret.name(instance)));
    return login;
  }
}
