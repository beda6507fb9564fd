package mooring.api.ionos;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mooring.api.Parameters;
import mooring.api.Poll;
import mooring.core.Caller;
import mooring.core.Engine;
import mooring.core.InstanceSpec;
import mooring.core.Offer;
import mooring.core.Upgrades;
import mooring.status.Encoded;

/** Which majors of PostgreSQL there are, and what is served by which address. */
final class IonosVersions {
  private static final String DOCUMENT = "/openapi/ionos.yaml";

  private final Encoded offered;
  private final Upgrades upgrades;
  private final IonosPolls polls;

  IonosVersions(Offer offer, Upgrades upgrades, IonosPolls polls) {
    this.upgrades = upgrades;
    this.offered = data(offer.versionsOf(Engine.POSTGRESQL));
    this.polls = polls;
  }

  /** By operationId. */
  Map<String, Poll> polls() {
    Poll all = (caller, id, more) -> offered;
    Poll own = polls.of(known -> data(possible(IonosPolls.visible(known).instance().spec())));
    return Map.of(
        "versionsGet", all,
        "postgresVersionsGet", all,
        "clusterVersionsGet", own,
        "clusterPostgresVersionsGet", own,
        "infosVersionGet", linked(false),
        "infosVersionsGet", linked(true));
  }

  /** The version that it has comes first. */
  private List<String> possible(InstanceSpec spec) {
    List<String> possible = new ArrayList<>(List.of(spec.version()));
    possible.addAll(upgrades.of(spec));
    return possible;
  }

  private static Poll linked(boolean list) {
    return new Poll() {
      @Override
      public boolean linked() {
        return true;
      }

      @Override
      public Encoded read(Caller caller, String id, Parameters more) {
        JsonObject version =
            new JsonObject().put("name", "v1").put("swaggerUrl", more.address().root() + DOCUMENT);
        return Encoded.of(list ? new JsonArray().add(version).toBuffer() : version.toBuffer());
      }
    };
  }

  private static Encoded data(List<String> names) {
    JsonArray data = new JsonArray();
    names.forEach(name -> data.add(new JsonObject().put("name", name)));
    return Encoded.of(new JsonObject().put("data", data).toBuffer());
  }
}
