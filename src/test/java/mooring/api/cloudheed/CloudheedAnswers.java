package mooring.api.cloudheed;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import mooring.api.ContractClient.Answer;

/** What the tests look for in answers. */
final class CloudheedAnswers {
  private CloudheedAnswers() {}

  /** An error with its code and an id of its own. */
  static void refused(Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(status);
    JsonObject error = answer.json().getJsonObject("error");
    assertThat(error.getString("code")).isEqualTo(code);
    assertThat(answer.json().getJsonObject("meta").getString("request_id"))
        .matches("req-[0-9a-f]{16}");
  }

  /** The fields that an error names. */
  static List<String> fieldsAtFault(Answer answer) {
    JsonArray details = answer.json().getJsonObject("error").getJsonArray("details");
    return details.stream().map(one -> ((JsonObject) one).getString("field")).toList();
  }
}
