package mooring.api.cloudheed;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mooring.api.Call;
import mooring.api.Command;
import mooring.api.Poll;
import mooring.api.Refusal;
import mooring.api.RefusedException;
import mooring.api.Reply;
import mooring.core.Instance;
import mooring.core.Instances;
import mooring.core.PostgresParameters;
import mooring.status.Encoded;

/** PostgreSQL's settings: what follows from the size, and over that what was asked for. */
final class CloudheedConfiguration {
  private final Instances instances;
  private final CloudheedPolls polls;

  CloudheedConfiguration(Instances instances, CloudheedPolls polls) {
    this.instances = instances;
    this.polls = polls;
  }

  /** By operationId. */
  Map<String, Command> commands() {
    return Map.of("updateConfiguration", this::update);
  }

  /** By operationId. */
  Map<String, Poll> polls() {
    return Map.of(
        "getConfiguration",
        polls.of(known -> Encoded.of(json(CloudheedPolls.visible(known).instance()))));
  }

  private Single<Reply> update(Call call) {
    return polls
        .find(call.caller(), call.id())
        .flatMap(
            known -> {
              Map<String, String> asked = asked(known.instance(), call.body());
              return asked.isEmpty()
                  ? Single.just(known.instance())
                  : instances.configure(
                      call.caller(), known.instance().shortId(), now -> merged(now, asked));
            })
        .map(instance -> Reply.ok(json(instance)));
  }

  private static Map<String, String> merged(Map<String, String> now, Map<String, String> asked) {
    Map<String, String> merged = new HashMap<>(now);
    merged.putAll(asked);
    return merged;
  }

  /** The contract knows the keys and their types; what depends on the size is refused here. */
  private static Map<String, String> asked(Instance instance, JsonObject body) {
    Map<String, String> asked = new HashMap<>();
    List<Refusal.Violation> violations = new ArrayList<>();
    for (CloudheedParameter parameter : CloudheedParameter.values()) {
      Object value = body.getValue(parameter.key());
      if (value == null) {
        continue;
      }
      String fault = parameter.fault(value, instance);
      if (fault == null) {
        asked.put(parameter.key(), parameter.stored(value));
      } else {
        violations.add(
            new Refusal.Violation(parameter.key(), parameter.key() + " must be " + fault));
      }
    }
    if (!violations.isEmpty()) {
      throw new RefusedException(Refusal.of(violations));
    }
    return asked;
  }

  private static Buffer json(Instance instance) {
    Map<String, String> effective = PostgresParameters.of(instance);
    JsonObject configuration = new JsonObject();
    for (CloudheedParameter parameter : CloudheedParameter.values()) {
      String stored = effective.getOrDefault(parameter.key(), parameter.byDefault(effective));
      configuration.put(parameter.key(), parameter.shown(stored));
    }
    return new JsonObject().put("configuration", configuration).toBuffer();
  }
}
