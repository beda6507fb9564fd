package mooring.local.operator;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import mooring.local.postgres.Directories;
import mooring.local.postgres.OwnSession;
import mooring.local.postgres.PostgresException;
import mooring.local.postgres.ServerAccount;
import mooring.local.postgres.Signals;

/** A running PgBouncer: one child process in one directory, which holds its files. */
final class PoolerProcess {
  private static final Duration START_LIMIT = Duration.ofSeconds(10);
  private static final Duration RELOAD_LIMIT = Duration.ofSeconds(1);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(3);
  private static final int LOOK_AGAIN_MILLIS = 20;
  private static final String PID = "pid";
  private static final int WORDS = 300;

  private static final String RELOADING = "got SIGHUP";

  private final Path directory;
  private final Process process;
  private PoolerFiles files;

  private PoolerProcess(Path directory, Process process, PoolerFiles files) {
    this.directory = directory;
    this.process = process;
    this.files = files;
  }

  /**
   * Starts one, and waits until it takes connections. One that an earlier run left is stopped
   * first; a listener of another kind in its place is not taken for it.
   *
   * @throws PostgresException when it does not start; the message holds what it said
   */
  static PoolerProcess start(Path program, Path directory, PoolerFiles files) {
    try {
      Directories.createPrivate(directory);
      stopLeftOver(directory);
      if (listens(files)) {
        throw new PostgresException(
            "another process listens at " + files.host() + ":" + files.port());
      }
      Files.deleteIfExists(directory.resolve(PID)); // it names another one than is started now
      files.writeTo(directory);
      Path log = log(directory);
      List<String> command = new ArrayList<>(OwnSession.commandPrefix());
      command.addAll(ServerAccount.commandPrefix());
      command.addAll(List.of(program.toString(), PoolerFiles.CONFIGURATION));
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(log.toFile())
              .start();
      boolean ready = false;
      try {
        Files.writeString(directory.resolve(PID), process.pid() + "\n");
        PoolerProcess started = new PoolerProcess(directory, process, files);
        started.awaitReady(log);
        ready = true;
        return started;
      } finally {
        if (!ready) {
          end(process.toHandle());
        }
      }
    } catch (IOException e) {
      throw new PostgresException("cannot start PgBouncer in " + directory, e);
    }
  }

  private static Path log(Path directory) {
    return directory.resolve("pgbouncer.log");
  }

  private void awaitReady(Path log) throws IOException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    try {
      while (!(process.isAlive() && listens(files))) {
        boolean ended = process.waitFor(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        if (ended || System.nanoTime() > deadline) {
          String said = Files.readString(log).strip();
          throw new PostgresException(
              "PgBouncer does not start: "
                  + said.substring(Math.max(0, said.length() - WORDS)).replace('\n', ' '));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PostgresException("interrupted while PgBouncer starts", e);
    }
  }

  private static boolean listens(PoolerFiles files) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(files.host(), files.port()), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  private boolean isElsewhere(PoolerFiles wanted) {
    return !files.host().equals(wanted.host()) || files.port() != wanted.port();
  }

  /**
   * Has it take changed files, and waits until it has begun to; clients stay connected.
   *
   * @param newest makes the files; nobody else does meanwhile, so that they replace older ones
   * @return false when these files need another process
   */
  synchronized boolean reload(Supplier<PoolerFiles> newest) {
    PoolerFiles wanted = newest.get();
    if (isElsewhere(wanted)) {
      return false;
    }
    if (wanted.equals(files)) {
      return true;
    }
    try {
      wanted.writeTo(directory);
      long said = Files.size(log(directory));
      Signals.HUP.send(process.pid());
      files = wanted;
      awaitReload(said);
    } catch (IOException e) {
      throw new PostgresException("cannot write the files of PgBouncer in " + directory, e);
    }
    return true;
  }

  /** It reads its files before it lets in anybody else; who looks again later needs no more. */
  private void awaitReload(long said) throws IOException {
    long deadline = System.nanoTime() + RELOAD_LIMIT.toNanos();
    try {
      while (process.isAlive() && System.nanoTime() < deadline && !reloads(said)) {
        boolean unused = process.waitFor(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PostgresException("interrupted while PgBouncer reads its files", e);
    }
  }

  private boolean reloads(long said) throws IOException {
    try (InputStream log = Files.newInputStream(log(directory))) {
      log.skipNBytes(said);
      return new String(log.readAllBytes(), StandardCharsets.UTF_8).contains(RELOADING);
    } catch (EOFException e) {
      return false; // somebody has shortened it
    }
  }

  void whenExited(Runnable action) {
    var unused = process.onExit().thenRunAsync(action);
  }

  void stop() {
    end(process.toHandle());
  }

  /** Stops one of an earlier run, which works in this directory. */
  static void stopLeftOver(Path directory) {
    if (Files.isDirectory(directory)) {
      leftOver(directory)
          .filter(process -> worksIn(process, directory))
          .toList()
          .forEach(PoolerProcess::end);
    }
  }

  /** What may be one: where none was noted in time, every PgBouncer. */
  private static Stream<ProcessHandle> leftOver(Path directory) {
    try {
      long noted = Long.parseLong(Files.readString(directory.resolve(PID)).strip());
      return ProcessHandle.of(noted).stream();
    } catch (NoSuchFileException | NumberFormatException e) {
      return ProcessHandle.allProcesses()
          .filter(
              process ->
                  process.info().command().filter(path -> path.endsWith("/pgbouncer")).isPresent());
    } catch (IOException e) {
      throw new PostgresException("cannot tell what runs in " + directory, e);
    }
  }

  private static boolean worksIn(ProcessHandle process, Path directory) {
    try {
      Path there = Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"));
      return there.equals(directory.toRealPath());
    } catch (IOException e) {
      return false; // gone, another account's, or a system without /proc
    }
  }

  /** At once: transactions that are under way end with it. */
  private static void end(ProcessHandle process) {
    process.destroy();
    try {
      process.onExit().get(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      process.destroyForcibly();
    }
  }
}
