package mooring.local.kubernetes;

import java.util.Optional;

/**
 * Where an object lives.
 *
 * @param namespace empty for cluster-scoped types
 */
record ObjectKey(ResourceType type, String namespace, String name) {

  /** Its place among the objects of its type; names and namespaces hold no slash. */
  String path() {
    return namespace + "/" + name;
  }

  /** The key on disk. */
  String storageKey() {
    return type.group() + "/" + type.version() + "/" + type.plural() + "/" + path();
  }

  static Optional<ObjectKey> ofStorageKey(String key) {
    String[] parts = key.split("/", -1);
    if (parts.length != 5) {
      return Optional.empty();
    }
    return ResourceTypes.find(parts[0], parts[1], parts[2])
        .map(type -> new ObjectKey(type, parts[3], parts[4]));
  }

  @Override
  public String toString() {
    return type.qualifiedPlural() + " " + path();
  }
}
