package mooring.api.cloudheed;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import mooring.api.ErrorShape;
import mooring.api.Fault;
import mooring.api.Refusal;
import mooring.core.Field;
import mooring.core.InstanceState;
import mooring.core.OperationKind;
import mooring.core.Problem;

/** Cloudheed's errors: a code, a sentence, the fields at fault, and an id for the answer. */
final class CloudheedErrors implements ErrorShape {
  private static final int UNPROCESSABLE = 422;

  @Override
  public String contentType() {
    return "application/json";
  }

  @Override
  public int status(Fault fault) {
    return fault == Fault.REFUSED_VALUE ? UNPROCESSABLE : fault.status();
  }

  @Override
  public String message(Problem problem) {
    if (problem instanceof Problem.Invalid invalid) {
      String field = word(invalid.field());
      String message = invalid.message();
      return message.startsWith(field) ? message : field + " " + message;
    }
    return problem instanceof Problem.NotNow notNow ? notNow(notNow) : problem.message();
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
    JsonObject error =
        new JsonObject().put("code", code(refusal.fault())).put("message", refusal.message());
    if (!refusal.violations().isEmpty()) {
      JsonArray details = new JsonArray();
      for (Refusal.Violation violation : refusal.violations()) {
        details.add(
            new JsonObject().put("field", violation.field()).put("message", violation.message()));
      }
      error.put("details", details);
    }
    return new JsonObject()
        .put("error", error)
        .put("meta", new JsonObject().put("request_id", requestId()))
        .toBuffer();
  }

  private static String notNow(Problem.NotNow problem) {
    InstanceState state = problem.status().state();
    String busy = state == InstanceState.UPDATING ? " and is being changed" : "";
    return "cannot "
        + verb(problem.asked())
        + ": the database is "
        + CloudheedStatus.word(state)
        + busy;
  }

  /** No kind of operation is asked for by a backup, which changes no state. */
  private static String verb(OperationKind asked) {
    if (asked == null) {
      return "back up";
    }
    return switch (asked) {
      case CREATE -> "create";
      case START -> "start";
      case STOP -> "stop";
      case RESTART -> "restart";
      case RESIZE -> "resize";
      case UPDATE -> "configure";
      case RESET_PASSWORD -> "reset the password";
      case ADMINISTER -> "change the users or databases of";
      case MIGRATE -> "import data into";
      case STOP_MIGRATION -> "stop the import of data into";
      case UPGRADE -> "upgrade";
      case PROMOTE -> "promote";
      case RESTORE -> "restore";
      case DELETE -> "delete";
    };
  }

  private static String code(Fault fault) {
    return switch (fault) {
      case UNREADABLE_BODY, REFUSED_VALUE -> "validation_error";
      case UNAUTHENTICATED -> "invalid_token";
      case NOT_INCLUDED -> "payment_required";
      case FORBIDDEN -> "insufficient_permissions";
      case NOT_FOUND -> "resource_not_found";
      case METHOD_NOT_ALLOWED -> "method_not_allowed";
      case REQUEST_TIMEOUT -> "request_timeout";
      case CONFLICT -> "resource_conflict";
      case TOO_LARGE -> "payload_too_large";
      case URI_TOO_LONG -> "uri_too_long";
      case UNSUPPORTED_MEDIA_TYPE -> "unsupported_media_type";
      case EXPECTATION_FAILED -> "expectation_failed";
      case RATE_LIMITED -> "rate_limit_exceeded";
      case HEADERS_TOO_LARGE -> "headers_too_large";
      case INTERNAL -> "internal_error";
      case NOT_IMPLEMENTED -> "not_implemented";
      case UNAVAILABLE -> "maintenance_mode";
    };
  }

  private static String word(Field field) {
    return switch (field) {
      case NAME -> "name";
      case ENGINE -> "type";
      case VERSION -> "version";
      case SIZE, STORAGE, INSTANCES -> "tier";
      case PLACE -> "region";
      case SCOPES -> "scopes";
      case MOMENT -> "target_time";
      case PARAMETER -> "configuration";
      case EXPIRY -> "expires_in";
      case ROLE, DATABASE, OWNER, PASSWORD -> throw new IllegalArgumentException("not in this API");
    };
  }

  private static String requestId() {
    return "req-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }
}
