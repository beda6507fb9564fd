package mooring.local.kubernetes;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * A request for objects, taken apart.
 *
 * @param namespace empty for all namespaces, or a type that has none
 * @param name empty for the whole collection
 */
record ApiRequest(
    HttpMethod method,
    ResourceType type,
    String namespace,
    String name,
    boolean status,
    MultiMap query,
    MultiMap headers,
    Buffer body) {

  /**
   * Reads the path.
   *
   * @param path decoded
   * @throws StatusException 404 when nothing is served there
   */
  static ApiRequest of(
      HttpMethod method, String path, MultiMap query, MultiMap headers, Buffer body) {
    List<String> parts = Arrays.asList(path.substring(1).split("/", -1));
    boolean core = parts.get(0).equals("api");
    int at = core ? 2 : 3;
    if (parts.size() <= at || !(core || parts.get(0).equals("apis"))) {
      throw StatusException.noSuchResource();
    }
    String group = core ? "" : parts.get(1);
    String version = parts.get(at - 1);
    String namespace = "";
    boolean inNamespace =
        parts.get(at).equals("namespaces")
            && parts.size() > at + 2
            && !(core && List.of("status", "finalize").contains(parts.get(at + 2)));
    if (inNamespace) {
      namespace = parts.get(at + 1);
      at += 2;
    }
    List<String> rest = parts.subList(at, parts.size());
    ResourceType type =
        ResourceTypes.find(group, version, rest.get(0))
            .filter(t -> t.namespaced() == inNamespace || (t.namespaced() && rest.size() == 1))
            .orElseThrow(StatusException::noSuchResource);
    return new ApiRequest(
        method,
        type,
        namespace,
        rest.size() > 1 ? rest.get(1) : "",
        subresource(type, rest),
        query,
        headers,
        body);
  }

  private static boolean subresource(ResourceType type, List<String> rest) {
    boolean status =
        rest.size() == 3 && rest.get(2).equals("status") && type.has(ResourceType.Trait.STATUS);
    if ((rest.size() > 2 && !status) || rest.get(rest.size() - 1).isEmpty()) {
      throw StatusException.noSuchResource();
    }
    return status;
  }

  ObjectKey key() {
    return new ObjectKey(type, namespace, name);
  }

  String parameter(String parameter) {
    String value = query.get(parameter);
    return value == null ? "" : value;
  }

  boolean flag(String parameter) {
    return List.of("true", "1").contains(parameter(parameter));
  }

  long number(String parameter, long otherwise) {
    String value = parameter(parameter);
    if (value.isEmpty()) {
      return otherwise;
    }
    try {
      return Long.parseUnsignedLong(value);
    } catch (NumberFormatException e) {
      throw StatusException.badRequest(parameter + ": Invalid value: \"" + value + "\"");
    }
  }

  String mediaType() {
    String header = headers.get("Content-Type");
    return header == null ? "" : header.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
  }

  boolean dryRun() {
    return parameter("dryRun").equals("All");
  }

  WriteOptions writeOptions() {
    return new WriteOptions(manager(), flag("force"), dryRun(), status);
  }

  private String manager() {
    String given = parameter("fieldManager");
    if (!given.isEmpty()) {
      return given;
    }
    String agent = headers.get("User-Agent");
    return agent == null || agent.isEmpty() ? "unknown" : agent.split("/", 2)[0];
  }

  FieldSelector fieldSelector() {
    return new FieldSelector(type, parameter("fieldSelector"));
  }

  /** Both selectors, of labels and of fields. */
  Predicate<Stored> selector() {
    Predicate<Stored> labels = new LabelSelector(parameter("labelSelector"));
    return labels.and(fieldSelector());
  }

  boolean selects() {
    return !parameter("labelSelector").isEmpty() || !parameter("fieldSelector").isEmpty();
  }

  boolean wantsTable() {
    String accept = headers.get("Accept");
    return accept != null && accept.contains("as=Table");
  }

  /** Without the body and the headers, which may carry secrets. */
  @Override
  public String toString() {
    return method + " " + key() + (status ? "/status" : "");
  }
}
