package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of the product, with all that it says. */
final class Child implements AutoCloseable {
  static final Path JAR = Path.of("target", "mooring.jar").toAbsolutePath();

  /** Of the classes that a start loads; a JVM that cannot use it does without. */
  static final Path ARCHIVE = Path.of("target", "mooring.jsa").toAbsolutePath();

  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  private final String name;
  private final Process process;
  private final Path output;

  private Child(String name, Process process, Path output) {
    this.name = name;
    this.process = process;
    this.output = output;
  }

  /**
   * Starts a Java program.
   *
   * @param environment instead of every MOORING_ variable and KUBECONFIG of this process
   * @param arguments of {@code java}
   */
  static Child java(
      String name, Path directory, Map<String, String> environment, List<String> arguments) {
    List<String> command = new ArrayList<>();
    if (System.getProperty("os.name").equals("Linux")) {
      // Whoever runs the tests in the background ignores Ctrl-C, and children inherit that.
      command.addAll(List.of("env", "--default-signal=INT"));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx384m");
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(known -> known.startsWith("MOORING_") || known.equals("KUBECONFIG"));
    builder.environment().putAll(environment);
    try {
      Path output = Files.createTempFile(directory, name + "-", ".log");
      Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
      return new Child(name, process, output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** All that it has said so far, on both streams. */
  String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it has said something; fails at once when it ends without. */
  void awaitOutput(String words, Duration limit) {
    await(name + " says: " + words)
        .atMost(limit)
        .until(() -> output().contains(words) || !process.isAlive());
    assertThat(output()).contains(words);
  }

  /** Waits until it has ended by itself, and tells its exit status. */
  int awaitExit(Duration limit) {
    try {
      assertThat(process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS))
          .as("%s ends: %s", name, output())
          .isTrue();
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** SIGTERM; it has to end within 10 s. */
  void stop() {
    process.destroy();
    awaitExit(STOP_LIMIT);
  }

  /** SIGINT, to others at the same time; it has to end within 10 s. */
  void interruptWith(List<Long> others) {
    List<String> command = new ArrayList<>(List.of("kill", "-INT", Long.toString(process.pid())));
    others.forEach(other -> command.add(Long.toString(other)));
    try {
      assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    awaitExit(STOP_LIMIT);
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
    awaitExit(STOP_LIMIT);
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      stop();
    }
  }

  @Override
  public String toString() {
    return name + " (" + output + ")";
  }
}
