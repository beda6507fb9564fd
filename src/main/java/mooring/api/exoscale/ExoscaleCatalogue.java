package mooring.api.exoscale;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import mooring.api.Call;
import mooring.api.Command;
import mooring.api.Parameters;
import mooring.api.Poll;
import mooring.api.Reply;
import mooring.core.Api;
import mooring.core.Authorities;
import mooring.core.Caller;
import mooring.core.Engine;
import mooring.core.Instance;
import mooring.core.Offer;
import mooring.core.Place;
import mooring.core.Problem;
import mooring.core.ProblemException;
import mooring.core.SourceSilentException;
import mooring.status.Encoded;
import mooring.status.Snapshot;
import mooring.status.StatusCache;

/** What is offered, where, and by whose certificates its servers are known. */
final class ExoscaleCatalogue {
  /** The type of services there is. */
  static final String TYPE = "pg";

  /** Where published clients look for all else, below the server's own address. */
  private static final String BASE = "/v2";

  private static final int AT_ONCE = 4;
  private static final int RETRY_SECONDS = 5;

  private final StatusCache cache;
  private final Authorities authorities;
  private final String zone;
  private final JsonObject type;

  ExoscaleCatalogue(StatusCache cache, Authorities authorities, Offer offer, List<Place> places) {
    this.cache = cache;
    this.authorities = authorities;
    this.zone = places.get(0).in(Api.EXOSCALE);
    this.type =
        new JsonObject()
            .put("name", TYPE)
            .put("description", "PostgreSQL")
            .put("available-versions", new JsonArray(offer.versionsOf(Engine.POSTGRESQL)))
            .put("default-version", offer.newest(Engine.POSTGRESQL).orElseThrow())
            .put("plans", ExoscalePlan.catalogue(zone));
  }

  /** By operationId. */
  Map<String, Poll> polls() {
    Encoded all =
        Encoded.of(
            new JsonObject().put("dbaas-service-types", new JsonArray().add(type)).toBuffer());
    Encoded one = Encoded.of(type.toBuffer());
    Encoded settings =
        Encoded.of(new JsonObject().put("settings", ExoscaleSettings.ALL.schemas()).toBuffer());
    return Map.of(
        "list-zones", zones(),
        "get-dbaas-settings-pg", (caller, id, more) -> settings,
        "list-dbaas-service-types", (caller, id, more) -> all,
        "get-dbaas-service-type", (caller, id, more) -> type(one, id));
  }

  /** By operationId. */
  Map<String, Command> commands() {
    return Map.of("get-dbaas-ca-certificate", this::certificates);
  }

  private static Encoded type(Encoded one, String name) {
    if (!name.equals(TYPE)) {
      throw new ProblemException(new Problem.NotFound("service type not found"));
    }
    return one;
  }

  private Poll zones() {
    return new Poll() {
      @Override
      public boolean linked() {
        return true;
      }

      @Override
      public Encoded read(Caller caller, String id, Parameters more) {
        JsonObject own =
            new JsonObject().put("name", zone).put("api-endpoint", more.address().root() + BASE);
        return Encoded.of(new JsonObject().put("zones", new JsonArray().add(own)).toBuffer());
      }
    };
  }

  private Single<Reply> certificates(Call call) {
    List<Instance> services =
        cache.list(call.caller().tenant()).snapshots().stream()
            .map(Snapshot::instance)
            .filter(ExoscalePolls::isVisible)
            .toList();
    return Flowable.fromIterable(services)
        .concatMapEager(one -> certificate(one).toFlowable(), AT_ONCE, 1)
        .map(String::strip)
        .distinct()
        .toList()
        .map(ExoscaleCatalogue::joined);
  }

  private static Reply joined(List<String> certificates) {
    if (certificates.isEmpty()) {
      throw new ProblemException(new Problem.NotFound("there is no certificate yet"));
    }
    String all = String.join("\n", certificates) + "\n";
    return Reply.ok(new JsonObject().put("certificate", all).toBuffer());
  }

  /** Empty for a service that has none yet. */
  private Maybe<String> certificate(Instance instance) {
    return authorities
        .of(instance)
        .onErrorComplete(SourceSilentException.class::isInstance)
        .onErrorResumeNext(
            failure ->
                Maybe.error(
                    new ProblemException(
                        new Problem.Unavailable(
                            "the certificates cannot be read now", RETRY_SECONDS))));
  }
}
