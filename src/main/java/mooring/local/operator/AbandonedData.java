package mooring.local.operator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import mooring.local.postgres.PostgresException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Data directories without a Cluster: reported, their servers stopped, and otherwise left alone.
 */
final class AbandonedData {
  private static final Logger log = LoggerFactory.getLogger(AbandonedData.class);
  private final OperatorConfig config;

  AbandonedData(OperatorConfig config) {
    this.config = config;
  }

  void report(Set<String> clusters) {
    for (Path directory : directories()) {
      String name = directory.getFileName().toString();
      if (name.endsWith("-1") && !clusters.contains(name.substring(0, name.length() - 2))) {
        log.atWarn()
            .addKeyValue("directory", directory)
            .log("There is no Cluster for this data; it is left alone");
        stopServer(directory);
      }
    }
  }

  private static void stopServer(Path directory) {
    try {
      new InstanceFiles(directory).stopLeftOver();
    } catch (PostgresException e) { // no reason to keep the others' databases down
      log.atWarn()
          .addKeyValue("directory", directory)
          .addKeyValue("reason", e.getMessage())
          .log("The server on data without a Cluster goes on");
    }
  }

  private List<Path> directories() {
    Path namespace = config.directory().resolve(config.namespace());
    if (!Files.isDirectory(namespace)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(namespace)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new PostgresException("cannot list " + namespace, e);
    }
  }
}
