package mooring.local.operator;

import java.nio.file.Path;
import mooring.local.postgres.PostgresBinaries;

/**
 * What the operator works with.
 *
 * @param directory everything it keeps: data directories, certificates, passwords
 * @param namespace the one whose objects it watches
 * @param binaries the PostgreSQL versions it can run
 * @param catalogName the ImageCatalog it installs when there is none of that name
 */
public record OperatorConfig(
    Path directory, String namespace, PostgresBinaries binaries, String catalogName) {
  /** The name of the catalogue unless another is asked for. */
  public static final String DEFAULT_CATALOG = "mooring-postgresql";

  /** Makes the directory absolute. */
  public OperatorConfig {
    directory = directory.toAbsolutePath().normalize();
  }
}
