package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import mooring.local.kubernetes.ResourceType.Trait;
import mooring.local.kubernetes.StatusException.Cause;

/** The verbs: each takes a request and gives the answer, at once and from memory. */
final class Resources {
  private static final int OK = 200;
  private static final int CREATED = 201;

  private final ObjectStore store;
  private final ResourceWriter writer;
  private final Deletion deletion;
  private final Lists lists;

  Resources(ObjectStore store, ResourceWriter writer, Deletion deletion, Lists lists) {
    this.store = store;
    this.writer = writer;
    this.deletion = deletion;
    this.lists = lists;
  }

  /**
   * @throws StatusException what the request is refused with
   */
  Answer answer(ApiRequest request) {
    boolean collection = request.name().isEmpty();
    return switch (request.method().name()) {
      case "GET" -> collection ? list(request) : get(request);
      case "POST" -> create(request);
      case "PUT" -> update(request);
      case "PATCH" -> patch(request);
      case "DELETE" -> collection ? deleteCollection(request) : delete(request);
      default -> throw StatusException.methodNotAllowed();
    };
  }

  private Answer get(ApiRequest request) {
    Stored stored = existing(request);
    if (request.wantsTable()) {
      ObjectNode metadata = Json.object().put("resourceVersion", Long.toString(stored.version()));
      return Answer.of(
          OK,
          new Tables(request.type())
              .table(List.of(stored), metadata, request.parameter("includeObject")),
          stored.version());
    }
    return Answer.of(OK, stored);
  }

  private Answer list(ApiRequest request) {
    Lists.Page page = lists.page(request);
    Buffer body =
        request.wantsTable()
            ? Json.buffer(
                new Tables(request.type())
                    .table(page.items(), Lists.metadata(page), request.parameter("includeObject")))
            : Lists.encode(request.type(), page);
    return new Answer(OK, body, store.version());
  }

  private Answer create(ApiRequest request) {
    boolean everywhere = request.type().namespaced() && request.namespace().isEmpty();
    if (!request.name().isEmpty() || everywhere) {
      throw StatusException.methodNotAllowed();
    }
    ObjectNode object = object(request);
    return Answer.of(
        CREATED,
        writer.create(request.type(), request.namespace(), object, request.writeOptions()));
  }

  private Answer update(ApiRequest request) {
    requireName(request);
    ObjectNode object = object(request);
    requireSameName(request, object);
    Optional<Stored> live = store.get(request.key());
    if (live.isEmpty() && request.type().has(Trait.CREATE_ON_PUT) && !request.status()) {
      return Answer.of(
          CREATED,
          writer.create(request.type(), request.namespace(), object, request.writeOptions()));
    }
    Stored found = existing(request);
    ResourceWriter.requireVersion(request.key(), object);
    return Answer.of(OK, writer.replace(found, object, request.writeOptions()));
  }

  private Answer patch(ApiRequest request) {
    requireName(request);
    String mediaType = request.mediaType();
    Patches.check(request.type(), mediaType);
    if (mediaType.equals(Patches.APPLY)) {
      return apply(request);
    }
    Stored live = existing(request);
    ObjectNode next =
        Patches.patched(request.type(), live.json(), mediaType, request.body().getBytes());
    requireSameName(request, next);
    return Answer.of(OK, writer.replace(live, next, request.writeOptions()));
  }

  private Answer apply(ApiRequest request) {
    ObjectNode config = config(request);
    Optional<Stored> live = store.get(request.key());
    Stored stored = writer.apply(request.key(), live.orElse(null), config, request.writeOptions());
    return Answer.of(live.isEmpty() ? CREATED : OK, stored);
  }

  private static ObjectNode config(ApiRequest request) {
    if (request.parameter("fieldManager").isEmpty()) {
      throw StatusException.invalid(
          "PatchOptions.meta.k8s.io \"\"",
          Json.object().put("group", "meta.k8s.io").put("kind", "PatchOptions"),
          Cause.required("fieldManager", "is required for apply patch"));
    }
    ObjectNode config = parse(request);
    ResourceType type = request.type();
    String version = config.path("apiVersion").asText("");
    if (!version.equals(type.apiVersion())) {
      throw StatusException.badRequest(
          "Incorrect version specified in apply patch. Specified patch version: "
              + version
              + ", expected: "
              + type.apiVersion());
    }
    if (config.path("metadata").hasNonNull("managedFields")) {
      throw StatusException.badRequest("metadata.managedFields must be nil");
    }
    if (!Meta.name(config).isEmpty()) {
      requireSameName(request, config);
    }
    Meta.of(config).put("name", request.name());
    return config;
  }

  private Answer delete(ApiRequest request) {
    if (request.status()) {
      throw StatusException.methodNotAllowed();
    }
    Deletion.Outcome outcome = deletion.delete(request.key(), deleteOptions(request));
    if (!outcome.gone()) {
      return Answer.of(OK, outcome.object());
    }
    ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", "Success");
    ObjectNode details = StatusException.details(request.type(), request.name());
    status.set("details", details.put("uid", outcome.object().uid()));
    return Answer.of(OK, status, store.version());
  }

  private Answer deleteCollection(ApiRequest request) {
    Deletion.Options options = deleteOptions(request);
    List<Stored> targets = lists.all(request);
    targets.forEach(t -> deletion.delete(t.key(), options));
    Lists.Page page = new Lists.Page(targets, store.version(), "", -1);
    return new Answer(OK, Lists.encode(request.type(), page), store.version());
  }

  private static Deletion.Options deleteOptions(ApiRequest request) {
    JsonNode body = request.body().length() == 0 ? Json.object() : parse(request);
    return Deletion.Options.of(
        body,
        request.parameter("propagationPolicy"),
        request.parameter("gracePeriodSeconds"),
        request.dryRun());
  }

  private Stored existing(ApiRequest request) {
    return store
        .get(request.key())
        .orElseThrow(() -> StatusException.notFound(request.type(), request.name()));
  }

  private static void requireSameName(ApiRequest request, ObjectNode object) {
    String name = Meta.name(object);
    if (!name.equals(request.name())) {
      throw StatusException.badRequest(
          "the name of the object ("
              + name
              + ") does not match the name on the URL ("
              + request.name()
              + ")");
    }
  }

  private static void requireName(ApiRequest request) {
    if (request.name().isEmpty()) {
      throw StatusException.methodNotAllowed();
    }
  }

  private static ObjectNode object(ApiRequest request) {
    if (!List.of("", "application/json", "application/yaml").contains(request.mediaType())) {
      throw StatusException.unsupportedMediaType("application/json", "application/yaml");
    }
    ObjectNode object = parse(request);
    ResourceType type = request.type();
    String kind = object.path("kind").asText(type.kind());
    String version = object.path("apiVersion").asText(type.apiVersion());
    if (!kind.equals(type.kind()) || !version.equals(type.apiVersion())) {
      throw StatusException.badRequest(
          kind + " in version \"" + version + "\" cannot be handled as a " + type.kind());
    }
    return object;
  }

  private static ObjectNode parse(ApiRequest request) {
    try {
      if (Json.readYaml(request.body().getBytes()) instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException e) {
      throw StatusException.badRequest(
          "the object provided is unrecognized (must be of type " + request.type().kind() + ")");
    }
    throw StatusException.badRequest(
        "the object provided is unrecognized (must be of type " + request.type().kind() + ")");
  }
}
