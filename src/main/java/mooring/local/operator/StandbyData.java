package mooring.local.operator;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import mooring.local.postgres.PostgresException;
import mooring.local.postgres.PostgresServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a standby is started with: a copy of its primary's data, and a login there. */
final class StandbyData {
  private static final Logger log = LoggerFactory.getLogger(StandbyData.class);

  private final ServerSetup setup;
  private final ServerProcesses processes;
  private final ServerFleet fleet;

  /** The primaries, as long as they run, that have the role that standbys log in with. */
  private final Set<PostgresServer> prepared =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  /** The standbys that have failed to start, or to follow, with the data they have. */
  private final Set<String> spoilt = ConcurrentHashMap.newKeySet();

  StandbyData(ServerSetup setup, ServerProcesses processes, ServerFleet fleet) {
    this.setup = setup;
    this.processes = processes;
    this.fleet = fleet;
  }

  /** Lets a standby log in at its primary. */
  void allow(DatabasePlan plan, InstanceFiles files) {
    InstanceFiles primary = fleet.files(plan.spec().name());
    PostgresServer server =
        processes
            .find(primary.name())
            .orElseThrow(() -> new PostgresException("the primary does not run"))
            .server();
    // What follows another Cluster has the role from there.
    if (!plan.spec().follows() && !prepared.contains(server)) {
      try (ReplicationSession session =
          fleet.connect(plan.spec().name(), ReplicationSession::open)) {
        session.keepRole(primary.replicationPassword());
      }
      boolean unused = prepared.add(server);
    }
    files.claim(plan.spec());
    files.takePasswordsOf(primary);
  }

  /** Whether a standby can go on from what it has; what it cannot use is no more than a copy. */
  boolean isUsable(InstanceFiles files) {
    return files.data().isStandby()
        && files.data().major().equals(fleet.files(files.cluster()).data().major())
        && !spoilt.contains(files.name());
  }

  /** It is to be copied anew before the next start. */
  void spoil(InstanceFiles files) {
    boolean unused = spoilt.add(files.name());
  }

  /** A former primary may have log that nobody else has; it is archived before its data goes. */
  void archiveRest(DatabasePlan plan, InstanceFiles files) {
    if (files.data().major().isPresent() && !files.data().isStandby()) {
      setup.archiveRest(plan, files);
    }
  }

  /**
   * Copies.
   *
   * @param check called often; ends the copy by throwing
   */
  void copy(DatabasePlan plan, InstanceFiles files, Runnable check) {
    archiveRest(plan, files);
    // A primary that follows another Cluster's cannot say where its log ends.
    String source =
        plan.origin()
            .filter(any -> plan.spec().follows())
            .map(Following::cluster)
            .orElse(files.cluster());
    InstanceFiles primary = fleet.files(source);
    Runnable checks =
        () -> {
          check.run();
          fleet.requirePrimary(source, primary);
        };
    try (BackupSession session =
        fleet.connect(
            source, (server, password) -> BackupSession.begin(server, password, files.name()))) {
      new StandbyCopy(primary, checks).into(files, session);
    }
    spoilt.remove(files.name());
    log.atInfo().addKeyValue("server", files.name()).log("A standby has its data");
  }
}
