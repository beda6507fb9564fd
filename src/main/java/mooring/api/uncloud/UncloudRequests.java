package mooring.api.uncloud;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import mooring.core.Api;
import mooring.core.Field;
import mooring.core.InstanceSpec;
import mooring.core.NewDatabase;
import mooring.core.Offer;
import mooring.core.Place;
import mooring.core.Problem;
import mooring.core.ProblemException;
import mooring.core.Setup;
import mooring.core.Uniqueness;

/** Reads valid request bodies: what the contract cannot say is checked here. */
final class UncloudRequests {
  /** The attribute under which the plan of a database is kept. */
  static final String PLAN = "plan_id";

  /** Nothing is published about backups; a week is what the smallest paid sizes elsewhere have. */
  private static final int RETENTION_DAYS = 7;

  private static final int DEFAULT_STORAGE_GB = 10;
  private static final int MIB_PER_GB = 1024;

  private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
  private static final int ZERO_WIDTH_JOINER = 0x200D;

  private final Offer offer;
  private final List<Place> places;

  UncloudRequests(Offer offer, List<Place> places) {
    this.offer = offer;
    this.places = List.copyOf(places);
  }

  NewDatabase database(JsonObject body) {
    UncloudEngine engine = engine(body.getString("db_type"));
    UncloudPlan plan = plan(body.getString("plan_id"));
    InstanceSpec spec =
        new InstanceSpec(
            engine.engine(),
            version(engine, body.getString("version")),
            plan.cpuMilli(),
            plan.memoryMib(),
            body.getInteger("storage_gb", DEFAULT_STORAGE_GB) * MIB_PER_GB,
            body.getInteger("replicas", 1),
            place(body.getString("region")).key());
    return new NewDatabase(
        Api.UNCLOUD,
        name(body),
        spec,
        new NewDatabase.Login(engine.username(), null),
        engine.engine().backedUp() ? Setup.NONE.withRetention(RETENTION_DAYS) : Setup.NONE,
        Uniqueness.HANDLE,
        Map.of(PLAN, plan.id()));
  }

  /** The scopes to grant; null for all, which is what absent and empty stand for. */
  Set<String> scopes(JsonObject body) {
    JsonArray scopes = body.getJsonArray("scopes", new JsonArray());
    Set<String> asked = new LinkedHashSet<>();
    scopes.forEach(scope -> asked.add((String) scope));
    return asked.isEmpty() ? null : asked;
  }

  /** What a database or a token is to be called. */
  String name(JsonObject body) {
    String name = body.getString("name");
    if (!name.codePoints().allMatch(UncloudRequests::printable)) {
      throw refused(Field.NAME, "name must have printable characters only");
    }
    return name;
  }

  /**
   * Nothing that is invisible, turns other text around, or has no meaning that is agreed on.
   * Scripts and emoji need the joiners; what no version of Unicode that this JDK knows has
   * assigned, a newer one may have.
   */
  private static boolean printable(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.FORMAT -> character == ZERO_WIDTH_NON_JOINER || character == ZERO_WIDTH_JOINER;
      case Character.UNASSIGNED -> !noncharacter(character);
      default -> true;
    };
  }

  /** Unicode Standard, section 23.7. */
  private static boolean noncharacter(int character) {
    return (character & 0xFFFE) == 0xFFFE || (character >= 0xFDD0 && character <= 0xFDEF);
  }

  private UncloudEngine engine(String word) {
    List<UncloudEngine> offered = UncloudEngine.offered(offer);
    return offered.stream()
        .filter(engine -> engine.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                refused(
                    Field.ENGINE,
                    "db_type must be one of "
                        + offered.stream()
                            .map(UncloudEngine::word)
                            .collect(Collectors.joining(", "))));
  }

  private String version(UncloudEngine engine, String asked) {
    List<String> versions = engine.versions(offer);
    String version = asked == null ? versions.get(versions.size() - 1) : asked;
    if (!versions.contains(version)) {
      throw refused(Field.VERSION, "version must be one of " + String.join(", ", versions));
    }
    return version;
  }

  private static UncloudPlan plan(String id) {
    return UncloudPlan.parse(id)
        .orElseThrow(
            () ->
                refused(
                    Field.SIZE,
                    "plan_id must have the form db-s-{n}vcpu-{m}gb with 1 to "
                        + UncloudPlan.MAX_CPUS
                        + " vcpu and 1 to "
                        + UncloudPlan.MAX_MEMORY_GB
                        + " gb"));
  }

  private Place place(String region) {
    return Place.find(places, Api.UNCLOUD, region)
        .orElseThrow(
            () ->
                refused(
                    Field.PLACE,
                    "region must be one of "
                        + places.stream()
                            .map(place -> place.in(Api.UNCLOUD))
                            .collect(Collectors.joining(", "))));
  }

  private static ProblemException refused(Field field, String message) {
    return new ProblemException(new Problem.Invalid(field, message));
  }
}
