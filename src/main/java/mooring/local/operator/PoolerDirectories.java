package mooring.local.operator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import mooring.local.postgres.Directories;
import mooring.local.postgres.PostgresException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directories that PgBouncers work in, one for each Pooler, by its name. */
final class PoolerDirectories {
  private static final Logger log = LoggerFactory.getLogger(PoolerDirectories.class);

  private final Path root;

  /** No namespace is named with an underscore, so this meets no data directory. */
  PoolerDirectories(OperatorConfig config) {
    root = config.directory().resolve("connection_poolers").resolve(config.namespace());
  }

  Path of(String pooler) {
    return root.resolve(pooler);
  }

  /** Stops what earlier runs have left, wherever possible, and tells of which Poolers. */
  List<String> stopLeftOvers() {
    List<Path> left = all();
    left.parallelStream().forEach(PoolerDirectories::stopLeftOver);
    return left.stream().map(directory -> directory.getFileName().toString()).toList();
  }

  private static void stopLeftOver(Path directory) {
    try {
      PoolerProcess.stopLeftOver(directory);
    } catch (PostgresException e) { // tried again before another is started there
      log.atWarn().addKeyValue("directory", directory).setCause(e).log("Trying again later");
    }
  }

  /** With what is left to run there. */
  void remove(String pooler) {
    Path directory = of(pooler);
    try {
      PoolerProcess.stopLeftOver(directory);
      Directories.delete(directory);
    } catch (IOException e) {
      throw new PostgresException("cannot remove " + directory, e);
    }
  }

  private List<Path> all() {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(root)) {
      return all.toList();
    } catch (IOException e) {
      throw new PostgresException("cannot list " + root, e);
    }
  }
}
