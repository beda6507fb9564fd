package mooring.api.cloudheed;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import mooring.api.ErrorShape;
import mooring.api.Fault;
import mooring.api.Refusal;

/** As much of Cloudheed's errors as the operations under /v1/auth show. */
public final class CloudheedAuthErrors implements ErrorShape {
  @Override
  public String contentType() {
    return "application/json";
  }

  @Override
  public int status(Fault fault) {
    return fault == Fault.REFUSED_VALUE ? 422 : fault.status();
  }

  @Override
  public Buffer body(int status, Refusal refusal) {
    JsonObject error =
        new JsonObject().put("code", code(refusal.fault())).put("message", refusal.message());
    JsonObject meta = new JsonObject().put("request_id", "req-" + UUID.randomUUID());
    return new JsonObject().put("error", error).put("meta", meta).toBuffer();
  }

  private static String code(Fault fault) {
    return switch (fault) {
      case UNAUTHENTICATED -> "invalid_token";
      case NOT_INCLUDED -> "payment_required";
      case FORBIDDEN -> "insufficient_permissions";
      case NOT_FOUND -> "resource_not_found";
      case CONFLICT -> "resource_conflict";
      case RATE_LIMITED -> "rate_limit_exceeded";
      case INTERNAL -> "internal_error";
      case UNAVAILABLE -> "maintenance_mode";
      default -> "validation_error";
    };
  }
}
