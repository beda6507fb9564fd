package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A role that is kept as its Cluster describes it, with CloudNativePG's defaults.
 *
 * @param name of the role
 * @param present whether it is to exist
 * @param attributes its attributes as SQL, such as {@code LOGIN NOCREATEDB}; empty: left alone
 * @param secretName the Secret with its password; empty when the password is left alone
 */
record ManagedRole(String name, boolean present, String attributes, String secretName) {
  private static final Map<String, String> ATTRIBUTES = attributeWords();

  static List<ManagedRole> listOf(GenericKubernetesResource cluster) {
    return cluster.get("spec", "managed", "roles") instanceof List<?> list
        ? list.stream()
            .filter(Map.class::isInstance)
            .map(role -> of((Map<?, ?>) role))
            .filter(role -> !role.name().isEmpty())
            .toList()
        : List.of();
  }

  /** A role with the fields of one that is described. */
  static ManagedRole of(Map<?, ?> role) {
    String attributes =
        ATTRIBUTES.entrySet().stream()
            .map(field -> (isSet(role, field.getKey()) ? "" : "NO") + field.getValue())
            .collect(Collectors.joining(" "));
    return new ManagedRole(
        role.get("name") instanceof String name ? name : "",
        !"absent".equals(role.get("ensure")),
        attributes + " CONNECTION LIMIT " + limit(role),
        role.get("passwordSecret") instanceof Map<?, ?> secret
                && secret.get("name") instanceof String name
            ? name
            : "");
  }

  private static boolean isSet(Map<?, ?> role, String field) {
    Object value = role.get(field);
    return value == null ? field.equals("inherit") : Boolean.TRUE.equals(value);
  }

  private static int limit(Map<?, ?> role) {
    return role.get("connectionLimit") instanceof Number limit ? limit.intValue() : -1;
  }

  private static Map<String, String> attributeWords() {
    Map<String, String> words = new LinkedHashMap<>();
    words.put("login", "LOGIN");
    words.put("createdb", "CREATEDB");
    words.put("createrole", "CREATEROLE");
    words.put("inherit", "INHERIT");
    words.put("replication", "REPLICATION");
    words.put("bypassrls", "BYPASSRLS");
    words.put("superuser", "SUPERUSER");
    return words;
  }

  /** Whether it is one that no Cluster may describe. */
  boolean isReserved() {
    return name.equals("postgres")
        || name.equals("streaming_replica")
        || name.startsWith("pg_")
        || name.startsWith("cnpg_");
  }
}
