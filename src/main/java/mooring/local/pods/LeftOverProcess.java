package mooring.local.pods;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A container's process that outlived the program that started it. */
final class LeftOverProcess {
  private static final Logger log = LoggerFactory.getLogger(LeftOverProcess.class);
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

  /** Between the start of a process and its note of that; the clock may have been set since. */
  private static final Duration SLACK = Duration.ofSeconds(5);

  private LeftOverProcess() {}

  /** Ends it. Only a process that certainly is the one that was started is signalled. */
  static void stop(PodDirectory directory) {
    find(directory)
        .ifPresent(
            process -> {
              log.atWarn()
                  .addKeyValue("directory", directory.path())
                  .addKeyValue("pid", process.pid())
                  .log("Stopping a process left over from an earlier run");
              end(process, LIMIT);
            });
  }

  /** Asks a process and its children to end, and then ends them. */
  static void end(ProcessHandle process, Duration limit) {
    List<ProcessHandle> all = Stream.concat(Stream.of(process), process.descendants()).toList();
    askToEnd(List.of(process), limit);
    all.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
    await(all, Duration.ofSeconds(2));
  }

  /**
   * Asks processes to end, again and again: Redis forgets the wish while it writes its first log of
   * changes, as a replica does that has just joined.
   */
  static void askToEnd(List<ProcessHandle> processes, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    List<ProcessHandle> left = processes.stream().filter(ProcessHandle::isAlive).toList();
    while (!left.isEmpty() && System.nanoTime() < deadline) {
      left.forEach(ProcessHandle::destroy);
      Duration rest = Duration.ofNanos(deadline - System.nanoTime());
      await(left, rest.compareTo(ASK_AGAIN) < 0 ? rest : ASK_AGAIN);
      left = left.stream().filter(ProcessHandle::isAlive).toList();
    }
  }

  private static void await(List<ProcessHandle> processes, Duration limit) {
    CompletableFuture<?>[] exits =
        processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(exits)
        .completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  private static Optional<ProcessHandle> find(PodDirectory directory) {
    Path file = directory.pidFile();
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      List<String> lines = Files.readAllLines(file);
      if (lines.size() != 2 || !lines.get(0).matches("[0-9]{1,18}")) {
        return Optional.empty();
      }
      Instant noted = Files.getLastModifiedTime(file).toInstant();
      return ProcessHandle.of(Long.parseLong(lines.get(0)))
          .filter(ProcessHandle::isAlive)
          .filter(process -> worksIn(process, lines.get(1)) || startedAt(process, noted));
    } catch (IOException e) {
      throw new PodsException("cannot read " + file, e);
    }
  }

  /** In just the directory of one Pod, or below: the id may have become another's since. */
  private static boolean worksIn(ProcessHandle process, String directory) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"))
          .startsWith(Path.of(directory));
    } catch (IOException e) {
      return false; // gone, another account's, or a system without /proc
    }
  }

  private static boolean startedAt(ProcessHandle process, Instant noted) {
    return process
        .info()
        .startInstant()
        .filter(started -> Duration.between(started, noted).abs().compareTo(SLACK) < 0)
        .isPresent();
  }
}
