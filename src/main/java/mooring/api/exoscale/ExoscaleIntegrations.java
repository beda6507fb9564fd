package mooring.api.exoscale;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import mooring.api.Call;
import mooring.api.Command;
import mooring.api.Reply;
import mooring.core.Problem;
import mooring.core.ProblemException;

/** What services can be connected with: nothing is offered, and that is told. */
final class ExoscaleIntegrations {
  private final ExoscalePolls polls;

  ExoscaleIntegrations(ExoscalePolls polls) {
    this.polls = polls;
  }

  /** By operationId. */
  Map<String, Command> commands() {
    return Map.of(
        "list-dbaas-integration-types", call -> Single.just(none("dbaas-integration-types")),
        "list-dbaas-integration-settings", call -> unknownType(),
        "list-dbaas-external-integrations", this::external);
  }

  private Single<Reply> external(Call call) {
    return polls.find(call.caller(), call.id()).map(known -> none("external-integrations"));
  }

  private static Single<Reply> unknownType() {
    return Single.error(new ProblemException(new Problem.NotFound("integration type not found")));
  }

  private static Reply none(String list) {
    return Reply.ok(new JsonObject().put(list, new JsonArray()).toBuffer());
  }
}
