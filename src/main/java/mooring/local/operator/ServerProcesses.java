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
import java.util.function.Consumer;
import java.util.stream.Stream;
import mooring.local.postgres.PostgresException;
import mooring.local.postgres.PostgresInstallation;
import mooring.local.postgres.PostgresServer;
import mooring.local.postgres.ServerConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The servers that run, by name. Calls for one Cluster come one after the other. */
final class ServerProcesses implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ServerProcesses.class);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
  private static final Duration STOP_LIMIT = Duration.ofMinutes(1);
  private static final Duration STABLE = Duration.ofMinutes(1);
  private static final long LAST_DELAY_SECONDS = 30;

  private final OperatorConfig config;
  private final ServerSetup setup;
  private final Consumer<String> changed;
  private final ServerProbes probes;
  private final Map<String, RunningServer> servers = new ConcurrentHashMap<>();

  /** Those that are given their time to stop, unless the operator closes. */
  private final Set<PostgresServer> stopping = ConcurrentHashMap.newKeySet();

  private volatile boolean closed;

  /**
   * @param changed told the Cluster one of whose servers has ended, does not answer any more, or
   *     answers again
   */
  ServerProcesses(OperatorConfig config, ServerSetup setup, Consumer<String> changed) {
    this.config = config;
    this.setup = setup;
    this.changed = changed;
    probes = new ServerProbes(config.probing());
  }

  /** What was started under a name, ended or not. */
  Optional<RunningServer> find(String name) {
    return Optional.ofNullable(servers.get(name));
  }

  boolean isAlive(String name) {
    RunningServer running = servers.get(name);
    return running != null && running.server().isAlive();
  }

  /** Whether it lives and answers; one that hangs only lives. */
  boolean isReady(String name) {
    return find(name).filter(RunningServer::isReady).isPresent();
  }

  /** Fails when a server that lives does not answer: what is to be said to it has to wait. */
  void requireReady(String name) {
    if (isAlive(name) && !isReady(name)) {
      throw new NotReadyException(
          Phase.WAITING_FOR_INSTANCES, "PostgreSQL does not answer in " + name);
    }
  }

  /** Whether the operator closes: servers that end now are not missed. */
  boolean isClosed() {
    return closed;
  }

  /** The configuration of a server that runs. */
  ServerConfiguration configuration(String name) {
    RunningServer running = servers.get(name);
    if (running == null || !running.server().isAlive()) {
      throw new PostgresException("the server " + name + " does not run");
    }
    return running.server().configuration();
  }

  /** What a server has last said of a failure; nothing while there is none. */
  String lastWords(String name) {
    return find(name).map(running -> running.server().lastWords()).orElse("");
  }

  void keepRoles(String name, RoleOutcome roles) {
    servers.computeIfPresent(name, (key, running) -> running.withRoles(roles));
  }

  /** Starts a server that does not run; one that keeps ending is given time. */
  void start(InstanceFiles files, ServerConfiguration wanted, Rollout rollout) {
    RunningServer ended = servers.get(files.name());
    int crashes = 0;
    if (ended != null) {
      Instant since = ended.startedAt();
      boolean wasStable = Duration.between(since, Instant.now()).compareTo(STABLE) > 0;
      crashes = wasStable ? 1 : ended.crashes() + 1;
      Duration delay = Duration.ofSeconds(Math.min(LAST_DELAY_SECONDS, 1L << Math.min(crashes, 6)));
      if (!wasStable && crashes > 1 && Instant.now().isBefore(since.plus(delay))) {
        throw new NotReadyException(
            Phase.WAITING_FOR_INSTANCES, "PostgreSQL keeps ending: " + ended.server().lastWords());
      }
    }
    start(files, wanted, rollout, crashes);
  }

  private void start(
      InstanceFiles files, ServerConfiguration wanted, Rollout rollout, int crashes) {
    if (closed) {
      throw new PostgresException("the operator is closed");
    }
    PostgresServer server = launched(files, wanted);
    Readiness readiness = probes.watch(server, () -> probed(files, server));
    servers.put(
        files.name(),
        new RunningServer(server, rollout, RoleOutcome.NONE, Instant.now(), crashes, readiness));
    if (closed) { // while it started
      server.stop(CLOSE_LIMIT);
      throw new PostgresException("the operator is closed");
    }
    server.whenExited(() -> ended(files, server));
    log.atInfo()
        .addKeyValue("server", files.name())
        .addKeyValue("host", wanted.host())
        .addKeyValue("port", wanted.port())
        .addKeyValue("pid", server.pid())
        .log("PostgreSQL runs");
  }

  private PostgresServer launched(InstanceFiles files, ServerConfiguration wanted) {
    PostgresInstallation installation =
        config.binaries().installation(files.data().major().orElseThrow());
    try {
      return PostgresServer.start(installation, files.data(), wanted);
    } catch (PostgresException e) {
      throw wanted.reason(installation, files.data(), e);
    }
  }

  private void ended(InstanceFiles files, PostgresServer server) {
    RunningServer current = servers.get(files.name());
    if (!closed && current != null && current.server() == server) {
      log.atWarn()
          .addKeyValue("server", files.name())
          .addKeyValue("pid", server.pid())
          .addKeyValue("reason", server.lastWords())
          .log("PostgreSQL ended by itself");
      // Without a session of its own, Ctrl-C reaches the server too: this may be about to close.
      long delay = server.endedInOrder() ? 1 : 0;
      CompletableFuture.delayedExecutor(delay, TimeUnit.SECONDS)
          .execute(() -> changed.accept(files.cluster()));
    }
  }

  /** One that is stopped on purpose is none of those that run any more. */
  private void probed(InstanceFiles files, PostgresServer server) {
    RunningServer current = servers.get(files.name());
    if (!closed && current != null && current.server() == server) {
      boolean ready = current.readiness().isReady();
      log.atLevel(ready ? Level.INFO : Level.WARN)
          .addKeyValue("server", files.name())
          .addKeyValue("pid", server.pid())
          .log(ready ? "PostgreSQL answers again" : "PostgreSQL does not answer");
      changed.accept(files.cluster());
    }
  }

  /**
   * Brings a server that runs to what is wanted.
   *
   * @param certified whether it has a new certificate
   * @param progress told the phase before a restart
   */
  void adjust(
      InstanceFiles files,
      ServerConfiguration wanted,
      Rollout rollout,
      boolean certified,
      Consumer<Phase> progress) {
    RunningServer running = servers.get(files.name());
    PostgresServer server = running.server();
    server.limitLog();
    Optional<Phase> restart = rollout.phaseSince(running.rollout());
    if (restart.isPresent()) {
      setup.check(files, wanted);
      restart(files, wanted, rollout, restart.get(), progress);
      return;
    }
    ServerConfiguration before = server.configuration();
    if (wanted.equals(before)) {
      if (certified) {
        server.reload(wanted);
      }
      return;
    }
    requireReady(files.name());
    if (setup.applied(server, files, wanted)) {
      log.atInfo().addKeyValue("server", files.name()).log("Settings changed");
      return;
    }
    restart(files, wanted, rollout, Phase.RESTARTING_PRIMARY, progress);
  }

  private void restart(
      InstanceFiles files,
      ServerConfiguration wanted,
      Rollout rollout,
      Phase phase,
      Consumer<Phase> progress) {
    progress.accept(phase);
    stop(files);
    start(files, wanted, rollout, 0);
  }

  /** Stops a server, one left over from an earlier run too. */
  void stop(InstanceFiles files) {
    RunningServer running = servers.get(files.name());
    if (running != null && running.server().isAlive()) {
      stop(files.name(), running.server());
      log.atInfo()
          .addKeyValue("server", files.name())
          .addKeyValue("pid", running.server().pid())
          .log("PostgreSQL stopped");
    }
    servers.remove(files.name());
    files.stopLeftOver();
  }

  private void stop(String name, PostgresServer server) {
    stopping.add(server); // before it leaves the others: it is never in neither
    servers.remove(name);
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
    probes.close();
    List<PostgresServer> all =
        Stream.concat(servers.values().stream().map(RunningServer::server), stopping.stream())
            .distinct()
            .toList();
    PostgresServer.stopAll(all, CLOSE_LIMIT);
    log.atInfo().addKeyValue("servers", all.size()).log("All database servers stopped");
  }
}
