package mooring.local.postgres;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that is run to its end. */
final class ShortCommand {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private final List<String> command;
  private final Duration limit;

  ShortCommand(List<String> command) {
    this(command, LIMIT);
  }

  ShortCommand(List<String> command, Duration limit) {
    this.command = command;
    this.limit = limit;
  }

  /**
   * Runs it; anything but success is an exception that ends with what it said last.
   *
   * @return what it said
   */
  String output() {
    return run("", true);
  }

  /** Runs it; anything but success is an exception that ends with what it said last. */
  void run(String input) {
    String unused = run(input, false);
  }

  private String run(String input, boolean telling) {
    Process process = null;
    Path output = null;
    try {
      output = Files.createTempFile("mooring-", ".out");
      process = start(output);
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      boolean ended = process.waitFor(limit.toSeconds(), TimeUnit.SECONDS);
      if (!ended) {
        throw new PostgresException(program() + " did not end: " + new LogTail(output).lines());
      }
      if (process.exitValue() != 0) {
        throw new ProgramFailedException(
            program(), process.exitValue(), new LogTail(output).lines());
      }
      return telling ? Files.readString(output) : "";
    } catch (IOException e) {
      throw new PostgresException("cannot run " + program(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PostgresException("interrupted while running " + program(), e);
    } finally {
      if (process != null) {
        end(process.toHandle());
      }
      if (output != null) {
        output.toFile().delete();
      }
    }
  }

  /** With whatever it has started, but for a server, which has to end in order. */
  static void end(ProcessHandle process) {
    List<ProcessHandle> started =
        process.descendants().filter(one -> !isServer(one.info())).toList();
    boolean unused = process.destroyForcibly();
    started.forEach(ProcessHandle::destroyForcibly);
  }

  private static boolean isServer(ProcessHandle.Info info) {
    return info.command().filter(path -> path.endsWith("/postgres")).isPresent();
  }

  private Process start(Path output) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    ServerEnvironment.apply(builder.environment());
    return builder.start();
  }

  private String program() {
    return command.stream()
        .filter(word -> word.contains("/bin/"))
        .map(word -> word.substring(word.lastIndexOf('/') + 1))
        .findFirst()
        .orElse(command.get(0));
  }
}
