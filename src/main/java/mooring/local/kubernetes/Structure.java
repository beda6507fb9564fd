package mooring.local.kubernetes;

import java.util.List;
import java.util.Map;
import mooring.local.kubernetes.ResourceType.Trait;

/**
 * What the schemas of the real server say about merging: which lists have identities, which maps
 * are one value, and which objects are always there. Paths hold field names alone; an item of a
 * list has the path of its list.
 *
 * <p>Custom resources are taken without a schema, as version 1.20 does. Later versions read the
 * list types of the definition and merge, say, finalizers as a set.
 */
final class Structure {
  private static final ListKind BY_NAME = ListKind.keyed("name");

  /** Known by the end of the path, for built-in types. */
  private static final Map<String, ListKind> BUILT_IN =
      Map.ofEntries(
          Map.entry(".metadata.ownerReferences", ListKind.keyed("uid")),
          Map.entry(".metadata.finalizers", ListKind.SET),
          Map.entry(".status.conditions", ListKind.keyed("type")),
          Map.entry(".spec.ports", ListKind.keyed("port", "protocol")),
          Map.entry(".secrets", BY_NAME),
          Map.entry(".imagePullSecrets", BY_NAME));

  /** Known by the end of the path, inside a pod's template wherever it stands. */
  private static final Map<String, ListKind> POD =
      Map.ofEntries(
          Map.entry(".spec.containers", BY_NAME),
          Map.entry(".spec.initContainers", BY_NAME),
          Map.entry(".spec.ephemeralContainers", BY_NAME),
          Map.entry("ontainers.env", BY_NAME),
          Map.entry("ontainers.ports", ListKind.keyed("containerPort", "protocol")),
          Map.entry("ontainers.volumeMounts", ListKind.keyed("mountPath")),
          Map.entry("ontainers.volumeDevices", ListKind.keyed("devicePath")),
          Map.entry(".spec.volumes", BY_NAME),
          Map.entry(".spec.imagePullSecrets", BY_NAME),
          Map.entry(".spec.hostAliases", ListKind.keyed("ip")),
          Map.entry(
              ".spec.topologySpreadConstraints",
              ListKind.keyed("topologyKey", "whenUnsatisfiable")));

  /** Objects that are one value, by the end of the path. */
  private static final List<String> ATOMIC_MAPS =
      List.of(
          ".podSelector",
          ".namespaceSelector",
          ".labelSelector",
          ".secretKeyRef",
          ".configMapKeyRef",
          ".fieldRef",
          ".resourceFieldRef");

  /** Objects that a built-in type always has, so that nobody adds them. */
  private static final List<String> EVER_PRESENT =
      List.of(
          ".spec", ".status", ".spec.template", ".spec.template.metadata", ".spec.template.spec");

  private final ResourceType type;
  private final boolean custom;

  Structure(ResourceType type) {
    this.type = type;
    this.custom = type.has(Trait.CUSTOM);
  }

  /**
   * Whether there is no schema to go by: then every map is granular and owned as such, and every
   * list is one value.
   */
  boolean deduced() {
    return custom;
  }

  ListKind list(String path) {
    if (custom) {
      return ListKind.ATOMIC;
    }
    ListKind kind = find(BUILT_IN, path);
    return kind.atomic() ? find(POD, path) : kind;
  }

  boolean atomicMap(String path) {
    if (custom) {
      return false;
    }
    boolean selector =
        List.of("StatefulSet", "PersistentVolumeClaim").contains(type.kind())
            && path.endsWith(".spec.selector");
    return selector || ATOMIC_MAPS.stream().anyMatch(path::endsWith);
  }

  boolean everPresent(String path) {
    return path.equals(".metadata") || (!custom && EVER_PRESENT.contains(path));
  }

  private static ListKind find(Map<String, ListKind> table, String path) {
    return table.entrySet().stream()
        .filter(e -> path.endsWith(e.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(ListKind.ATOMIC);
  }
}
