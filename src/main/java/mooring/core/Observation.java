package mooring.core;

import java.util.Set;
import java.util.UUID;

/**
 * What the platform last showed of a database.
 *
 * @param instance the database
 * @param version the newest resource version it was read at; a higher one is newer. Of an absent
 *     one, as of which it is known to be absent
 * @param objectVersion the resource version of the object that carries the condition; 0 if absent
 * @param condition what the platform says
 * @param message the platform's own explanation; null when it gives none
 * @param facts what the objects themselves say, against which the condition is checked
 */
public record Observation(
    UUID instance,
    long version,
    long objectVersion,
    Condition condition,
    String message,
    Facts facts) {

  /** What the platform says of a database, in the core's words. */
  public enum Condition {
    ABSENT,
    SETTING_UP,
    /** Instances are being added or are not all up yet. */
    SCALING,
    HEALTHY,
    /** Instances are replaced one after the other. */
    ROLLING,
    RESTARTING,
    CONFIGURING,
    UPGRADING_MAJOR,
    FAILING_OVER,
    /** What serves cannot come up now. It is tried again, and may come up by itself. */
    FAULTY,
    STOPPING,
    STOPPED,
    /** The platform says that it cannot go on by itself. */
    BROKEN,
    /** The same, because of what it is asked for now; servers that run go on as they were. */
    REFUSED,
    DELETING
  }

  /**
   * Facts read from the objects.
   *
   * @param version the engine's version that runs; null when not known yet
   * @param readyInstances how many instances serve
   * @param instances how many instances the object asks for
   * @param cpuMilli the CPU that the object asks for
   * @param memoryMib the memory that the object asks for
   * @param storageMib the storage that the object asks for
   * @param addressReady whether the allotted address leads to the database
   * @param address the address held by the database's Service; null when it holds none
   * @param passwordVersion the version of the owner's password that the server has, as {@link
   *     Applied#password} counts; 0 when not known
   * @param generation which of the database's servers this is of, as {@link Lineage} counts
   * @param pooler the mode of the connection pooler that runs; null for none
   * @param poolerFailed whether the platform says that it cannot run
   * @param pools the connection pools that there are
   * @param servers what is seen of its servers one by one
   */
  public record Facts(
      String version,
      int readyInstances,
      int instances,
      int cpuMilli,
      int memoryMib,
      int storageMib,
      boolean addressReady,
      Address address,
      long passwordVersion,
      int generation,
      PoolMode pooler,
      boolean poolerFailed,
      Set<SeenPool> pools,
      SeenServers servers) {

    public Facts {
      pools = Set.copyOf(pools);
    }

    /** Of a database of whose servers nothing is told one by one. */
    public Facts(
        String version,
        int readyInstances,
        int instances,
        int cpuMilli,
        int memoryMib,
        int storageMib,
        boolean addressReady,
        Address address,
        long passwordVersion,
        int generation,
        PoolMode pooler,
        boolean poolerFailed,
        Set<SeenPool> pools) {
      this(
          version,
          readyInstances,
          instances,
          cpuMilli,
          memoryMib,
          storageMib,
          addressReady,
          address,
          passwordVersion,
          generation,
          pooler,
          poolerFailed,
          pools,
          SeenServers.NONE);
    }

    /** Of a database without connection pools. */
    public Facts(
        String version,
        int readyInstances,
        int instances,
        int cpuMilli,
        int memoryMib,
        int storageMib,
        boolean addressReady,
        Address address,
        long passwordVersion,
        int generation,
        PoolMode pooler,
        boolean poolerFailed) {
      this(
          version,
          readyInstances,
          instances,
          cpuMilli,
          memoryMib,
          storageMib,
          addressReady,
          address,
          passwordVersion,
          generation,
          pooler,
          poolerFailed,
          Set.of());
    }

    /** Of a database's first servers. */
    public Facts(
        String version,
        int readyInstances,
        int instances,
        int cpuMilli,
        int memoryMib,
        int storageMib,
        boolean addressReady,
        Address address,
        long passwordVersion) {
      this(
          version,
          readyInstances,
          instances,
          cpuMilli,
          memoryMib,
          storageMib,
          addressReady,
          address,
          passwordVersion,
          1,
          null,
          false);
    }

    /** Of an object that is not there. */
    public static final Facts NONE = new Facts(null, 0, 0, 0, 0, 0, false, null, 0);
  }

  /** Nothing is there. */
  public static Observation absent(UUID instance, long version) {
    return new Observation(instance, version, 0, Condition.ABSENT, null, Facts.NONE);
  }
}
