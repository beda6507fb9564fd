package mooring.api.ionos;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import mooring.api.ErrorShape;
import mooring.api.Fault;
import mooring.api.Refusal;
import mooring.core.Field;
import mooring.core.InstanceState;
import mooring.core.Problem;

/** IONOS's errors: the status, and a message for everything at fault. */
final class IonosErrors implements ErrorShape {
  private static final int UNPROCESSABLE = 422;

  /** How the rules for all APIs begin where this one names its property. */
  private static final String OTHER_WORDS = "^(name|version) ";

  @Override
  public String contentType() {
    return "application/problem+json";
  }

  @Override
  public int status(Fault fault) {
    return fault == Fault.REFUSED_VALUE ? UNPROCESSABLE : fault.status();
  }

  @Override
  public String message(Problem problem) {
    if (problem instanceof Problem.Invalid invalid) {
      return word(invalid.field()) + " " + invalid.message().replaceFirst(OTHER_WORDS, "");
    }
    if (problem instanceof Problem.NotNow notNow) {
      InstanceState state = notNow.status().state();
      // There is no word for it, and many that are called the same can be changed.
      String word = state == InstanceState.STOPPED ? "stopped" : IonosState.word(state);
      return "the cluster is " + word + " and cannot be changed now";
    }
    // Here they are clusters; databases are within.
    return problem.message().replace("database not found", "cluster not found");
  }

  @Override
  public Refusal refusal(Problem problem) {
    String message = message(problem);
    return problem instanceof Problem.Invalid invalid
        ? Refusal.of(List.of(new Refusal.Violation(word(invalid.field()), message)))
        : Refusal.of(problem, message);
  }

  @Override
  public Buffer body(int status, Refusal refusal) {
    String code = code(refusal.fault());
    JsonArray messages = new JsonArray();
    if (refusal.violations().isEmpty()) {
      messages.add(message(code, refusal.message()));
    }
    refusal.violations().forEach(one -> messages.add(message(code, one.message())));
    return new JsonObject().put("httpStatus", status).put("messages", messages).toBuffer();
  }

  private static JsonObject message(String code, String message) {
    return new JsonObject().put("errorCode", code).put("message", message);
  }

  private static String code(Fault fault) {
    return switch (fault) {
      case UNREADABLE_BODY -> "unreadable-body";
      case REFUSED_VALUE -> "validation-failed";
      case UNAUTHENTICATED -> "unauthenticated";
      case NOT_INCLUDED -> "not-included";
      case FORBIDDEN -> "forbidden";
      case NOT_FOUND -> "not-found";
      case METHOD_NOT_ALLOWED -> "method-not-allowed";
      case REQUEST_TIMEOUT -> "request-timeout";
      case CONFLICT -> "conflict";
      case TOO_LARGE -> "payload-too-large";
      case URI_TOO_LONG -> "uri-too-long";
      case UNSUPPORTED_MEDIA_TYPE -> "unsupported-media-type";
      case EXPECTATION_FAILED -> "expectation-failed";
      case RATE_LIMITED -> "too-many-requests";
      case HEADERS_TOO_LARGE -> "headers-too-large";
      case INTERNAL -> "internal-error";
      case NOT_IMPLEMENTED -> "not-implemented";
      case UNAVAILABLE -> "unavailable";
    };
  }

  private static String word(Field field) {
    return switch (field) {
      case NAME -> "properties.displayName";
      case VERSION -> "properties.postgresVersion";
      case SIZE -> "properties.cores";
      case PLACE -> "properties.location";
      case STORAGE -> "properties.storageSize";
      case INSTANCES -> "properties.instances";
      case MOMENT -> "properties.fromBackup.recoveryTargetTime";
      case ROLE -> "properties.username";
      case DATABASE -> "properties.name";
      case OWNER -> "properties.owner";
      case PASSWORD -> "properties.password";
      case ENGINE, SCOPES, PARAMETER, EXPIRY ->
          throw new IllegalArgumentException("not in this API");
    };
  }
}
