package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import mooring.local.postgres.PostgresException;

/**
 * What a Pooler object asks for.
 *
 * @param cluster that it is for
 * @param instances how many are wanted
 * @param mode when a connection is given to another client
 * @param parameters PgBouncer's settings, over those that it has here by itself
 * @param clientRules which clients are let in, in the form of {@code pg_hba.conf}; null for all
 */
record PoolerSpec(
    String cluster,
    int instances,
    String mode,
    Map<String, String> parameters,
    List<String> clientRules) {
  private static final Pattern NAME = Pattern.compile("[a-z_]+");

  /** The Cluster that a Pooler is for. */
  static String cluster(GenericKubernetesResource pooler) {
    return new Fields(pooler).text("", "spec", "cluster", "name");
  }

  static PoolerSpec of(GenericKubernetesResource pooler) {
    Fields fields = new Fields(pooler);
    PoolerSpec spec =
        new PoolerSpec(
            cluster(pooler),
            fields.number(1, "spec", "instances"),
            fields.text("session", "spec", "pgbouncer", "poolMode"),
            fields.map("spec", "pgbouncer", "parameters"),
            rules(fields.texts("spec", "pgbouncer", "pg_hba")));
    spec.parameters.forEach(PoolerSpec::check);
    return spec;
  }

  private static List<String> rules(List<String> given) {
    return given.isEmpty() ? null : given;
  }

  /**
   * The same for clients from some places only.
   *
   * @param allowed the blocks of addresses that they may come from; null for any
   */
  PoolerSpec within(List<String> allowed) {
    List<String> rules = ClientRules.ofPooler(clientRules, allowed);
    return new PoolerSpec(cluster, instances, mode, parameters, rules);
  }

  private static void check(String name, String value) {
    if (!NAME.matcher(name).matches() || value.chars().anyMatch(Character::isISOControl)) {
      throw new PostgresException("not a setting PgBouncer can read: " + name);
    }
  }
}
