package mooring.core;

/**
 * What a database is asked to be.
 *
 * @param engine the engine
 * @param version the engine's version as its publisher counts majors: {@code 16}, {@code 8.0}
 * @param cpuMilli CPU of each instance, in thousandths of a core
 * @param memoryMib memory of each instance, in MiB
 * @param storageMib storage of each instance, in MiB
 * @param instances how many instances in total; 1 is a single one without a standby
 * @param place the place's key
 */
public record InstanceSpec(
    Engine engine,
    String version,
    int cpuMilli,
    int memoryMib,
    int storageMib,
    int instances,
    String place) {

  /** Of another version. */
  public InstanceSpec withVersion(String other) {
    return new InstanceSpec(engine, other, cpuMilli, memoryMib, storageMib, instances, place);
  }
}
