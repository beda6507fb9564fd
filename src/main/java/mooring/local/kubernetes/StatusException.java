package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/** A refusal, in the words of a Kubernetes {@code Status} object. */
final class StatusException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int code;
  private final String reason;
  private final transient ObjectNode details;

  /** One cause of a 422 or of an apply conflict. */
  record Cause(String reason, String message, String field) {
    static Cause invalid(String field, String value, String why) {
      return new Cause("FieldValueInvalid", "Invalid value: " + value + ": " + why, field);
    }

    static Cause required(String field, String why) {
      return new Cause("FieldValueRequired", "Required value: " + why, field);
    }

    static Cause forbidden(String field, String why) {
      return new Cause("FieldValueForbidden", "Forbidden: " + why, field);
    }

    static Cause immutable(String field, String value) {
      return invalid(field, value, "field is immutable");
    }
  }

  StatusException(int code, String reason, String message, ObjectNode details) {
    super(message, null, false, false);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  int code() {
    return code;
  }

  /** The answer's body. */
  ObjectNode status() {
    ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", "Failure").put("message", getMessage());
    if (!reason.isEmpty()) {
      status.put("reason", reason);
    }
    if (details != null) {
      status.set("details", details);
    }
    return status.put("code", code);
  }

  static StatusException notFound(ResourceType type, String name) {
    String message = type.qualifiedPlural() + " \"" + name + "\" not found";
    return new StatusException(404, "NotFound", message, details(type, name));
  }

  static StatusException noSuchResource() {
    return new StatusException(
        404, "NotFound", "the server could not find the requested resource", Json.object());
  }

  static StatusException alreadyExists(ResourceType type, String name) {
    String message = type.qualifiedPlural() + " \"" + name + "\" already exists";
    return new StatusException(409, "AlreadyExists", message, details(type, name));
  }

  static StatusException modified(ResourceType type, String name) {
    return conflict(
        type,
        name,
        "the object has been modified; please apply your changes to the latest version and try"
            + " again");
  }

  static StatusException conflict(ResourceType type, String name, String why) {
    String message =
        "Operation cannot be fulfilled on " + type.qualifiedPlural() + " \"" + name + "\": " + why;
    return new StatusException(409, "Conflict", message, details(type, name));
  }

  static StatusException applyConflict(List<Cause> causes, String message) {
    return new StatusException(409, "Conflict", message, withCauses(Json.object(), causes));
  }

  static StatusException invalid(ResourceType type, String name, Cause cause) {
    ObjectNode details = Json.object();
    if (!name.isEmpty()) {
      details.put("name", name);
    }
    if (!type.group().isEmpty()) {
      details.put("group", type.group());
    }
    details.put("kind", type.kind());
    String what = type.qualifiedKind() + " \"" + name + "\"";
    return invalid(what, details, cause);
  }

  static StatusException invalid(String what, ObjectNode details, Cause cause) {
    String message = what + " is invalid: " + cause.field() + ": " + cause.message();
    return new StatusException(422, "Invalid", message, withCauses(details, List.of(cause)));
  }

  static StatusException rejected() {
    return new StatusException(
        422,
        "Invalid",
        "the server rejected our request due to an error in our request",
        Json.object());
  }

  static StatusException badRequest(String message) {
    return new StatusException(400, "BadRequest", message, null);
  }

  static StatusException forbidden(ResourceType type, String name, String why) {
    String message = type.qualifiedPlural() + " \"" + name + "\" is forbidden: " + why;
    return new StatusException(403, "Forbidden", message, details(type, name));
  }

  static StatusException unauthorized() {
    return new StatusException(401, "Unauthorized", "Unauthorized", null);
  }

  static StatusException methodNotAllowed() {
    return new StatusException(
        405,
        "MethodNotAllowed",
        "the server does not allow this method on the requested resource",
        Json.object());
  }

  static StatusException unsupportedMediaType(String... accepted) {
    return new StatusException(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: "
            + String.join(", ", accepted),
        null);
  }

  static StatusException tooLarge(long limitBytes) {
    String message = String.format(Locale.ROOT, "limit is %d", limitBytes);
    return new StatusException(
        413, "RequestEntityTooLarge", "Request entity too large: " + message, null);
  }

  static StatusException tooManyWatches(int limit) {
    return new StatusException(
        429, "TooManyRequests", "there are " + limit + " watches already", null);
  }

  static StatusException expired(String message) {
    return new StatusException(410, "Expired", message, null);
  }

  /** The disk takes nothing; it is tried again and again. */
  static StatusException notWritable() {
    return new StatusException(
        503,
        "ServiceUnavailable",
        "the objects cannot be written to disk",
        Json.object().put("retryAfterSeconds", 1));
  }

  static StatusException internal(String message) {
    return new StatusException(500, "", message, null);
  }

  static ObjectNode details(ResourceType type, String name) {
    ObjectNode details = Json.object().put("name", name);
    if (!type.group().isEmpty()) {
      details.put("group", type.group());
    }
    return details.put("kind", type.plural());
  }

  private static ObjectNode withCauses(ObjectNode details, List<Cause> causes) {
    var array = details.putArray("causes");
    causes.forEach(
        c ->
            array
                .addObject()
                .put("reason", c.reason())
                .put("message", c.message())
                .put("field", c.field()));
    return details;
  }
}
