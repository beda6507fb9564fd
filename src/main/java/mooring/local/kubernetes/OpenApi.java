package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The least of an OpenAPI 3 document that lets {@code kubectl} leave validation to the server: it
 * looks for the parameter {@code fieldValidation} on the PATCH of the kind it is about to send.
 * There are no schemas; the server stores fields that it does not know.
 */
final class OpenApi {
  private OpenApi() {}

  static ObjectNode document(String path, List<ResourceType> types) {
    ObjectNode document = Json.object().put("openapi", "3.0.0");
    document.putObject("info").put("title", "Kubernetes").put("version", "v1.20.2");
    ObjectNode paths = document.putObject("paths");
    for (ResourceType type : types) {
      String place = type.namespaced() ? "/namespaces/{namespace}/" : "/";
      ObjectNode item = paths.putObject("/" + path + place + type.plural() + "/{name}");
      patch(item.putObject("patch"), type);
    }
    return document;
  }

  private static void patch(ObjectNode operation, ResourceType type) {
    operation
        .putObject("x-kubernetes-group-version-kind")
        .put("group", type.group())
        .put("version", type.version())
        .put("kind", type.kind());
    operation.put("x-kubernetes-action", "patch");
    for (String name : List.of("fieldManager", "fieldValidation", "dryRun", "force")) {
      operation
          .withArray("parameters")
          .addObject()
          .put("name", name)
          .put("in", "query")
          .putObject("schema")
          .put("type", "string");
    }
    operation.putObject("responses").putObject("200").put("description", "OK");
  }
}
