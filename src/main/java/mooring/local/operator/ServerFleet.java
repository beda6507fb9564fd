package mooring.local.operator;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import mooring.local.postgres.MajorUpgrade;
import mooring.local.postgres.PostgresException;
import mooring.local.postgres.PostgresServer;
import mooring.local.postgres.ServerConfiguration;

/** The servers that take the writes, by Cluster. Calls for one Cluster come one after the other. */
final class ServerFleet {
  private final OperatorConfig config;
  private final ServerSetup setup;
  private final ServerProcesses processes;
  private final Topologies topologies;
  private final RoleKeeper roles = new RoleKeeper();
  private final MajorUpgrades upgrades = new MajorUpgrades();

  /** What was last said in the servers' logs of upgrades that failed. */
  private final Map<String, String> noted = new ConcurrentHashMap<>();

  ServerFleet(
      OperatorConfig config, ServerSetup setup, ServerProcesses processes, Topologies topologies) {
    this.config = config;
    this.setup = setup;
    this.processes = processes;
    this.topologies = topologies;
  }

  /** Whether the Cluster's primary runs: one that still has to become it does not. */
  boolean isRunning(String cluster) {
    return running(cluster).isPresent();
  }

  /** Whether it runs and answers; one that hangs only runs. */
  boolean isServing(String cluster) {
    return isRunning(cluster) && processes.isReady(files(cluster).name());
  }

  private Optional<ServerConfiguration> running(String cluster) {
    return processes
        .find(files(cluster).name())
        .map(RunningServer::server)
        .filter(PostgresServer::isAlive)
        .map(PostgresServer::configuration)
        .filter(configuration -> !StandbySettings.isOf(configuration));
  }

  /** Whether standbys are let in to the Cluster's primary, which runs. */
  boolean isOpenToStandbys(String cluster) {
    return running(cluster)
        .filter(server -> server.clientRules().contains(StandbySettings.REPLICATION_RULE))
        .isPresent();
  }

  /** The files of the Cluster's primary. */
  InstanceFiles files(String cluster) {
    return InstanceFiles.of(config, cluster, topologies.primary(cluster));
  }

  /** Fails when another server has taken the place of the Cluster's primary. */
  void requirePrimary(String cluster, InstanceFiles known) {
    if (!files(cluster).name().equals(known.name())) {
      throw new PostgresException("another server has taken the place of " + known.name());
    }
  }

  /** Opens something on the Cluster's primary. */
  <T> T connect(String cluster, BiFunction<ServerConfiguration, String, T> opening) {
    ServerConfiguration server =
        running(cluster)
            .orElseThrow(() -> new PostgresException("the server of " + cluster + " does not run"));
    if (!isServing(cluster)) { // found out already: nobody has to wait for that again
      throw new PostgresException("the server of " + cluster + " does not answer");
    }
    return opening.apply(server, files(cluster).superuserPassword());
  }

  /** The plan with a place for the primary to listen at, also while no client is led to it. */
  DatabasePlan placed(DatabasePlan wish) {
    String primary = files(wish.spec().name()).name();
    return Placement.of(wish, processes.find(primary).orElse(null));
  }

  /**
   * Brings the Cluster's primary to what is planned; returns when it takes connections.
   *
   * @param upgrading called when its data are about to be upgraded, with no server running
   * @return what became of the roles
   */
  RoleOutcome run(
      DatabasePlan plan, boolean initialized, Runnable upgrading, Consumer<Phase> progress) {
    InstanceFiles files = files(plan.spec().name());
    boolean known = processes.find(files.name()).isPresent();
    if (!known) {
      files.stopLeftOver();
      MajorUpgrade.finish(files.data());
      setup.ensureData(plan, files, initialized, progress);
    }
    upgrades.ensure(
        plan,
        files,
        () -> {
          progress.accept(Phase.UPGRADING_MAJOR);
          stop(plan.spec().name());
          endInOrder(plan, files);
          setup.archiveRest(plan, files);
          upgrading.run();
        });
    if (processes.isAlive(files.name())) {
      adjust(plan, progress);
      processes.requireReady(files.name()); // after what may start it anew
    } else {
      boolean unused = setup.ensureCertificate(plan, files);
      SynchronousStandbys confirming = confirming(plan);
      ServerConfiguration wanted = setup.configuration(plan, files, confirming);
      progress.accept(initialized ? Phase.WAITING_FOR_INSTANCES : Phase.SETTING_UP_PRIMARY);
      processes.start(files, wanted, plan.spec().rollout());
      topologies.confirm(plan.spec().name(), confirming);
    }
    noteHeldBack(plan, files);
    return ensureRoles(plan, files);
  }

  /** After a crash the data has to be put right by a server of its own version. */
  private void endInOrder(DatabasePlan plan, InstanceFiles files) {
    if (files.data().isShutDown()) {
      return;
    }
    ServerConfiguration wanted = setup.configuration(plan, files, SynchronousStandbys.NONE);
    processes.start(files, wanted, plan.spec().rollout());
    processes.stop(files);
  }

  /** Says in the server's own log why it is not of the version that is planned, once. */
  private void noteHeldBack(DatabasePlan plan, InstanceFiles files) {
    Optional<String> reason = heldBack(plan);
    RunningServer running = processes.find(files.name()).orElseThrow();
    if (reason.isEmpty()) {
      noted.remove(files.name());
    } else if (!(running.server().pid() + reason.get()).equals(noted.get(files.name()))) {
      noted.put(files.name(), running.server().pid() + reason.get());
      running.server().note("upgrade to PostgreSQL " + plan.major() + " failed: " + reason.get());
    }
  }

  /** Has the primary that runs take what is planned now, and wait for those that follow it now. */
  void adjust(DatabasePlan plan, Consumer<Phase> progress) {
    InstanceFiles files = files(plan.spec().name());
    boolean certified = setup.ensureCertificate(plan, files);
    SynchronousStandbys confirming = confirming(plan);
    ServerConfiguration wanted = setup.configuration(plan, files, confirming);
    processes.adjust(files, wanted, plan.spec().rollout(), certified, progress);
    topologies.confirm(plan.spec().name(), confirming);
  }

  /** The version of the data. */
  int major(DatabasePlan plan) {
    return files(plan.spec().name()).data().major().orElse(plan.major());
  }

  /** Why the data stays at another version than what is planned; empty when it does not. */
  Optional<String> heldBack(DatabasePlan plan) {
    return upgrades.heldBack(plan, files(plan.spec().name()));
  }

  private SynchronousStandbys confirming(DatabasePlan plan) {
    return SynchronousStandbys.of(plan.spec(), topologies.of(plan.spec()));
  }

  private RoleOutcome ensureRoles(DatabasePlan plan, InstanceFiles files) {
    RunningServer running = processes.find(files.name()).orElseThrow();
    if (plan.spec().follows()) {
      return RoleOutcome.NONE; // it has those of its source
    }
    RoleOutcome outcome =
        roles.keep(
            plan,
            running.roles(),
            () -> Administration.open(running.server().configuration(), files.superuserPassword()));
    processes.keepRoles(files.name(), outcome);
    return outcome;
  }

  /**
   * Stops the Cluster's servers, those left over from an earlier run too: the primary first, but
   * for standbys that are known to hang, whose word it would wait for.
   */
  void stop(String cluster) {
    InstanceFiles primary = files(cluster);
    List<InstanceFiles> others =
        InstanceFiles.all(config, cluster).stream()
            .filter(files -> !files.name().equals(primary.name()))
            .toList();
    others.stream()
        .filter(files -> processes.isAlive(files.name()) && !processes.isReady(files.name()))
        .forEach(processes::stop);
    processes.stop(primary);
    others.forEach(processes::stop);
    topologies.stopped(cluster);
  }

  /** The Cluster is gone: a later one of its name is another one. */
  void forget(String cluster) {
    topologies.forget(cluster);
  }
}
