package mooring.local.pods;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import mooring.local.postgres.OwnSession;

/** The running process of a container. */
final class PodProcess {
  /**
   * Notes its process id and where it works, then becomes the command: it is never unknown to the
   * next run.
   */
  private static final List<String> NOTE_PID =
      List.of("sh", "-c", "printf '%s\\n' $$ \"$(pwd -P)\" > \"$0\" && exec \"$@\"");

  private final Process process;
  private final Instant startedAt = Instant.now();

  private PodProcess(Process process) {
    this.process = process;
  }

  static PodProcess start(Launch launch, PodDirectory directory) {
    directory.keepPreviousLog();
    List<String> command = new ArrayList<>(OwnSession.commandPrefix());
    command.addAll(NOTE_PID);
    command.add(directory.pidFile().toString());
    command.addAll(launch.command());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(launch.workingDirectory().toFile())
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.log().toFile()));
    builder.environment().clear();
    builder.environment().putAll(launch.environment());
    try {
      Files.deleteIfExists(directory.pidFile());
      return new PodProcess(builder.start());
    } catch (IOException e) {
      throw new PodsException("cannot start a process in " + directory.path(), e);
    }
  }

  Instant startedAt() {
    return startedAt;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** Of one that has ended; by a signal it is 128 and the signal's number. */
  int exitCode() {
    return process.exitValue();
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  void whenExited(Runnable action) {
    CompletableFuture<?> unused = process.onExit().thenRunAsync(action);
  }

  void stop(Duration limit) {
    LeftOverProcess.end(handle(), limit);
  }
}
