package mooring.api.ionos;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import mooring.api.Parameters;
import mooring.api.Poll;
import mooring.core.Caller;
import mooring.core.Engine;
import mooring.core.Offer;
import mooring.status.Encoded;

/** Which majors of PostgreSQL there are, and what is served by which address. */
final class IonosVersions {
  private static final String DOCUMENT = "/openapi/ionos.yaml";

  private final Encoded offered;
  private final IonosPolls polls;

  IonosVersions(Offer offer, IonosPolls polls) {
    this.offered = data(offer.versionsOf(Engine.POSTGRESQL));
    this.polls = polls;
  }

  /** By operationId. */
  Map<String, Poll> polls() {
    Poll all = (caller, id, more) -> offered;
    // No upgrade is offered yet, so a cluster's own version is all that it can have.
    Poll own =
        polls.of(known -> data(List.of(IonosPolls.visible(known).instance().spec().version())));
    return Map.of(
        "versionsGet", all,
        "postgresVersionsGet", all,
        "clusterVersionsGet", own,
        "clusterPostgresVersionsGet", own,
        "infosVersionGet", linked(false),
        "infosVersionsGet", linked(true));
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
