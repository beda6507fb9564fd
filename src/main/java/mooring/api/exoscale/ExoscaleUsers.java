package mooring.api.exoscale;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import mooring.api.Call;
import mooring.api.Command;
import mooring.api.Reply;
import mooring.core.Instance;
import mooring.core.Problem;
import mooring.core.ProblemException;
import mooring.core.Roles;
import mooring.core.Secrets;
import mooring.core.Stage;

/** The users of services: the admin, and those made since. */
final class ExoscaleUsers {
  private static final String USERNAME = "username";
  private static final String REPLICATION = "allow-replication";
  private static final int RETRY_SECONDS = 5;

  private final Roles roles;
  private final ExoscalePolls polls;

  ExoscaleUsers(Roles roles, ExoscalePolls polls) {
    this.roles = roles;
    this.polls = polls;
  }

  /** By operationId. */
  Map<String, Command> commands() {
    return Map.of(
        "create-dbaas-postgres-user", this::create,
        "delete-dbaas-postgres-user", this::delete,
        "reset-dbaas-postgres-user-password", this::reset,
        "reveal-dbaas-postgres-user-password", this::reveal,
        "update-dbaas-postgres-allow-replication", this::allowReplication);
  }

  private Single<Reply> create(Call call) {
    boolean replication = Boolean.TRUE.equals(call.body().getBoolean(REPLICATION));
    return polls
        .find(call.caller(), call.id())
        .flatMap(
            known ->
                roles.create(
                    call.caller(),
                    known.shortId(),
                    call.body().getString(USERNAME),
                    Secrets.password(),
                    replication))
        .map(ExoscaleOperations::reply);
  }

  private Single<Reply> delete(Call call) {
    String name = call.path().get(USERNAME);
    return polls
        .find(call.caller(), call.id())
        .doOnSuccess(known -> requireOther(known, name, "cannot be deleted"))
        .flatMap(known -> roles.beginDelete(call.caller(), known.shortId(), name))
        .map(ExoscaleOperations::reply);
  }

  private Single<Reply> reset(Call call) {
    String asked = call.body().getString("password");
    return polls
        .find(call.caller(), call.id())
        .flatMap(
            known ->
                roles.beginPasswordChange(
                    call.caller(),
                    known,
                    call.path().get(USERNAME),
                    Optional.ofNullable(asked).orElseGet(Secrets::password)))
        .map(ExoscaleOperations::reply);
  }

  private Single<Reply> reveal(Call call) {
    String name = call.path().get(USERNAME);
    return polls
        .find(call.caller(), call.id())
        .flatMap(known -> roles.password(known, name))
        .map(
            password ->
                Reply.secret(
                    200,
                    new JsonObject().put(USERNAME, name).put("password", password).toBuffer()));
  }

  private Single<Reply> allowReplication(Call call) {
    String name = call.path().get(USERNAME);
    boolean allowed = Boolean.TRUE.equals(call.body().getBoolean(REPLICATION));
    return polls
        .find(call.caller(), call.id())
        .doOnSuccess(known -> requireOther(known, name, "cannot be given that"))
        .flatMap(known -> roles.allowReplication(call.caller(), known.shortId(), name, allowed))
        .doOnSuccess(instance -> requireSwitched(instance, name))
        .map(
            instance ->
                Reply.ok(new JsonObject().put("users", ExoscaleMapper.users(instance)).toBuffer()));
  }

  /** It goes on, and whoever asks for the same again waits for that. */
  private static void requireSwitched(Instance instance, String name) {
    if (instance.contents().role(name).filter(one -> one.stage() == Stage.SWITCHING).isPresent()) {
      throw new ProblemException(
          new Problem.Unavailable("the servers have not done it yet", RETRY_SECONDS));
    }
  }

  private static void requireOther(Instance known, String name, String message) {
    if (name.equals(known.owner())) {
      throw new ProblemException(
          new Problem.Forbidden("the user " + name + " is the service's admin and " + message));
    }
  }
}
