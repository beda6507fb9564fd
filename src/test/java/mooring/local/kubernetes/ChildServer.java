package mooring.local.kubernetes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** The embedded API server in a process of its own, so that it can be killed. */
final class ChildServer implements AutoCloseable {
  private static final String READY = "KUBECONFIG=";

  private final Process process;
  private final Queue<String> output = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<String> kubeconfig = new CompletableFuture<>();
  private final Thread reader = new Thread(this::read, "child-server-output");

  ChildServer(Path directory) throws IOException {
    this(directory, List.of());
  }

  private ChildServer(Path directory, List<String> wrapper) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> command = new ArrayList<>(wrapper);
    command.addAll(
        List.of(
            java,
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-cp",
            classes,
            EmbeddedKubernetesMain.class.getName(),
            directory.toString()));
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    reader.setDaemon(true);
    reader.start();
  }

  /** One that cannot write to any file from its start. */
  static ChildServer withoutRoom(Path directory) throws IOException {
    return new ChildServer(directory, List.of("prlimit", "--fsize=0:"));
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        output.add(line);
        if (line.startsWith(READY)) {
          kubeconfig.complete(line.substring(READY.length()));
        }
      }
    } catch (IOException e) {
      kubeconfig.completeExceptionally(new UncheckedIOException(e));
    }
    kubeconfig.completeExceptionally(new IllegalStateException("no server: " + output));
  }

  /** Waits for it to listen. */
  KubernetesServer ready() {
    return KubernetesServer.of(Path.of(kubeconfig.orTimeout(60, TimeUnit.SECONDS).join()));
  }

  /** From now on no file grows beyond so many bytes: writing fails, as it does on a full disk. */
  void limitFiles(long bytes) throws IOException, InterruptedException {
    limitFiles(Long.toString(bytes));
  }

  /** There is room again. */
  void unlimitFiles() throws IOException, InterruptedException {
    limitFiles("unlimited");
  }

  private void limitFiles(String soft) throws IOException, InterruptedException {
    Process limiter =
        new ProcessBuilder(
                "prlimit", "--pid", Long.toString(process.pid()), "--fsize=" + soft + ":")
            .inheritIO()
            .start();
    if (limiter.waitFor() != 0) {
      throw new IllegalStateException("prlimit failed");
    }
  }

  /** The lines so far that contain a text. */
  List<String> said(String text) {
    return output.stream().filter(line -> line.contains(text)).toList();
  }

  /** Waits for it to end by itself, and returns what it said. */
  String lastWords() throws InterruptedException {
    reader.join(TimeUnit.SECONDS.toMillis(60));
    return String.join("\n", output);
  }

  /** SIGTERM; whether it ended soon. */
  boolean stop() throws InterruptedException {
    process.destroy();
    return process.waitFor(30, TimeUnit.SECONDS);
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(30, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
