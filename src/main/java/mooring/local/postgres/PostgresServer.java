package mooring.local.postgres;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A running PostgreSQL server: one child process on one data directory. It is durable (fsync on)
 * and listens at one address only.
 */
public final class PostgresServer {
  /** A start may have to replay what a crash left; PostgreSQL needs its time for that. */
  private static final DateTimeFormatter NOTE_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  private static final Duration START_LIMIT = Duration.ofMinutes(5);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
  private static final long MAX_LOG_BYTES = 10L << 20;

  private final Path dataDirectory;
  private final Process process;
  private volatile ServerConfiguration configuration;

  private PostgresServer(Path dataDirectory, Process process, ServerConfiguration configuration) {
    this.dataDirectory = dataDirectory;
    this.process = process;
    this.configuration = configuration;
  }

  /**
   * Starts a server and waits until it takes connections. A server that an earlier run left on the
   * same data is stopped first.
   *
   * @param installation of the data's major version
   * @param data an existing data directory
   * @param configuration its settings and client rules
   * @return the server
   * @throws PostgresException when it does not start; the message holds what it said
   */
  public static PostgresServer start(
      PostgresInstallation installation, DataDirectory data, ServerConfiguration configuration) {
    return start(installation, data, configuration, START_LIMIT);
  }

  static PostgresServer start(
      PostgresInstallation installation,
      DataDirectory data,
      ServerConfiguration configuration,
      Duration limit) {
    LeftOverServer.stop(data.path());
    Process process = launch(installation, data.path(), configuration);
    PostgresServer server = new PostgresServer(data.path(), process, configuration);
    boolean ready = false;
    try {
      server.awaitReady(limit);
      ready = true;
    } finally {
      if (!ready) {
        stopAll(List.of(server), Duration.ZERO);
      }
    }
    return server;
  }

  private static Process launch(
      PostgresInstallation installation, Path directory, ServerConfiguration configuration) {
    try {
      configuration.writeTo(directory);
      Path log = log(directory);
      keepPrevious(log);
      List<String> command = new ArrayList<>(OwnSession.commandPrefix());
      command.addAll(installation.command("postgres", List.of("-D", directory.toString())));
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      ServerEnvironment.apply(builder.environment());
      return builder.start();
    } catch (IOException e) {
      throw new PostgresException("cannot start PostgreSQL in " + directory, e);
    }
  }

  private static void keepPrevious(Path log) throws IOException {
    if (Files.exists(log)) {
      Files.move(
          log,
          log.resolveSibling(log.getFileName() + ".previous"),
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * Adds a line to what the server says, in its form, for those who look there for a reason.
   *
   * @param message the line
   */
  public void note(String message) {
    String line = NOTE_TIME.format(Instant.now()) + " UTC [" + process.pid() + "] LOG:  " + message;
    try {
      Files.writeString(log(dataDirectory), line + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new PostgresException("cannot write to the log of " + dataDirectory, e);
    }
  }

  private static Path log(Path dataDirectory) {
    return dataDirectory.resolveSibling("server.log");
  }

  private void awaitReady(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!isReady()) {
      if (!process.isAlive()) {
        throw new PostgresException("PostgreSQL does not start: " + lastWords());
      }
      if (System.nanoTime() > deadline) {
        throw new PostgresException("PostgreSQL is not ready after " + limit);
      }
      try {
        process.waitFor(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new PostgresException("interrupted while PostgreSQL starts", e);
      }
    }
  }

  private boolean isReady() {
    return PostmasterPid.read(dataDirectory)
        .filter(file -> file.pid() == process.pid() && file.isReady())
        .isPresent();
  }

  /** Returns the process id of the postmaster. */
  public long pid() {
    return process.pid();
  }

  /** Returns whether its process runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Whether it has ended because somebody asked it to, and not by a crash. */
  public boolean endedInOrder() {
    return !process.isAlive() && process.exitValue() == 0;
  }

  /**
   * Calls back when the process has ended, for whatever reason, stop included.
   *
   * @param action brief; called on a thread that is not the caller's
   */
  public void whenExited(Runnable action) {
    CompletableFuture<?> unused = process.onExit().thenRunAsync(action);
  }

  /** Returns what it was last told to run with. */
  public ServerConfiguration configuration() {
    return configuration;
  }

  /** Returns the last lines of its log that tell of a failure. */
  public String lastWords() {
    return new LogTail(log(dataDirectory)).lines();
  }

  /**
   * Writes new settings and has the server read them. Those that need a restart wait for one.
   *
   * @param changed the new configuration
   * @throws PostgresException when it cannot be written
   */
  public void reload(ServerConfiguration changed) {
    try {
      changed.writeTo(dataDirectory);
    } catch (IOException e) {
      throw new PostgresException("cannot write the configuration in " + dataDirectory, e);
    }
    configuration = changed;
    Signals.HUP.send(pid());
  }

  /**
   * Keeps the log within bounds: past 10 MiB it begins anew.
   *
   * @throws PostgresException when it cannot be shortened
   */
  public void limitLog() {
    Path log = log(dataDirectory);
    try {
      if (Files.exists(log) && Files.size(log) > MAX_LOG_BYTES) {
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
          channel.truncate(0); // the server appends, so it goes on at the start
        }
      }
    } catch (IOException e) {
      throw new PostgresException("cannot shorten " + log, e);
    }
  }

  /**
   * Stops it and waits: a fast shutdown, then an immediate one, then by force. One that hangs is
   * not given the time that a shutdown may take.
   *
   * @param limit how long the fast shutdown may take
   */
  public void stop(Duration limit) {
    stopAll(List.of(this), limit);
  }

  /**
   * Stops servers side by side.
   *
   * @param servers which
   * @param limit how long the fast shutdown of all of them may take; the rest takes at most 2 s
   */
  public static void stopAll(Collection<PostgresServer> servers, Duration limit) {
    Signals.INT.send(alive(servers));
    if (limit.compareTo(LeftOverServer.HEARING) > 0) {
      long deadline = System.nanoTime() + limit.toNanos();
      awaitExit(servers, LeftOverServer.HEARING);
      force(servers.stream().filter(server -> !server.hasHeard()).toList());
      awaitExit(servers, Duration.ofNanos(deadline - System.nanoTime()));
    } else {
      awaitExit(servers, limit);
    }
    force(servers);
  }

  private boolean hasHeard() {
    return LeftOverServer.hasHeard(dataDirectory);
  }

  private static void force(Collection<PostgresServer> servers) {
    Signals.QUIT.send(alive(servers));
    awaitExit(servers, Duration.ofSeconds(1));
    Signals.KILL.send(
        servers.stream()
            .filter(PostgresServer::isAlive)
            .flatMap(one -> Signals.family(one.process.toHandle()))
            .toList());
    awaitExit(servers, Duration.ofSeconds(1));
  }

  private static List<Long> alive(Collection<PostgresServer> servers) {
    return servers.stream().filter(PostgresServer::isAlive).map(PostgresServer::pid).toList();
  }

  private static void awaitExit(Collection<PostgresServer> servers, Duration limit) {
    CompletableFuture<?>[] exits =
        servers.stream()
            .map(server -> server.process.onExit())
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(exits)
        .completeOnTimeout(null, Math.max(0, limit.toMillis()), TimeUnit.MILLISECONDS)
        .join();
  }
}
