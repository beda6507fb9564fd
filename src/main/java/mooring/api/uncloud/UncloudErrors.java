package mooring.api.uncloud;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import mooring.api.ErrorShape;
import mooring.api.Refusal;
import mooring.core.Field;
import mooring.core.Problem;

/** Uncloud's errors: one sentence in one field. */
final class UncloudErrors implements ErrorShape {
  @Override
  public String contentType() {
    return "application/json";
  }

  @Override
  public String message(Problem problem) {
    if (problem instanceof Problem.Invalid invalid) {
      String field = word(invalid.field());
      String message = invalid.message();
      return message.startsWith(field) ? message : field + ": " + message;
    }
    return problem.message();
  }

  @Override
  public Buffer body(int status, Refusal refusal) {
    return new JsonObject().put("error", refusal.message()).toBuffer();
  }

  private static String word(Field field) {
    return switch (field) {
      case NAME -> "name";
      case ENGINE -> "db_type";
      case VERSION -> "version";
      case SIZE -> "plan_id";
      case PLACE -> "region";
      case STORAGE -> "storage_gb";
      case INSTANCES -> "replicas";
      case SCOPES -> "scopes";
      case MOMENT, PARAMETER, EXPIRY, ROLE, DATABASE, OWNER, PASSWORD ->
          throw new IllegalArgumentException("not in this API");
    };
  }
}
