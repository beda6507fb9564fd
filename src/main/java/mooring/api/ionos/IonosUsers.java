package mooring.api.ionos;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mooring.api.Call;
import mooring.api.Command;
import mooring.api.Parameters;
import mooring.api.Poll;
import mooring.api.Reply;
import mooring.core.Instance;
import mooring.core.Names;
import mooring.core.Role;
import mooring.core.Roles;

/** The users of clusters: the one that a cluster was made with, those made since, the system's. */
final class IonosUsers {
  private static final String USERNAME = "username";

  private final Roles roles;
  private final IonosPolls polls;
  private final IonosWithin users;

  IonosUsers(Roles roles, IonosPolls polls) {
    this.roles = roles;
    this.polls = polls;
    this.users = new IonosWithin(polls, "user", "users", USERNAME);
  }

  /** By operationId. */
  Map<String, Poll> polls() {
    return Map.of("usersList", users.list(this::all), "usersGet", users.get(this::find));
  }

  /** By operationId. */
  Map<String, Command> commands() {
    return Map.of(
        "usersPost", this::create,
        "usersPatch", this::change,
        "usersDelete", this::delete);
  }

  private Single<Reply> create(Call call) {
    JsonObject asked = call.body().getJsonObject("properties");
    String name = asked.getString(USERNAME);
    IonosRules rules = new IonosRules();
    rules.user(USERNAME, name);
    return polls
        .find(call.caller(), call.id())
        .doOnSuccess(known -> rules.requireNone())
        .flatMap(
            known ->
                roles.create(
                    call.caller(), known.instance().shortId(), name, asked.getString("password")))
        .map(instance -> reply(instance, name));
  }

  private Single<Reply> change(Call call) {
    String name = call.path().get(USERNAME);
    String password = call.body().getJsonObject("properties").getString("password");
    return polls
        .find(call.caller(), call.id())
        .flatMap(known -> changed(call, known.instance(), name, password))
        .map(instance -> reply(instance, name));
  }

  private Single<Instance> changed(Call call, Instance known, String name, String password) {
    // Nothing that is left out is changed.
    return password == null
        ? Single.fromCallable(
            () -> find(known, name).map(one -> known).orElseThrow(users::notFound))
        : roles.changePassword(call.caller(), known, name, password);
  }

  private Single<Reply> delete(Call call) {
    String name = call.path().get(USERNAME);
    return polls
        .find(call.caller(), call.id())
        .flatMap(
            known ->
                roles
                    .delete(call.caller(), known.instance().shortId(), name)
                    .toSingle(Reply::noContent));
  }

  private Reply reply(Instance instance, String name) {
    return Reply.ok(find(instance, name).orElseThrow(users::notFound).toBuffer());
  }

  private List<JsonObject> all(Instance instance, Parameters asked) {
    List<JsonObject> all = new ArrayList<>();
    all.add(owner(instance));
    instance.contents().roles().forEach(role -> all.add(user(instance, role)));
    if (asked.flag(IonosPage.SYSTEM)) {
      Names.systemRoles().forEach(name -> all.add(system(instance, name)));
    }
    return all;
  }

  private Optional<JsonObject> find(Instance instance, String name) {
    if (name.equals(instance.owner())) {
      return Optional.of(owner(instance));
    }
    return Names.systemRoles().contains(name)
        ? Optional.of(system(instance, name))
        : instance.contents().role(name).map(role -> user(instance, role));
  }

  private JsonObject owner(Instance instance) {
    return user(instance, instance.owner(), false, instance.createdAt(), instance.createdAt());
  }

  private JsonObject system(Instance instance, String name) {
    return user(instance, name, true, instance.createdAt(), instance.createdAt());
  }

  private JsonObject user(Instance instance, Role role) {
    return user(instance, role.name(), false, role.createdAt(), role.modifiedAt());
  }

  private JsonObject user(
      Instance instance, String name, boolean system, Instant created, Instant modified) {
    JsonObject properties = new JsonObject().put(USERNAME, name).put("system", system);
    return users.resource(instance, name, system, created, modified, properties);
  }
}
