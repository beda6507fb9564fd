package mooring.local.operator;

import java.util.Set;
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
    for (InstanceFiles files : InstanceFiles.all(config)) {
      if (!clusters.contains(files.cluster())) {
        log.atWarn()
            .addKeyValue("directory", files.directory())
            .log("There is no Cluster for this data; it is left alone");
        stopServer(files);
      }
    }
  }

  private static void stopServer(InstanceFiles files) {
    try {
      files.stopLeftOver();
    } catch (PostgresException e) { // no reason to keep the others' databases down
      log.atWarn()
          .addKeyValue("directory", files.directory())
          .addKeyValue("reason", e.getMessage())
          .log("The server on data without a Cluster goes on");
    }
  }
}
