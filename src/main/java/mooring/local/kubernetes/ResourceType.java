package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * One kind of object that the server keeps.
 *
 * @param group API group, empty for the core group
 * @param traits what sets this type apart from the plainest one
 */
record ResourceType(
    String group,
    String version,
    String kind,
    String plural,
    List<String> shortNames,
    List<Trait> traits,
    List<Column> columns) {

  /** What a type may have beside its content. */
  enum Trait {
    /** It belongs to no namespace. */
    CLUSTER_SCOPED,
    /** It has a {@code /status} subresource, which alone may write {@code status}. */
    STATUS,
    /** Its {@code metadata.generation} counts changes of what is wanted. */
    GENERATION,
    /** It is defined by a CustomResourceDefinition. */
    CUSTOM,
    /** Its name is a DNS label (RFC 1123), not a subdomain. */
    LABEL_NAME,
    /** Its name is a DNS label that starts with a letter (RFC 1035). */
    RFC1035_NAME,
    /** A PUT must name the version it replaces. */
    VERSIONED_PUT,
    /** A PUT of an absent object creates it. */
    CREATE_ON_PUT
  }

  /**
   * A printed column beside NAME and AGE.
   *
   * @param value finds it in the object
   */
  record Column(String name, String type, Function<ObjectNode, JsonNode> value) {}

  boolean has(Trait trait) {
    return traits.contains(trait);
  }

  boolean namespaced() {
    return !has(Trait.CLUSTER_SCOPED);
  }

  String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  String singular() {
    return kind.toLowerCase(Locale.ROOT);
  }

  /** As error messages name the resource: {@code clusters.postgresql.cnpg.io}. */
  String qualifiedPlural() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  /** As error messages name the kind: {@code Cluster.postgresql.cnpg.io}. */
  String qualifiedKind() {
    return group.isEmpty() ? kind : kind + "." + group;
  }

  /** Cheap, because types are part of every key. */
  @Override
  public int hashCode() {
    return plural.hashCode();
  }
}
