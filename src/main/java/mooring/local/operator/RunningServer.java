package mooring.local.operator;

import java.time.Instant;
import mooring.local.postgres.PostgresServer;

/**
 * A server that was started for a Cluster.
 *
 * @param server the process
 * @param rollout what it was started for
 * @param roles what was made of the roles since it runs
 * @param startedAt when it took its first connection
 * @param crashes how many times in a row it ended soon after its start
 * @param readiness whether it answers
 */
record RunningServer(
    PostgresServer server,
    Rollout rollout,
    RoleOutcome roles,
    Instant startedAt,
    int crashes,
    Readiness readiness) {

  RunningServer withRoles(RoleOutcome outcome) {
    return new RunningServer(server, rollout, outcome, startedAt, crashes, readiness);
  }

  /** Whether it lives and answers. */
  boolean isReady() {
    return server.isAlive() && readiness.isReady();
  }
}
