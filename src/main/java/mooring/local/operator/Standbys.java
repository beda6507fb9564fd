package mooring.local.operator;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import mooring.local.postgres.PostgresException;
import mooring.local.postgres.ServerConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the servers that follow a Cluster's primary. */
final class Standbys {
  private static final Logger log = LoggerFactory.getLogger(Standbys.class);
  private static final Duration CATCH_UP_LIMIT = Duration.ofMinutes(1);
  private static final long LOOK_AGAIN_MILLIS = 50;
  private static final String OTHER_ENDED = "another server has ended meanwhile";

  private final OperatorConfig config;
  private final ServerSetup setup;
  private final ServerProcesses processes;
  private final Topologies topologies;
  private final ServerFleet fleet;
  private final Predicate<String> wanted;
  private final StandbyData data;

  /**
   * @param wanted whether a Cluster is still to run
   */
  Standbys(
      OperatorConfig config,
      ServerSetup setup,
      ServerProcesses processes,
      Topologies topologies,
      ServerFleet fleet,
      Predicate<String> wanted) {
    this.config = config;
    this.setup = setup;
    this.processes = processes;
    this.topologies = topologies;
    this.fleet = fleet;
    this.wanted = wanted;
    data = new StandbyData(setup, processes, fleet);
  }

  /** Tells who follows now, by the word of the primary: one that hangs does not. */
  void observe(ClusterSpec spec) {
    if (topologies.of(spec).standbys().isEmpty() || !fleet.isServing(spec.name())) {
      return;
    }
    try (ReplicationSession session = fleet.connect(spec.name(), ReplicationSession::open)) {
      Set<String> streaming = session.streaming();
      for (int number : topologies.of(spec).standbys()) {
        if (streaming.contains(Topology.name(spec.name(), number))) {
          topologies.join(spec.name(), number);
        } else {
          topologies.leave(spec.name(), number);
        }
      }
    }
  }

  /**
   * Brings those that follow already to what is planned, one after the other, before their primary:
   * except to settings that must not be less than the primary's while it runs, and to a place where
   * the primary does not listen yet.
   */
  void roll(DatabasePlan plan, BiConsumer<Phase, Topology> progress) {
    Topology topology = topologies.of(plan.spec());
    boolean running = fleet.isServing(plan.spec().name()); // not while another takes its place
    if (!running || topology.readyStandbys().isEmpty() || moves(plan) || lowers(plan)) {
      return;
    }
    for (int number : topology.readyStandbys()) {
      if (differs(plan, InstanceFiles.of(config, plan.spec().name(), number))) {
        Optional<String> unused = attempt(plan, number, progress); // the other look tells of it
      }
    }
  }

  private boolean differs(DatabasePlan plan, InstanceFiles files) {
    RunningServer running = processes.find(files.name()).orElseThrow();
    ServerConfiguration present = running.server().configuration();
    return !setup.standbyConfiguration(plan, files, present.port()).equals(present)
        || plan.spec().rollout().phaseSince(running.rollout()).isPresent();
  }

  private boolean moves(DatabasePlan plan) {
    ServerConfiguration present = processes.configuration(fleet.files(plan.spec().name()).name());
    return !present.host().equals(plan.service().host()) || present.port() != plan.service().port();
  }

  private boolean lowers(DatabasePlan plan) {
    InstanceFiles primary = fleet.files(plan.spec().name());
    return StandbySettings.lowers(
        processes.configuration(primary.name()),
        setup.configuration(plan, primary, SynchronousStandbys.NONE));
  }

  /**
   * Has as many servers follow the primary as are planned. Those that run come first: they follow
   * soon, while one of the others may have to be copied.
   *
   * @return why some of them do not, by name; empty when all do
   */
  Map<String, String> keep(DatabasePlan plan, BiConsumer<Phase, Topology> progress) {
    Map<String, String> failures = removeSurplus(plan);
    Set<Integer> ready = new HashSet<>();
    List<Integer> runningFirst =
        topologies.of(plan.spec()).standbys().stream()
            .sorted(Comparator.comparing(number -> !isAlive(plan, number)))
            .toList();
    for (int number : runningFirst) {
      ready.addAll(topologies.of(plan.spec()).ready());
      Optional<String> failure =
          hasLost(plan, ready) ? Optional.of(OTHER_ENDED) : attempt(plan, number, progress);
      failure.ifPresent(reason -> failures.put(Topology.name(plan.spec().name(), number), reason));
    }
    return failures;
  }

  /**
   * Whether the primary, or one that followed it, does not any more: that is to be seen to first.
   */
  private boolean hasLost(DatabasePlan plan, Set<Integer> ready) {
    return !topologies.of(plan.spec()).ready().containsAll(ready);
  }

  private boolean isAlive(DatabasePlan plan, int number) {
    return processes.isAlive(Topology.name(plan.spec().name(), number));
  }

  private Optional<String> attempt(
      DatabasePlan plan, int number, BiConsumer<Phase, Topology> progress) {
    InstanceFiles files = InstanceFiles.of(config, plan.spec().name(), number);
    try {
      ensure(plan, files, phase -> progress.accept(phase, topologies.of(plan.spec())));
      return Optional.empty();
    } catch (PostgresException | NotReadyException e) {
      log.atWarn()
          .addKeyValue("server", files.name())
          .addKeyValue("reason", e.getMessage())
          .log("A standby does not follow");
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private void ensure(DatabasePlan plan, InstanceFiles files, Consumer<Phase> progress) {
    if (processes.isAlive(files.name())) {
      adjust(plan, files, progress);
      if (!follows(plan, files)) {
        progress.accept(Phase.WAITING_FOR_INSTANCES);
      }
    } else {
      topologies.leave(files.cluster(), files.number());
      if (processes.find(files.name()).isEmpty()) {
        files.stopLeftOver();
      }
      data.allow(plan, files);
      if (data.isUsable(files)) {
        progress.accept(Phase.WAITING_FOR_INSTANCES);
      } else {
        progress.accept(Phase.CREATING_REPLICA);
        Set<Integer> ready = topologies.of(plan.spec()).ready();
        data.copy(
            plan,
            files,
            () -> {
              requireWanted(files.cluster());
              if (hasLost(plan, ready)) {
                throw new PostgresException(OTHER_ENDED);
              }
            });
      }
      boolean unused = setup.ensureCertificate(plan, files);
      start(plan, files);
    }
    processes.requireReady(files.name()); // one that hangs is waited for, not copied anew
    if (!follows(plan, files)) {
      awaitCaughtUp(plan, files);
    }
  }

  private boolean follows(DatabasePlan plan, InstanceFiles files) {
    return topologies.of(plan.spec()).ready().contains(files.number());
  }

  private void adjust(DatabasePlan plan, InstanceFiles files, Consumer<Phase> progress) {
    boolean certified = setup.ensureCertificate(plan, files);
    int port = processes.configuration(files.name()).port();
    processes.adjust(
        files,
        setup.standbyConfiguration(plan, files, port),
        plan.spec().rollout(),
        certified,
        phase -> {
          topologies.leave(files.cluster(), files.number());
          progress.accept(phase == Phase.RESTARTING_PRIMARY ? Phase.UPGRADING : phase);
        });
  }

  private void start(DatabasePlan plan, InstanceFiles files) {
    int port = files.standbyPort(plan.service().host());
    boolean started = false;
    try {
      processes.start(files, setup.standbyConfiguration(plan, files, port), plan.spec().rollout());
      started = true;
    } finally {
      if (!started && fleet.isServing(files.cluster())) {
        data.spoil(files);
      }
    }
  }

  private void requireWanted(String cluster) {
    if (Thread.currentThread().isInterrupted() || !wanted.test(cluster)) {
      throw new PostgresException("the standby is not wanted any more");
    }
  }

  private void awaitCaughtUp(DatabasePlan plan, InstanceFiles files) {
    String cluster = plan.spec().name();
    long deadline = System.nanoTime() + CATCH_UP_LIMIT.toNanos();
    try (ReplicationSession session = fleet.connect(cluster, ReplicationSession::open)) {
      while (!session.streaming().contains(files.name())) {
        requireWanted(cluster);
        if (!processes.isAlive(files.name())) {
          throw new PostgresException("the standby has ended");
        }
        if (System.nanoTime() > deadline) {
          processes.stop(files);
          data.spoil(files);
          throw new PostgresException("the standby does not catch up");
        }
        Thread.sleep(LOOK_AGAIN_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PostgresException("interrupted while a standby catches up", e);
    }
    topologies.join(cluster, files.number());
  }

  /** Returns why some are still there, by name. */
  private Map<String, String> removeSurplus(DatabasePlan plan) {
    Map<String, String> failures = new HashMap<>();
    Set<Integer> numbers = new HashSet<>(topologies.of(plan.spec()).numbers());
    for (InstanceFiles files : InstanceFiles.all(config, plan.spec().name())) {
      if (!numbers.contains(files.number()) && files.belongsTo(plan.spec().uid())) {
        try {
          remove(plan, files);
        } catch (PostgresException e) {
          failures.put(files.name(), e.getMessage());
        }
      }
    }
    return failures;
  }

  private void remove(DatabasePlan plan, InstanceFiles files) {
    topologies.leave(files.cluster(), files.number());
    processes.stop(files);
    data.archiveRest(plan, files);
    files.delete();
    log.atInfo().addKeyValue("server", files.name()).log("A standby was removed");
  }
}
