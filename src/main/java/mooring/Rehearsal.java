package mooring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import mooring.local.postgres.Directories;

/** Where a start happens that is to leave nothing behind. */
final class Rehearsal implements AutoCloseable {
  private static final String BINARIES = "MOORING_BINARIES_DIR";

  private final Path directory;

  /** In a new temporary directory. */
  Rehearsal() {
    try {
      directory = Files.createTempDirectory("mooring-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Everything embedded, on ports of its own; only where programs are unpacked can be said. */
  Map<String, String> settings(Map<String, String> environment) {
    Map<String, String> settings = new TreeMap<>(environment);
    settings.keySet().removeIf(name -> name.startsWith("MOORING_") && !name.equals(BINARIES));
    settings.put("MOORING_DATA_DIR", directory.resolve("data").toString());
    settings.put("MOORING_HTTP_PORT", "0");
    settings.put("MOORING_MANAGEMENT_PORT", "0");
    return settings;
  }

  @Override
  public void close() {
    StopStep.attempt("directory", () -> Directories.delete(directory));
  }
}
