package mooring.local.kubernetes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The embedded API server in a process of its own, so that it can be killed. */
final class ChildServer implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  ChildServer(Path directory) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    process =
        new ProcessBuilder(
                java,
                "-Xmx256m",
                "-cp",
                classes,
                EmbeddedKubernetesMain.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .redirectInput(Redirect.PIPE)
            .start();
    output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Waits for it to listen. */
  KubernetesServer ready() throws IOException {
    StringBuilder seen = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith("KUBECONFIG=")) {
        return KubernetesServer.of(Path.of(line.substring("KUBECONFIG=".length())));
      }
      seen.append(line).append('\n');
    }
    throw new IOException("the server did not start: " + seen);
  }

  /** Waits for it to end by itself, and returns what it said. */
  String lastWords() throws IOException, InterruptedException {
    StringBuilder seen = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      seen.append(line).append('\n');
    }
    process.waitFor(20, TimeUnit.SECONDS);
    return seen.toString();
  }

  /** SIGTERM, and waits for the end. */
  boolean stop() throws InterruptedException {
    process.destroy();
    return process.waitFor(10, TimeUnit.SECONDS);
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(10, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
