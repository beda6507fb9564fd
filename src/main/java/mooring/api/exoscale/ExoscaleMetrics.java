package mooring.api.exoscale;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonObject;
import mooring.api.Call;
import mooring.api.Command;
import mooring.api.Reply;

/** The metrics of a service. Nothing here keeps what was measured, so there is no series. */
final class ExoscaleMetrics implements Command {
  private final ExoscalePolls polls;

  ExoscaleMetrics(ExoscalePolls polls) {
    this.polls = polls;
  }

  @Override
  public Single<Reply> run(Call call) {
    return polls
        .find(call.caller(), call.id())
        .map(known -> Reply.ok(new JsonObject().put("metrics", new JsonObject()).toBuffer()));
  }
}
