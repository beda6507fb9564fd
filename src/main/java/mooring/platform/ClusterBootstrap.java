package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import mooring.core.Instance;
import mooring.core.Names;
import mooring.core.PlatformRefusedException;
import mooring.core.Recovery;
import mooring.core.ReplicaOf;

/**
 * What a Cluster's data begin with: nothing, a backup, or what another one has. It counts once,
 * when the Cluster is made, and is the same in every later apply.
 */
final class ClusterBootstrap {
  private static final String ORIGIN = "origin";
  private static final List<String> METHODS = List.of("initdb", "recovery", "pg_basebackup");

  private ClusterBootstrap() {}

  /** Adds it to a Cluster's spec. */
  static void addTo(Map<String, Object> spec, Instance instance, PlatformSettings settings) {
    Recovery recovery = instance.setup().recovery();
    if (recovery == null && instance.replicaOf().isPresent()) {
      spec.putAll(replica(instance, instance.replicaOf().get()));
      return;
    }
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
    return METHODS.stream()
        .map(method -> cluster.get("spec", "bootstrap", method, "owner"))
        .filter(Objects::nonNull)
        .findFirst()
        .map(Object::toString)
        .orElse("");
  }

  /**
   * A copy of a source's data, which follows it until it is promoted; by the certificates that the
   * source's operator has made for its own standbys.
   */
  private static Map<String, Object> replica(Instance instance, ReplicaOf origin) {
    Map<String, Object> copy = login(instance);
    copy.put("source", ORIGIN);
    String cluster = origin.cluster();
    Map<String, Object> source = new LinkedHashMap<>();
    source.put("name", ORIGIN);
    source.put(
        "connectionParameters",
        Map.of(
            "host", cluster + "-rw",
            "user", "streaming_replica",
            "dbname", "postgres",
            "sslmode", "verify-full"));
    source.put("sslKey", Map.of("name", cluster + "-replication", "key", "tls.key"));
    source.put("sslCert", Map.of("name", cluster + "-replication", "key", "tls.crt"));
    source.put("sslRootCert", Map.of("name", cluster + "-ca", "key", "ca.crt"));
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("bootstrap", Map.of("pg_basebackup", copy));
    spec.put("replica", Map.of("enabled", origin.follows(), "source", ORIGIN));
    spec.put("externalClusters", List.of(source));
    // By which the source's pods let these in, whatever other clients are kept out. Labels of pods
    // are changed when they are others, but never taken away.
    String followed = origin.follows() ? origin.source().toString() : "";
    spec.put("inheritedMetadata", Map.of("labels", Map.of(Labels.REPLICA_OF, followed)));
    return spec;
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
