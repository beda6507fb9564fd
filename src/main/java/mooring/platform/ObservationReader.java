package mooring.platform;

import java.util.Set;
import java.util.UUID;
import mooring.core.Address;
import mooring.core.Observation;
import mooring.core.Observation.Condition;
import mooring.core.Observation.Facts;

/** Puts together what the objects of one database show. */
final class ObservationReader {
  private ObservationReader() {}

  /**
   * The observation of a database.
   *
   * @param cluster what carries its servers; null when there is none
   * @param service null when there is none
   * @param pooler what its poolers show; null when there is none
   * @param floor a version that is already past, for example that of a deletion
   */
  static Observation combine(
      UUID instance, ClusterView cluster, ServiceView service, PoolerView pooler, long floor) {
    boolean addressReady = service != null && service.addressReady();
    Address address = service == null ? null : service.address();
    if (cluster == null) {
      // A Service that was left behind still holds its address.
      Facts facts =
          address == null ? Facts.NONE : new Facts(null, 0, 0, 0, 0, 0, false, address, 0);
      // Each kind is watched at its own pace: a newer Service does not say that servers are absent.
      return new Observation(instance, floor, 0, Condition.ABSENT, null, facts);
    }
    long version = Math.max(floor, service == null ? 0 : service.resourceVersion());
    version = Math.max(version, pooler == null ? 0 : pooler.resourceVersion());
    return new Observation(
        instance,
        Math.max(version, cluster.resourceVersion()),
        cluster.resourceVersion(),
        cluster.condition(),
        pooler != null && cluster.message() == null ? pooler.fault() : cluster.message(),
        new Facts(
            cluster.version(),
            cluster.readyInstances(),
            cluster.instances(),
            cluster.cpuMilli(),
            cluster.memoryMib(),
            cluster.storageMib(),
            addressReady && cluster.primaryReady(),
            address,
            cluster.passwordVersion(),
            cluster.generation(),
            pooler == null ? null : pooler.running(),
            pooler != null && pooler.failed(),
            pooler == null ? Set.of() : pooler.pools(),
            cluster.servers()));
  }
}
