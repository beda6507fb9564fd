package mooring.local.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server that outlived the program that started it. PostgreSQL is another process: {@code kill
 * -9} of the control plane leaves it running, and {@code kill -9} of its postmaster may leave some
 * of its children for a while.
 */
public final class LeftOverServer {
  private static final Logger log = LoggerFactory.getLogger(LeftOverServer.class);
  private static final Duration FAST = Duration.ofSeconds(20);
  private static final Duration IMMEDIATE = Duration.ofSeconds(5);

  /** Within which a server notes that it is to end, unless it hangs. */
  static final Duration HEARING = Duration.ofSeconds(3);

  private LeftOverServer() {}

  /**
   * Ends whatever still runs on a data directory: fast shutdown first, then immediate, then by
   * force. Only processes that certainly are PostgreSQL on this very directory are signalled.
   *
   * @param dataDirectory PostgreSQL's data directory
   * @return whether there was one
   * @throws PostgresException when it cannot be ended
   */
  public static boolean stop(Path dataDirectory) {
    if (!Files.exists(dataDirectory.resolve("postmaster.pid"))) {
      return false; // it was shut down in order, or never ran
    }
    Optional<ProcessHandle> postmaster = postmaster(dataDirectory);
    postmaster.ifPresent(process -> end(dataDirectory, process));
    List<ProcessHandle> orphans = processesIn(dataDirectory);
    Signals.QUIT.send(orphans.stream().map(ProcessHandle::pid).toList());
    awaitEnd(orphans, IMMEDIATE);
    Signals.KILL.send(
        orphans.stream().filter(ProcessHandle::isAlive).map(ProcessHandle::pid).toList());
    return postmaster.isPresent() || !orphans.isEmpty();
  }

  private static void end(Path dataDirectory, ProcessHandle server) {
    log.atWarn()
        .addKeyValue("directory", dataDirectory)
        .addKeyValue("pid", server.pid())
        .log("Stopping a PostgreSQL server left over from an earlier run");
    List<Long> family = Signals.family(server).toList();
    boolean decided = false;
    try {
      endBySignals(dataDirectory, server, family);
      decided = true;
    } finally {
      if (!decided && !hasHeard(dataDirectory)) {
        // Who waits for it was interrupted, and nobody comes back: what hangs would stay for ever.
        Signals.KILL.send(family);
      }
    }
  }

  private static void endBySignals(Path dataDirectory, ProcessHandle server, List<Long> family) {
    Signals.INT.send(server.pid());
    boolean ended =
        endsWithin(server, HEARING)
            // One that hangs hears nothing; its data are put right at the next start.
            || (hasHeard(dataDirectory) && endsWithin(server, FAST));
    if (ended) {
      return;
    }
    Signals.QUIT.send(server.pid());
    if (endsWithin(server, IMMEDIATE)) {
      return;
    }
    Signals.KILL.send(family);
    if (!endsWithin(server, IMMEDIATE)) {
      throw new PostgresException(
          "the PostgreSQL server left over in " + dataDirectory + " does not end");
    }
  }

  /** Whether the server on a data directory is about to end, as far as can be told. */
  static boolean hasHeard(Path dataDirectory) {
    try {
      return PostmasterPid.read(dataDirectory).filter(file -> !file.isStopping()).isEmpty();
    } catch (PostgresException e) {
      return true; // no reason to take from it the time that it may need
    }
  }

  /** The process named in postmaster.pid, if its command line names this data directory. */
  static Optional<ProcessHandle> postmaster(Path dataDirectory) {
    return PostmasterPid.read(dataDirectory)
        .flatMap(file -> ProcessHandle.of(file.pid()))
        .filter(ProcessHandle::isAlive)
        .filter(process -> servesDirectory(process.info(), dataDirectory));
  }

  private static boolean servesDirectory(ProcessHandle.Info info, Path dataDirectory) {
    boolean postgres = info.command().filter(path -> path.endsWith("/postgres")).isPresent();
    return postgres
        && info.arguments()
            .filter(arguments -> List.of(arguments).contains(dataDirectory.toString()))
            .isPresent();
  }

  /** PostgreSQL's processes work inside their data directory; seen where there is a /proc. */
  private static List<ProcessHandle> processesIn(Path dataDirectory) {
    if (!Files.isDirectory(Path.of("/proc/self"))) {
      return List.of();
    }
    return ProcessHandle.allProcesses()
        .filter(process -> worksIn(process, dataDirectory))
        .filter(
            process ->
                process.info().command().filter(path -> path.endsWith("/postgres")).isPresent())
        .toList();
  }

  private static boolean worksIn(ProcessHandle process, Path dataDirectory) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"))
          .equals(dataDirectory);
    } catch (IOException e) {
      return false; // gone, or another account's
    }
  }

  private static boolean endsWithin(ProcessHandle process, Duration limit) {
    awaitEnd(List.of(process), limit);
    return !process.isAlive();
  }

  private static void awaitEnd(List<ProcessHandle> processes, Duration limit) {
    CompletableFuture<?>[] exits =
        processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(exits)
          .completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS)
          .get();
    } catch (ExecutionException e) {
      throw new PostgresException("cannot wait for a process", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PostgresException("interrupted while a left-over server ends", e);
    }
  }
}
