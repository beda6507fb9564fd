package mooring.local.operator;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;
import mooring.local.postgres.PostgresException;
import mooring.local.postgres.PostgresServer;
import mooring.local.postgres.ServerConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The servers that run, by Cluster. Calls for one Cluster come one after the other. */
final class ServerFleet implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ServerFleet.class);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
  private static final Duration STOP_LIMIT = Duration.ofMinutes(1);
  private static final Duration STABLE = Duration.ofMinutes(1);
  private static final long LAST_DELAY_SECONDS = 30;

  private final OperatorConfig config;
  private final ServerSetup setup;
  private final RoleKeeper roles = new RoleKeeper();
  private final Consumer<String> exited;
  private final Map<String, RunningServer> servers = new ConcurrentHashMap<>();

  /** Those that are given their time to stop, unless the operator closes. */
  private final Set<PostgresServer> stopping = ConcurrentHashMap.newKeySet();

  private volatile boolean closed;

  /** The consumer is told the Cluster whose server has ended. */
  ServerFleet(OperatorConfig config, ServerSetup setup, Consumer<String> exited) {
    this.config = config;
    this.setup = setup;
    this.exited = exited;
  }

  boolean isRunning(String cluster) {
    RunningServer running = servers.get(cluster);
    return running != null && running.server().isAlive();
  }

  /** Opens something on the Cluster's server. */
  <T> T connect(String cluster, BiFunction<ServerConfiguration, String, T> opening) {
    RunningServer running = servers.get(cluster);
    if (running == null || !running.server().isAlive()) {
      throw new PostgresException("the server of " + cluster + " does not run");
    }
    return opening.apply(
        running.server().configuration(), InstanceFiles.of(config, cluster).superuserPassword());
  }

  /**
   * Brings the Cluster's server to what is planned; returns when it takes connections.
   *
   * @return what became of the roles
   */
  RoleOutcome run(DatabasePlan wish, boolean initialized, Consumer<Phase> progress) {
    String cluster = wish.spec().name();
    InstanceFiles files = InstanceFiles.of(config, cluster);
    RunningServer running = servers.get(cluster);
    DatabasePlan plan = Placement.of(wish, running);
    if (running == null) {
      files.stopLeftOver();
      setup.ensureData(plan, files, initialized, progress);
    }
    boolean certified = setup.ensureCertificate(plan, files);
    ServerConfiguration wanted = setup.configuration(plan, files);
    if (running == null) {
      progress.accept(initialized ? Phase.WAITING_FOR_INSTANCES : Phase.SETTING_UP_PRIMARY);
      start(plan, files, wanted, 0);
    } else if (!running.server().isAlive()) {
      progress.accept(initialized ? Phase.WAITING_FOR_INSTANCES : Phase.SETTING_UP_PRIMARY);
      startAgain(plan, files, wanted, running);
    } else {
      adjust(plan, files, wanted, certified, progress);
    }
    return ensureRoles(plan, files);
  }

  private void startAgain(
      DatabasePlan plan, InstanceFiles files, ServerConfiguration wanted, RunningServer ended) {
    Instant since = ended.startedAt();
    boolean wasStable = Duration.between(since, Instant.now()).compareTo(STABLE) > 0;
    int crashes = wasStable ? 1 : ended.crashes() + 1;
    Duration delay = Duration.ofSeconds(Math.min(LAST_DELAY_SECONDS, 1L << Math.min(crashes, 6)));
    if (!wasStable && crashes > 1 && Instant.now().isBefore(since.plus(delay))) {
      throw new NotReadyException(
          Phase.WAITING_FOR_INSTANCES, "PostgreSQL keeps ending: " + ended.server().lastWords());
    }
    start(plan, files, wanted, crashes);
  }

  private void start(
      DatabasePlan plan, InstanceFiles files, ServerConfiguration wanted, int crashes) {
    String cluster = plan.spec().name();
    if (closed) {
      throw new PostgresException("the operator is closed");
    }
    PostgresServer server =
        PostgresServer.start(
            config.binaries().installation(files.data().major().orElseThrow()),
            files.data(),
            wanted);
    servers.put(
        cluster,
        new RunningServer(server, plan.spec().rollout(), RoleOutcome.NONE, Instant.now(), crashes));
    if (closed) { // while it started
      server.stop(CLOSE_LIMIT);
      throw new PostgresException("the operator is closed");
    }
    server.whenExited(() -> ended(cluster, server));
    log.atInfo()
        .addKeyValue("cluster", cluster)
        .addKeyValue("host", wanted.host())
        .addKeyValue("port", wanted.port())
        .addKeyValue("pid", server.pid())
        .log("PostgreSQL runs");
  }

  private void ended(String cluster, PostgresServer server) {
    RunningServer current = servers.get(cluster);
    if (!closed && current != null && current.server() == server) {
      log.atWarn()
          .addKeyValue("cluster", cluster)
          .addKeyValue("pid", server.pid())
          .addKeyValue("reason", server.lastWords())
          .log("PostgreSQL ended by itself");
      // Without a session of its own, Ctrl-C reaches the server too: this may be about to close.
      long delay = server.endedInOrder() ? 1 : 0;
      CompletableFuture.delayedExecutor(delay, TimeUnit.SECONDS)
          .execute(() -> exited.accept(cluster));
    }
  }

  private void adjust(
      DatabasePlan plan,
      InstanceFiles files,
      ServerConfiguration wanted,
      boolean certified,
      Consumer<Phase> progress) {
    RunningServer running = servers.get(plan.spec().name());
    PostgresServer server = running.server();
    server.limitLog();
    Optional<Phase> restart = plan.spec().rollout().phaseSince(running.rollout());
    if (restart.isPresent()) {
      setup.check(files, wanted);
      restart(plan, files, wanted, restart.get(), progress);
      return;
    }
    ServerConfiguration before = server.configuration();
    if (wanted.equals(before)) {
      if (certified) {
        server.reload(wanted);
      }
      return;
    }
    if (setup.applied(server, files, wanted)) {
      log.atInfo().addKeyValue("cluster", plan.spec().name()).log("Settings changed");
      return;
    }
    restart(plan, files, wanted, Phase.RESTARTING_PRIMARY, progress);
  }

  private void restart(
      DatabasePlan plan,
      InstanceFiles files,
      ServerConfiguration wanted,
      Phase phase,
      Consumer<Phase> progress) {
    progress.accept(phase);
    stop(plan.spec().name());
    start(plan, files, wanted, 0);
  }

  private RoleOutcome ensureRoles(DatabasePlan plan, InstanceFiles files) {
    String cluster = plan.spec().name();
    RunningServer running = servers.get(cluster);
    RoleOutcome outcome =
        roles.keep(
            plan,
            running.roles(),
            () -> Administration.open(running.server().configuration(), files.superuserPassword()));
    servers.put(cluster, running.withRoles(outcome));
    return outcome;
  }

  /** Stops the Cluster's server, one left over from an earlier run too. */
  void stop(String cluster) {
    RunningServer running = servers.get(cluster);
    if (running != null && running.server().isAlive()) {
      stop(cluster, running.server());
      log.atInfo()
          .addKeyValue("cluster", cluster)
          .addKeyValue("pid", running.server().pid())
          .log("PostgreSQL stopped");
    }
    servers.remove(cluster);
    InstanceFiles.of(config, cluster).stopLeftOver();
  }

  private void stop(String cluster, PostgresServer server) {
    stopping.add(server); // before it leaves the others: it is never in neither
    servers.remove(cluster);
    try {
      server.stop(closed ? CLOSE_LIMIT : STOP_LIMIT);
    } finally {
      stopping.remove(server);
    }
  }

  /** Stops all of them; their data stays. */
  @Override
  public void close() {
    closed = true;
    List<PostgresServer> all =
        Stream.concat(servers.values().stream().map(RunningServer::server), stopping.stream())
            .distinct()
            .toList();
    PostgresServer.stopAll(all, CLOSE_LIMIT);
    log.atInfo().addKeyValue("servers", all.size()).log("All database servers stopped");
  }
}
