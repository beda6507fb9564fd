package mooring.local.operator;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import mooring.local.postgres.PostgresException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the primaries that follow another Cluster: their data are a copy of that one's, and they
 * take what it writes until they are to follow no more.
 */
final class Followers {
  private static final Logger log = LoggerFactory.getLogger(Followers.class);
  private static final Duration CATCH_UP_LIMIT = Duration.ofMinutes(1);
  private static final long LOOK_AGAIN_MILLIS = 50;

  /** What servers say whose data are of no more use: the log that they need is not to be had. */
  private static final List<String> LOST =
      List.of(
          "has already been removed",
          "is behind recovery timeline",
          "is not in this server's history");

  private final ServerFleet fleet;
  private final ServerProcesses processes;
  private final Predicate<String> wanted;

  /** Those that cannot go on from the data that they have. */
  private final Set<String> spoilt = ConcurrentHashMap.newKeySet();

  /**
   * @param wanted whether a Cluster is still to run
   */
  Followers(ServerFleet fleet, ServerProcesses processes, Predicate<String> wanted) {
    this.fleet = fleet;
    this.processes = processes;
    this.wanted = wanted;
  }

  /** Whether a Cluster's primary still is a copy, and is to be one no more. */
  boolean isToBePromoted(DatabasePlan plan) {
    return plan.spec().origin().isPresent()
        && !plan.spec().follows()
        && fleet.files(plan.spec().name()).data().isStandby();
  }

  /**
   * Makes the data of a Cluster that begins with another one's, where there are none of use. What
   * has stopped following has data of its own: they are never made anew.
   *
   * @param initialized whether it has had data before
   */
  void prepare(DatabasePlan plan, boolean initialized, Consumer<Phase> progress) {
    if (plan.origin().isEmpty()) {
      return;
    }
    InstanceFiles files = fleet.files(plan.spec().name());
    boolean there = files.data().major().isPresent();
    if (!plan.spec().follows() && (there || initialized)) {
      spoilt.remove(files.name());
      return;
    }
    boolean made = there && !spoilt.contains(files.name());
    String source = plan.origin().get().cluster();
    boolean open = fleet.isServing(source) && fleet.isOpenToStandbys(source);
    if (made && !open) {
      return; // it goes on with what it has
    }
    if (!open) {
      throw new NotReadyException(Phase.SETTING_UP_PRIMARY, "its source does not let it in yet");
    }
    allow(plan, files, source);
    if (!made) {
      progress.accept(Phase.SETTING_UP_PRIMARY);
      processes.stop(files);
      copy(plan, files, source);
      if (!plan.spec().follows()) {
        throw new NotReadyException(Phase.SETTING_UP_PRIMARY, "its data are still to be promoted");
      }
    }
  }

  /** Lets it log in at its source. */
  private void allow(DatabasePlan plan, InstanceFiles files, String source) {
    files.claim(plan.spec());
    InstanceFiles primary = fleet.files(source);
    if (!files.hasPasswordsOf(primary)) {
      try (ReplicationSession session = fleet.connect(source, ReplicationSession::open)) {
        session.keepRole(primary.replicationPassword());
      }
      files.takePasswordsOf(primary);
    }
  }

  private void copy(DatabasePlan plan, InstanceFiles files, String source) {
    InstanceFiles primary = fleet.files(source);
    Runnable check =
        () -> {
          requireWanted(files.cluster());
          fleet.requirePrimary(source, primary);
        };
    if (primary.data().major().orElse(0) != plan.major()) {
      throw new NotReadyException(Phase.UNRECOVERABLE, "its source is of another version");
    }
    try (BackupSession session =
        fleet.connect(
            source, (server, password) -> BackupSession.begin(server, password, files.name()))) {
      new StandbyCopy(primary, check).into(files, session);
    }
    spoilt.remove(files.name());
    log.atInfo()
        .addKeyValue("server", files.name())
        .addKeyValue("source", source)
        .log("A read replica has its data");
  }

  /**
   * Waits a while until it follows. A source that is down is waited for by the server itself.
   *
   * @param initialized whether it has followed before
   */
  void await(DatabasePlan plan, boolean initialized) {
    Optional<Following> origin = plan.origin().filter(any -> plan.spec().follows());
    if (origin.isEmpty()) {
      return;
    }
    InstanceFiles files = fleet.files(plan.spec().name());
    String source = origin.get().cluster();
    if (!fleet.isServing(source)) {
      if (!initialized) {
        throw new NotReadyException(Phase.SETTING_UP_PRIMARY, "its source does not run");
      }
      return;
    }
    try (ReplicationSession session = fleet.connect(source, ReplicationSession::open)) {
      awaitStreaming(session, files);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PostgresException("interrupted while a read replica catches up", e);
    }
  }

  private void awaitStreaming(ReplicationSession session, InstanceFiles files)
      throws InterruptedException {
    long deadline = System.nanoTime() + CATCH_UP_LIMIT.toNanos();
    while (!session.streaming().contains(files.name())) {
      requireWanted(files.cluster());
      if (!processes.isAlive(files.name())) {
        throw new PostgresException("the read replica has ended");
      }
      if (System.nanoTime() > deadline) {
        if (LOST.stream().anyMatch(processes.lastWords(files.name())::contains)) {
          spoil(files);
        }
        throw new PostgresException("the read replica does not catch up");
      }
      Thread.sleep(LOOK_AGAIN_MILLIS);
    }
  }

  /** They are to be copied anew, as long as it is to follow. */
  void spoil(InstanceFiles files) {
    boolean unused = spoilt.add(files.name());
  }

  private void requireWanted(String cluster) {
    if (Thread.currentThread().isInterrupted() || !wanted.test(cluster)) {
      throw new PostgresException("the read replica is not wanted any more");
    }
  }
}
