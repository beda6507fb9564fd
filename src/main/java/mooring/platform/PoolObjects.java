package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mooring.core.Address;
import mooring.core.ConnectionPool;
import mooring.core.Instance;

/** The Pooler of one connection pool, and the Service that its clients reach it by. */
final class PoolObjects {
  private PoolObjects() {}

  /** A Pooler passes on to every database what its rules of access let in. */
  static GenericKubernetesResource of(
      Instance instance, ConnectionPool pool, PlatformSettings settings) {
    Map<String, String> parameters = new TreeMap<>(instance.setup().pools().parameters());
    parameters.put("default_pool_size", Integer.toString(pool.size()));
    Map<String, Object> pgbouncer =
        Map.of(
            "poolMode", pool.mode().word(),
            "parameters", parameters,
            "pg_hba", rules(pool));
    String name = pool.poolerName(PostgresCluster.name(instance));
    GenericKubernetesResource pooler = PoolerObjects.pooler(instance, name, pgbouncer, settings);
    pooler.<Map<String, Object>>get("spec").put("template", template(instance, pool));
    pooler
        .getMetadata()
        .getAnnotations()
        .put(PoolerView.CHANGED_BY, instance.operation().id().toString());
    return pooler;
  }

  /** What it was last changed by stays until it is changed again. */
  static GenericKubernetesResource over(
      GenericKubernetesResource there, GenericKubernetesResource wanted) {
    if (there != null && PoolerView.settings(there).equals(PoolerView.settings(wanted))) {
      String before = Labels.annotation(there, PoolerView.CHANGED_BY);
      if (before != null) {
        var unused = wanted.getMetadata().getAnnotations().replace(PoolerView.CHANGED_BY, before);
      }
    }
    return wanted;
  }

  /** Pods say by it what they were made with: other settings have other pods. */
  private static Map<String, Object> template(Instance instance, ConnectionPool pool) {
    String digest = instance.setup().pools().digest(pool);
    return Map.of(
        "metadata", Map.of("annotations", Map.of(PoolerView.SETTINGS, digest)),
        "spec", Map.of("containers", List.of()));
  }

  /** Older releases of PgBouncer know no other word for any address. */
  private static List<String> rules(ConnectionPool pool) {
    String login = quoted(pool.database()) + " " + quoted(pool.role());
    return List.of(
        "hostssl " + login + " 0.0.0.0/0 scram-sha-256",
        "hostssl " + login + " ::/0 scram-sha-256",
        "host all all 0.0.0.0/0 reject",
        "host all all ::/0 reject");
  }

  /** A word with a meaning of its own has none in quotes. */
  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  static Service service(Instance instance, ConnectionPool pool, PlatformSettings settings) {
    Address address = pool.address(instance);
    Service service =
        PoolerObjects.service(
            instance,
            pool.serviceName(instance),
            pool.poolerName(PostgresCluster.name(instance)),
            address.port(),
            settings);
    if (settings.serviceType() == ServiceType.LOAD_BALANCER && !address.numeric()) {
      service.getMetadata().getAnnotations().put(ClientService.HOST_NAME, address.host());
    }
    return service;
  }
}
