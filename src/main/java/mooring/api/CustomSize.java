package mooring.api;

import mooring.core.InstanceSpec;

/** The name of a size that an API has no name of its own for. */
public final class CustomSize {
  private static final int MILLI = 1000;

  private CustomSize() {}

  /** {@code custom-{cpu}-{MiB}}. */
  public static String name(InstanceSpec spec) {
    String cpus =
        spec.cpuMilli() % MILLI == 0
            ? Integer.toString(spec.cpuMilli() / MILLI)
            : Double.toString(spec.cpuMilli() / (double) MILLI);
    return "custom-" + cpus + "-" + spec.memoryMib();
  }
}
