package mooring.local.operator;

import java.nio.file.Path;
import java.time.Clock;
import mooring.local.postgres.PostgresBinaries;

/**
 * What the operator works with.
 *
 * @param directory everything it keeps: data directories, certificates, passwords
 * @param namespace the one whose objects it watches
 * @param binaries the PostgreSQL versions it can run
 * @param catalogName the ImageCatalog it installs when there is none of that name
 * @param clock what backups are made and kept by
 * @param pods whether StatefulSets are run too; a cluster has its own controllers for them
 * @param probing how the servers are asked whether they answer
 */
public record OperatorConfig(
    Path directory,
    String namespace,
    PostgresBinaries binaries,
    String catalogName,
    Clock clock,
    boolean pods,
    Probing probing) {
  /** The name of the catalogue unless another is asked for. */
  public static final String DEFAULT_CATALOG = "mooring-postgresql";

  /** Makes the directory absolute. */
  public OperatorConfig {
    directory = directory.toAbsolutePath().normalize();
  }

  /**
   * By the system's clock.
   *
   * @param directory everything it keeps
   * @param namespace the one whose objects it watches
   * @param binaries the PostgreSQL versions it can run
   * @param catalogName the ImageCatalog it installs
   */
  public OperatorConfig(
      Path directory, String namespace, PostgresBinaries binaries, String catalogName) {
    this(directory, namespace, binaries, catalogName, Clock.systemUTC());
  }

  /**
   * Without StatefulSets, and with the kubelet's probes.
   *
   * @param directory everything it keeps
   * @param namespace the one whose objects it watches
   * @param binaries the PostgreSQL versions it can run
   * @param catalogName the ImageCatalog it installs
   * @param clock what backups are made and kept by
   */
  public OperatorConfig(
      Path directory,
      String namespace,
      PostgresBinaries binaries,
      String catalogName,
      Clock clock) {
    this(directory, namespace, binaries, catalogName, clock, false, Probing.KUBELET);
  }

  /** The same, with the StatefulSet controller and the kubelet played too. */
  public OperatorConfig withPods() {
    return new OperatorConfig(directory, namespace, binaries, catalogName, clock, true, probing);
  }

  /** The same with other probes. */
  OperatorConfig withProbing(Probing other) {
    return new OperatorConfig(directory, namespace, binaries, catalogName, clock, pods, other);
  }
}
