package mooring.api.exoscale;

import io.reactivex.rxjava3.core.Single;
import java.util.Map;
import mooring.api.Call;
import mooring.api.Command;
import mooring.api.Reply;
import mooring.core.Problem;
import mooring.core.ProblemException;

/** Migrations into services. None can be asked for, so there is none to tell of or to stop. */
final class ExoscaleMigrations {
  private final ExoscalePolls polls;

  ExoscaleMigrations(ExoscalePolls polls) {
    this.polls = polls;
  }

  /** By operationId. */
  Map<String, Command> commands() {
    return Map.of("get-dbaas-migration-status", this::none, "stop-dbaas-pg-migration", this::none);
  }

  private Single<Reply> none(Call call) {
    return polls
        .find(call.caller(), call.id())
        .flatMap(
            known ->
                Single.error(
                    new ProblemException(new Problem.NotFound("the service has no migration"))));
  }
}
