package mooring.api.exoscale;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mooring.api.ErrorShape;
import mooring.api.Refusal;
import mooring.core.Field;
import mooring.core.InstanceState;
import mooring.core.Problem;

/** Exoscale's errors: a message, and the same once more in the shape of RFC 9457. */
final class ExoscaleErrors implements ErrorShape {
  /** How the rules for all APIs begin where this one names its member. */
  private static final String OTHER_WORDS = "^(name|version) ";

  /** Nobody reads more; a body may have thousands of faults. */
  private static final int MOST_ERRORS = 100;

  private static final Pattern STEP = Pattern.compile("([^.\\[\\]]+)|\\[([0-9]+)]");

  @Override
  public String contentType() {
    return "application/json";
  }

  @Override
  public String message(Problem problem) {
    if (problem instanceof Problem.Invalid invalid) {
      return word(invalid.field()) + " " + invalid.message().replaceFirst(OTHER_WORDS, "");
    }
    if (problem instanceof Problem.NotNow notNow) {
      if (notNow.status().state() == InstanceState.DELETING) {
        return "the service is being deleted";
      }
      String word = ExoscaleState.word(notNow.status().state(), notNow.instances());
      // Served as before, while something about it is changed.
      return word.equals(ExoscaleState.RUNNING)
          ? "another operation is running on the service"
          : "the service is " + word + " and cannot be changed now";
    }
    return ExoscaleWords.of(problem.message());
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
    JsonArray errors = new JsonArray();
    refusal.violations().stream()
        .limit(MOST_ERRORS)
        .forEach(
            one ->
                errors.add(
                    new JsonObject()
                        .put("detail", one.message())
                        .put("location", location(one.field()))));
    return new JsonObject()
        .put("message", refusal.message())
        .put("title", HttpResponseStatus.valueOf(status).reasonPhrase())
        .put("detail", refusal.message())
        .put("errors", errors)
        .toBuffer();
  }

  /** A JSONPath (RFC 9535), as clients show it. */
  static String location(String field) {
    if (field.startsWith("$")) {
      return field;
    }
    StringBuilder path = new StringBuilder("$");
    Matcher step = STEP.matcher(field);
    while (step.find()) {
      path.append(step.group(1) == null ? "[" + step.group(2) + "]" : member(step.group(1)));
    }
    return path.toString();
  }

  /** A step of a JSONPath to a member, whatever it is called (RFC 9535 section 2.3.1). */
  static String member(String name) {
    StringBuilder step = new StringBuilder("['");
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '\'' || c == '\\') {
        step.append('\\').append(c);
      } else if (c < ' ') {
        step.append("\\u").append(HexFormat.of().toHexDigits(c));
      } else {
        step.append(c);
      }
    }
    return step.append("']").toString();
  }

  private static String word(Field field) {
    return switch (field) {
      case NAME -> "name";
      case VERSION -> "version";
      case SIZE, STORAGE, INSTANCES -> "plan";
      case PLACE -> "zone";
      case MOMENT -> "recovery-backup-time";
      case ROLE, OWNER -> "username";
      case DATABASE -> "database-name";
      case PASSWORD -> "password";
      case PARAMETER -> "pg-settings";
      case ENGINE, SCOPES, EXPIRY -> throw new IllegalArgumentException("not in this API");
    };
  }
}
