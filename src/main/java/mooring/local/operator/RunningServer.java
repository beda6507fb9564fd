package mooring.local.operator;

import java.time.Instant;
import mooring.local.postgres.PostgresServer;

/**
 * A server that was started for a Cluster.
 *
 * @param server the process
 * @param secretVersion the Secret's resourceVersion whose password it has; empty when unknown
 * @param startedAt when it took its first connection
 * @param crashes how many times in a row it ended soon after its start
 */
record RunningServer(PostgresServer server, String secretVersion, Instant startedAt, int crashes) {

  RunningServer withSecretVersion(String version) {
    return new RunningServer(server, version, startedAt, crashes);
  }
}
