package mooring.api.cloudheed;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import mooring.api.ConnectionUris;
import mooring.core.Api;
import mooring.core.Instance;
import mooring.core.Operation;
import mooring.core.Place;
import mooring.core.Status;

/** Writes databases in Cloudheed's words. */
final class CloudheedMapper {
  private static final String HIDDEN = "****";

  private final List<Place> places;

  CloudheedMapper(List<Place> places) {
    this.places = List.copyOf(places);
  }

  /** The database object, in the order of its documentation. */
  Buffer database(Instance instance, Status status) {
    return database(instance, status, null).toBuffer();
  }

  /** The same with the password, for who has just created it. */
  Buffer created(Instance instance, Status status, String password) {
    return database(instance, status, password).toBuffer();
  }

  /** Where a database lies, in this API's word. */
  String region(Instance instance) {
    return Place.nameOf(places, instance.spec().place(), Api.CLOUDHEED);
  }

  /** What a started action is answered with. */
  static JsonObject action(Instance instance, String status, String message) {
    return new JsonObject()
        .put("id", CloudheedIds.database(instance))
        .put("status", status)
        .put("message", message);
  }

  /** How to connect with a password. */
  static String uri(Instance instance, String password) {
    return ConnectionUris.postgresql(
        instance.address(), instance.owner(), password, instance.database());
  }

  /** A moment, to the second. */
  static String time(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private JsonObject database(Instance instance, Status status, String password) {
    String word = CloudheedStatus.word(status.state());
    JsonObject json =
        new JsonObject()
            .put("id", CloudheedIds.database(instance))
            .put("name", instance.name())
            .put("type", "postgres")
            .put("region", region(instance))
            .put("tier", CloudheedTier.shown(instance))
            .put("version", instance.spec().version())
            .put("status", word);
    if (word.equals(CloudheedStatus.FAILED) && status.reason() != null) {
      json.put("status_reason", status.reason());
    }
    json.put("host", instance.address().host())
        .put("port", instance.address().port())
        .put("database", instance.database())
        .put("username", instance.owner());
    if (password != null) {
      json.put("password", password);
    }
    return json.put("connection_string", uri(instance, password == null ? HIDDEN : password))
        .put("created_at", time(instance.createdAt()))
        .put("updated_at", time(updatedAt(instance.operation())));
  }

  private static Instant updatedAt(Operation latest) {
    return latest.endedAt() == null ? latest.startedAt() : latest.endedAt();
  }
}
