package mooring.api.cloudheed;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import mooring.api.Refusal;
import mooring.api.RefusedException;
import mooring.core.Api;
import mooring.core.Engine;
import mooring.core.InstanceSpec;
import mooring.core.NewDatabase;
import mooring.core.Offer;
import mooring.core.Place;
import mooring.core.Setup;
import mooring.core.Uniqueness;

/** Reads valid request bodies: what the contract cannot say is checked here. */
final class CloudheedRequests {
  private static final NewDatabase.Login LOGIN = new NewDatabase.Login("cloudheed", "postgres");
  private static final List<String> DOCUMENTED = List.of("14", "16", "17", "18");
  private static final String DEFAULT_VERSION = "17";

  private final List<String> versions;
  private final List<Place> places;

  CloudheedRequests(Offer offer, List<Place> places) {
    this.versions =
        offer.versionsOf(Engine.POSTGRESQL).stream().filter(DOCUMENTED::contains).toList();
    this.places = List.copyOf(places);
  }

  /** The database that a body asks for; refuses with every field at fault. */
  NewDatabase database(JsonObject body) {
    CloudheedTier tier = tier(body);
    String version = body.getString("version", defaultVersion());
    Optional<Place> place = Place.find(places, Api.CLOUDHEED, body.getString("region"));
    List<Refusal.Violation> violations = new ArrayList<>();
    if (place.isEmpty()) {
      String regions =
          places.stream().map(one -> one.in(Api.CLOUDHEED)).collect(Collectors.joining(", "));
      violations.add(new Refusal.Violation("region", "region must be one of " + regions));
    }
    if (!versions.contains(version)) {
      violations.add(
          new Refusal.Violation(
              "version", "version must be one of " + String.join(", ", versions)));
    }
    if (!violations.isEmpty()) {
      throw new RefusedException(Refusal.of(violations));
    }
    return new NewDatabase(
        Api.CLOUDHEED,
        body.getString("name"),
        new InstanceSpec(
            Engine.POSTGRESQL,
            version,
            tier.cpuMilli(),
            tier.memoryMib(),
            tier.storageMib(),
            1,
            place.orElseThrow().key()),
        LOGIN,
        Setup.NONE.withParameters(tier.parameters()).withRetention(tier.retentionDays()),
        Uniqueness.NAME,
        Map.of(CloudheedTier.ATTRIBUTE, tier.word()));
  }

  /** The tier that a body asks for; the contract lists them. */
  static CloudheedTier tier(JsonObject body) {
    return CloudheedTier.find(body.getString("tier")).orElseThrow();
  }

  private String defaultVersion() {
    boolean asDocumented = versions.isEmpty() || versions.contains(DEFAULT_VERSION);
    return asDocumented ? DEFAULT_VERSION : versions.get(versions.size() - 1);
  }
}
