package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mooring.local.kubernetes.ResourceType.Trait;

/** The documents that tell a client which resources there are, made once. */
final class Discovery {
  private static final String VERSION = "v1.20.2";
  private static final List<String> VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
  private static final List<String> STATUS_VERBS = List.of("get", "patch", "update");

  private final Map<String, Buffer> documents = new LinkedHashMap<>();

  Discovery() {
    put("/version", version());
    ObjectNode legacy = Json.object().put("kind", "APIVersions");
    legacy.putArray("versions").add("v1");
    put("/api", legacy);
    ObjectNode groups = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
    ArrayNode list = groups.putArray("groups");
    ObjectNode schemas = Json.object();
    ObjectNode schemaPaths = schemas.putObject("paths");
    groupVersions()
        .forEach(
            (groupVersion, types) -> {
              String group = types.get(0).group();
              String path = group.isEmpty() ? "api/v1" : "apis/" + groupVersion;
              put("/" + path, resources(groupVersion, types));
              put("/openapi/v3/" + path, OpenApi.document(path, types));
              schemaPaths.putObject(path).put("serverRelativeURL", "/openapi/v3/" + path);
              if (!group.isEmpty()) {
                list.add(group(group, groupVersion, types.get(0).version()));
                put("/apis/" + group, group(group, groupVersion, types.get(0).version()));
              }
            });
    put("/apis", groups);
    put("/openapi/v3", schemas);
  }

  /** The document at a path, if one is there. */
  Optional<Buffer> at(String path) {
    boolean slash = path.length() > 1 && path.endsWith("/");
    return Optional.ofNullable(documents.get(slash ? path.substring(0, path.length() - 1) : path));
  }

  private void put(String path, ObjectNode document) {
    documents.put(path, Json.buffer(document));
  }

  private static Map<String, List<ResourceType>> groupVersions() {
    Map<String, List<ResourceType>> byGroup = new LinkedHashMap<>();
    for (ResourceType type : ResourceTypes.ALL) {
      byGroup.computeIfAbsent(
          type.apiVersion(),
          v -> ResourceTypes.ALL.stream().filter(t -> t.apiVersion().equals(v)).toList());
    }
    return byGroup;
  }

  private static ObjectNode version() {
    return Json.object()
        .put("major", "1")
        .put("minor", "20")
        .put("gitVersion", VERSION)
        .put("gitCommit", "")
        .put("gitTreeState", "clean")
        .put("buildDate", "2021-01-13T00:00:00Z")
        .put("goVersion", "")
        .put("compiler", "")
        .put("platform", "jvm/embedded");
  }

  private static ObjectNode group(String name, String groupVersion, String version) {
    ObjectNode preferred = Json.object().put("groupVersion", groupVersion).put("version", version);
    ObjectNode group =
        Json.object().put("kind", "APIGroup").put("apiVersion", "v1").put("name", name);
    group.putArray("versions").add(preferred);
    group.set("preferredVersion", preferred);
    return group;
  }

  private static ObjectNode resources(String groupVersion, List<ResourceType> types) {
    ObjectNode list =
        Json.object()
            .put("kind", "APIResourceList")
            .put("apiVersion", "v1")
            .put("groupVersion", groupVersion);
    ArrayNode resources = list.putArray("resources");
    for (ResourceType type : types) {
      ObjectNode resource = resource(resources, type, type.plural(), VERBS);
      resource.put("singularName", type.singular());
      if (!type.shortNames().isEmpty()) {
        type.shortNames().forEach(resource.putArray("shortNames")::add);
      }
      if (type.has(Trait.STATUS)) {
        resource(resources, type, type.plural() + "/status", STATUS_VERBS);
      }
    }
    return list;
  }

  private static ObjectNode resource(
      ArrayNode into, ResourceType type, String name, List<String> verbs) {
    ObjectNode resource =
        into.addObject()
            .put("name", name)
            .put("singularName", "")
            .put("namespaced", type.namespaced())
            .put("kind", type.kind());
    verbs.forEach(resource.putArray("verbs")::add);
    return resource;
  }
}
