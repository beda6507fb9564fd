package mooring.api.cloudheed;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import mooring.api.Call;
import mooring.api.Command;
import mooring.api.Reply;
import mooring.core.Caller;
import mooring.core.Field;
import mooring.core.Instance;
import mooring.core.InstanceSpec;
import mooring.core.Instances;
import mooring.core.Problem;
import mooring.core.ProblemException;
import mooring.core.Setup;

/** What can be done with a database that is there. */
final class CloudheedActions {
  private final Instances instances;
  private final CloudheedPolls polls;

  CloudheedActions(Instances instances, CloudheedPolls polls) {
    this.instances = instances;
    this.polls = polls;
  }

  /** By operationId. */
  Map<String, Command> commands() {
    return Map.of(
        "startDatabase",
        action(instances::start, CloudheedStatus.STARTING, "Database is starting up"),
        "stopDatabase",
        action(instances::stop, CloudheedStatus.STOPPING, "Database is shutting down"),
        "restartDatabase",
        action(instances::restart, CloudheedStatus.RESTARTING, "Database is restarting"),
        "resizeDatabase",
        this::resize,
        "resetPassword",
        this::resetPassword);
  }

  /** A use case for one database. */
  private interface UseCase {
    Single<Instance> run(Caller caller, String shortId);
  }

  private Command action(UseCase useCase, String status, String message) {
    return call ->
        polls
            .find(call.caller(), call.id())
            .flatMap(known -> useCase.run(call.caller(), known.instance().shortId()))
            .map(
                instance -> Reply.ok(CloudheedMapper.action(instance, status, message).toBuffer()));
  }

  private Single<Reply> resize(Call call) {
    CloudheedTier tier = CloudheedRequests.tier(call.body());
    return polls
        .find(call.caller(), call.id())
        .flatMap(
            known ->
                instances.resize(
                    call.caller(), known.instance().shortId(), one -> resized(one, tier)))
        .map(
            instance -> {
              JsonObject action =
                  CloudheedMapper.action(
                      instance, CloudheedStatus.RESIZING, "Resources are being adjusted");
              return Reply.ok(action.put("tier", tier.word()).toBuffer());
            });
  }

  private static Instance resized(Instance one, CloudheedTier tier) {
    CloudheedTier before = CloudheedTier.of(one).orElse(null);
    if (before == tier) {
      throw new ProblemException(
          new Problem.Invalid(Field.SIZE, "tier must be another than the present one"));
    }
    InstanceSpec now = one.spec();
    InstanceSpec size =
        new InstanceSpec(
            now.engine(),
            now.version(),
            tier.cpuMilli(),
            tier.memoryMib(),
            Math.max(now.storageMib(), tier.storageMib()),
            now.instances(),
            now.place());
    Map<String, String> attributes = new HashMap<>(one.attributes());
    attributes.put(CloudheedTier.ATTRIBUTE, tier.word());
    // The archive stays the one it began with: another would not hold the backups made so far.
    Setup setup = one.setup();
    Instance wanted = one.wanted(size, one.desired(), setup, attributes);
    return wanted.wanted(
        size, one.desired(), setup.withParameters(parameters(wanted, before, tier)), attributes);
  }

  /** What somebody chose stays if it fits; the rest comes with the tier, as it did before. */
  private static Map<String, String> parameters(
      Instance wanted, CloudheedTier before, CloudheedTier tier) {
    Map<String, String> parameters = new HashMap<>(wanted.setup().parameters());
    if (before != null) {
      parameters.entrySet().removeAll(before.parameters().entrySet());
    }
    parameters
        .entrySet()
        .removeIf(one -> !CloudheedParameter.fits(one.getKey(), one.getValue(), wanted));
    tier.parameters().forEach(parameters::putIfAbsent);
    return parameters;
  }

  private Single<Reply> resetPassword(Call call) {
    return polls
        .find(call.caller(), call.id())
        .flatMap(
            known ->
                instances
                    .resetPassword(call.caller(), known.instance().shortId())
                    .map(
                        made -> {
                          JsonObject json =
                              new JsonObject()
                                  .put("password", made.password())
                                  .put(
                                      "connection_string",
                                      CloudheedMapper.uri(known.instance(), made.password()));
                          return Reply.secret(200, json.toBuffer());
                        }));
  }
}
