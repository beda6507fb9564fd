package mooring.platform;

import mooring.core.Observation.Condition;
import mooring.core.SeenServers;

/**
 * What a Cluster shows, or a StatefulSet with its pods.
 *
 * @param condition what the operator or the controller says
 * @param message the explanation; null when it gives none
 * @param version of the engine, as its publisher counts majors; null when not known yet
 * @param readyInstances how many instances serve
 * @param instances how many instances are asked for
 * @param cpuMilli the CPU asked for, in thousandths of a core
 * @param memoryMib the memory asked for, in MiB
 * @param storageMib the storage asked for, in MiB
 * @param primaryReady whether the instance that takes the writes serves
 * @param passwordVersion the resource version of the Secret whose password the owner has; 0 when
 *     not known yet
 * @param resourceVersion of the object
 * @param generation which of the database's servers it carries
 * @param servers what it tells of them one by one
 */
record ClusterView(
    Condition condition,
    String message,
    String version,
    int readyInstances,
    int instances,
    int cpuMilli,
    int memoryMib,
    int storageMib,
    boolean primaryReady,
    long passwordVersion,
    long resourceVersion,
    int generation,
    SeenServers servers) {

  /** Of what carries a database's servers as long as it lives. */
  ClusterView(
      Condition condition,
      String message,
      String version,
      int readyInstances,
      int instances,
      int cpuMilli,
      int memoryMib,
      int storageMib,
      boolean primaryReady,
      long passwordVersion,
      long resourceVersion) {
    this(
        condition,
        message,
        version,
        readyInstances,
        instances,
        cpuMilli,
        memoryMib,
        storageMib,
        primaryReady,
        passwordVersion,
        resourceVersion,
        1,
        SeenServers.NONE);
  }
}
