package mooring.local.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command line that people use, with the kubeconfig that the server writes. */
@Timeout(120)
class KubectlTest {
  private static final String CLUSTER =
      """
      apiVersion: postgresql.cnpg.io/v1
      kind: Cluster
      metadata:
        name: one
        labels:
          app: demo
      spec:
        instances: 1
        storage:
          size: 1Gi
      """;
  private static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: one
        labels:
          app: demo
      spec:
        ports:
        - port: 5432
          protocol: TCP
      """;

  @TempDir Path directory;
  private final EmbeddedServers servers = new EmbeddedServers();
  private EmbeddedKubernetes server;

  /** What a command left behind. */
  private record Result(int code, String output) {}

  @BeforeEach
  void start() throws Exception {
    boolean installed = new ProcessBuilder("sh", "-c", "command -v kubectl").start().waitFor() == 0;
    assumeTrue(installed, "kubectl is not installed: skipped");
    server = servers.start(directory.resolve("data"));
  }

  @AfterEach
  void stop() {
    servers.close();
  }

  private ProcessBuilder command(String... arguments) {
    List<String> command =
        new ArrayList<>(List.of("kubectl", "--kubeconfig", server.kubeconfig().toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // Its cache of discovery documents would outlive the test.
    builder.environment().put("HOME", directory.toString());
    return builder;
  }

  private Result run(String... arguments) throws IOException, InterruptedException {
    Process process = command(arguments).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }

  private String ok(String... arguments) throws IOException, InterruptedException {
    Result result = run(arguments);
    assertThat(result.code()).as("%s", result.output()).isZero();
    return result.output();
  }

  private String manifest(String text) throws IOException {
    Path file = Files.createTempFile(directory, "manifest", ".yaml");
    return Files.writeString(file, text).toString();
  }

  @Test
  void itListsTheResourceTypes() throws Exception {
    assertThat(ok("api-resources"))
        .containsPattern("services +svc +v1 +true +Service")
        .containsPattern("clusters +postgresql.cnpg.io/v1 +true +Cluster")
        .containsPattern("clusterimagecatalogs +postgresql.cnpg.io/v1 +false");
  }

  @Test
  void itAppliesReadsPatchesAndDeletes() throws Exception {
    String cluster = manifest(CLUSTER);
    String service = manifest(SERVICE);
    assertThat(ok("apply", "--server-side", "-f", cluster)).contains("one serverside-applied");
    ok("apply", "--server-side", "-f", service);
    ok("apply", "--server-side", "-f", cluster);

    assertThat(ok("get", "clusters"))
        .containsPattern("NAME +INSTANCES +READY +STATUS +PRIMARY +AGE");
    assertThat(ok("get", "svc", "-l", "app=demo")).containsPattern("one +ClusterIP +10\\.96\\.");
    assertThat(ok("get", "svc", "-l", "app=other")).contains("No resources found");
    assertThat(ok("get", "cluster", "one", "-o", "yaml")).contains("instances: 1");
    assertThat(ok("get", "ns")).containsPattern("default +Active");

    ok("patch", "cluster", "one", "--type=merge", "-p", "{\"spec\":{\"instances\":2}}");
    assertThat(ok("get", "cluster", "one", "-o", "jsonpath={.spec.instances}")).isEqualTo("2");
    Result conflict = run("apply", "--server-side", "-f", cluster);
    assertThat(conflict.code()).isNotZero();
    assertThat(conflict.output()).contains(".spec.instances");
    ok("apply", "--server-side", "--force-conflicts", "-f", cluster);
    ok("label", "cluster", "one", "seen=yes");

    assertThat(ok("delete", "cluster", "one")).contains("deleted");
    assertThat(run("get", "cluster", "one").output()).contains("NotFound");
    assertThat(ok("delete", "svc", "--all")).contains("deleted");
  }

  @Test
  void itAppliesFromTheClientSideToo() throws Exception {
    String service = manifest(SERVICE);
    assertThat(ok("apply", "-f", service)).contains("service/one created");
    assertThat(ok("apply", "-f", service)).contains("unchanged");
    assertThat(ok("apply", "-f", manifest(SERVICE.replace("app: demo", "app: other"))))
        .contains("configured");
  }

  @Test
  void itReadsStatefulSetsPodsAndClaims() throws Exception {
    RawClient http = EmbeddedServers.http(server);
    String apps = "/apis/apps/v1/namespaces/default/statefulsets";
    http.post(
        apps,
        """
        {"metadata":{"name":"one"},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"one"}},
         "template":{"metadata":{"labels":{"app":"one"}},
          "spec":{"containers":[{"name":"database","image":"redis:7.0.15"}]}}}}""");
    http.patch(apps + "/one/status", RawClient.MERGE, "{\"status\":{\"readyReplicas\":1}}");
    String pods = "/api/v1/namespaces/default/pods";
    http.post(
        pods,
        """
        {"metadata":{"name":"one-0"},
         "spec":{"containers":[{"name":"database","image":"redis:7.0.15"}]}}""");
    assertThat(ok("get", "pods")).containsPattern("one-0 +0/1 +Pending +0 ");
    http.patch(
        pods + "/one-0/status",
        RawClient.MERGE,
        """
        {"status":{"phase":"Running","containerStatuses":[{"name":"database","ready":false,
         "restartCount":3,"state":{"waiting":{"reason":"CrashLoopBackOff"}}}]}}""");
    assertThat(ok("get", "pods"))
        .containsPattern("NAME +READY +STATUS +RESTARTS +AGE")
        .containsPattern("one-0 +0/1 +CrashLoopBackOff +3 ");
    assertThat(ok("get", "sts")).containsPattern("one +1/2 ");
    assertThat(ok("delete", "sts/one", "pod/one-0")).contains("deleted");
  }

  @Test
  void itWatches() throws Exception {
    ok("apply", "--server-side", "-f", manifest(CLUSTER));
    Process watch = command("get", "clusters", "-w").start();
    try {
      BlockingQueue<String> lines = new LinkedBlockingQueue<>();
      Thread reader = new Thread(() -> read(watch, lines), "kubectl-output");
      reader.setDaemon(true);
      reader.start();
      assertThat(next(lines)).startsWith("NAME");
      assertThat(next(lines)).startsWith("one");
      RawClient http = EmbeddedServers.http(server);
      String path = "/apis/postgresql.cnpg.io/v1/namespaces/default/clusters/one/status";
      http.patch(path, RawClient.MERGE, "{\"status\":{\"phase\":\"Setting up\"}}");
      assertThat(next(lines)).contains("Setting up");
    } finally {
      watch.destroyForcibly();
    }
  }

  private static void read(Process process, BlockingQueue<String> lines) {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      // Killed at the end of the test.
    }
  }

  private static String next(BlockingQueue<String> lines) throws InterruptedException {
    String line = lines.poll(20, TimeUnit.SECONDS);
    assertThat(line).as("a line within 20 s").isNotNull();
    return line;
  }
}
