package mooring.api.uncloud;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import mooring.core.Api;
import mooring.core.Instance;
import mooring.core.Place;
import mooring.core.Status;
import mooring.core.Token;

/** Writes the model in Uncloud's words. */
final class UncloudMapper {
  private static final String PROJECT = "proj_default";
  private static final int MIB_PER_GB = 1024;

  private final List<Place> places;

  UncloudMapper(List<Place> places) {
    this.places = List.copyOf(places);
  }

  /** The database object, in the order of its documentation. */
  Buffer database(Instance instance, Status status) {
    String word = UncloudStatus.word(status);
    JsonObject json =
        new JsonObject()
            .put("id", id(instance))
            .put("project_id", PROJECT)
            .put("name", instance.name())
            .put("slug", instance.handle())
            .put("db_type", UncloudEngine.of(instance.spec().engine()).word())
            .put("version", instance.spec().version())
            .put("plan_id", plan(instance))
            .put("status", word);
    if (word.equals(UncloudStatus.ERROR) && status.reason() != null) {
      json.put("status_reason", status.reason());
    }
    return json.put("region", region(instance))
        .put("storage_gb", instance.spec().storageMib() / MIB_PER_GB)
        .put("replicas", instance.spec().instances())
        .put("created_at", time(instance.createdAt()))
        .toBuffer();
  }

  static String id(Instance instance) {
    return UncloudIds.DATABASE + instance.shortId();
  }

  /** A token of the list, without its secret. That one expires is another API's doing. */
  static JsonObject token(Token token) {
    JsonObject shown =
        new JsonObject()
            .put("id", UncloudIds.TOKEN + token.shortId())
            .put("name", token.name())
            .put("scopes", scopes(token.scopes()))
            .put("last_used_at", token.lastUsedAt() == null ? null : time(token.lastUsedAt()))
            .put("created_at", time(token.createdAt()));
    return token.expiresAt() == null ? shown : shown.put("expires_at", time(token.expiresAt()));
  }

  /** A token just made, with its secret. */
  static JsonObject issued(Token token, String secret) {
    return new JsonObject()
        .put("id", UncloudIds.TOKEN + token.shortId())
        .put("name", token.name())
        .put("token", secret)
        .put("scopes", scopes(token.scopes()))
        .put("created_at", time(token.createdAt()));
  }

  private static JsonArray scopes(Set<String> scopes) {
    JsonArray sorted = new JsonArray();
    if (scopes != null) {
      new TreeSet<>(scopes).forEach(sorted::add);
    }
    return sorted;
  }

  private static String plan(Instance instance) {
    return UncloudPlan.shown(instance.attributes().get(UncloudRequests.PLAN), instance.spec());
  }

  private String region(Instance instance) {
    return Place.nameOf(places, instance.spec().place(), Api.UNCLOUD);
  }

  private static String time(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
