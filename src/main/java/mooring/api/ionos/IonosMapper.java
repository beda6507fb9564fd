package mooring.api.ionos;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import mooring.core.Api;
import mooring.core.Instance;
import mooring.core.InstanceSpec;
import mooring.core.Operation;
import mooring.core.Place;

/** Writes databases as IONOS's clusters; what a client parses strictly is left out if unknown. */
final class IonosMapper {
  private static final int MILLI = 1000;

  private final List<Place> places;

  IonosMapper(List<Place> places) {
    this.places = List.copyOf(places);
  }

  /** The cluster object, in the order of its documentation. */
  Buffer cluster(Instance instance, String state) {
    return new JsonObject()
        .put("type", "cluster")
        .put("id", instance.id().toString())
        .put("metadata", metadata(instance, state))
        .put("properties", properties(instance))
        .toBuffer();
  }

  /** Where a cluster lies, in this API's word. */
  String location(Instance instance) {
    return Place.nameOf(places, instance.spec().place(), Api.IONOS);
  }

  /** Whole cores; what other APIs give parts of is shown as one. */
  static int cores(InstanceSpec spec) {
    return (spec.cpuMilli() + MILLI - 1) / MILLI;
  }

  private static JsonObject metadata(Instance instance, String state) {
    // There are no users, so the tenant stands for whoever it was.
    String owner = instance.tenant().toString();
    return new JsonObject()
        .put("createdDate", time(instance.createdAt()))
        .put("createdBy", "urn:uuid:" + owner)
        .put("createdByUserId", owner)
        .put("lastModifiedDate", time(modifiedAt(instance.operation())))
        .put("lastModifiedBy", "urn:uuid:" + owner)
        .put("lastModifiedByUserId", owner)
        .put("state", state);
  }

  private JsonObject properties(Instance instance) {
    InstanceSpec spec = instance.spec();
    JsonObject properties =
        new JsonObject()
            .put("displayName", instance.name())
            .put("postgresVersion", spec.version())
            .put("location", location(instance))
            .put("dnsName", instance.address().host());
    if (IonosAttributes.backupLocation(instance) != null) {
      properties.put("backupLocation", IonosAttributes.backupLocation(instance));
    }
    properties
        .put("instances", spec.instances())
        .put("ram", spec.memoryMib())
        .put("cores", cores(spec))
        .put("storageSize", spec.storageMib());
    if (IonosAttributes.storageType(instance) != null) {
      properties.put("storageType", IonosAttributes.storageType(instance));
    }
    return properties
        .put("connections", IonosAttributes.connections(instance))
        .put("maintenanceWindow", IonosAttributes.maintenanceWindow(instance))
        .put("synchronizationMode", instance.setup().replication().name())
        .put("connectionPooler", IonosPooler.shown(instance));
  }

  private static Instant modifiedAt(Operation latest) {
    return latest.endedAt() == null ? latest.startedAt() : latest.endedAt();
  }

  /** A moment, to the second. */
  static String time(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
