package mooring.local.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mooring.Postmasters;
import mooring.local.control.ControllerClient;
import mooring.local.postgres.LeftOverServer;
import mooring.local.postgres.Signals;
import mooring.local.postgres.TestBinaries;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/** A namespace of its own on some API server, the operator for it, and what a test asks of both. */
final class OperatorBench {
  static final String PASSWORD = "first-password";
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

  final KubernetesClient client;
  final String namespace;
  final Path directory;
  private final Path kubeconfig;
  private final List<Process> processes = new ArrayList<>();
  private EmbeddedOperator operator;

  OperatorBench(Path kubeconfig, Path directory) {
    this.kubeconfig = kubeconfig;
    this.directory = directory;
    client = ControllerClient.of(kubeconfig);
    namespace = "operator-" + Integer.toHexString(ThreadLocalRandom.current().nextInt());
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
  }

  static String freshAddress() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return "127.78." + random.nextInt(1, 255) + "." + random.nextInt(1, 255);
  }

  void startOperator() {
    startOperator(Clock.systemUTC());
  }

  void startOperator(Clock clock) {
    startOperator(config(clock));
  }

  void startOperator(Probing probing) {
    startOperator(config(Clock.systemUTC()).withProbing(probing));
  }

  /** With StatefulSets too. */
  void startOperatorWithPods() {
    startOperator(config(Clock.systemUTC()).withPods());
  }

  private OperatorConfig config(Clock clock) {
    return new OperatorConfig(
        directory, namespace, TestBinaries.ALL, OperatorConfig.DEFAULT_CATALOG, clock);
  }

  private void startOperator(OperatorConfig config) {
    operator = new EmbeddedOperator(client, config);
    assertThat(operator.start().toCompletableFuture()).succeedsWithin(LIMIT);
  }

  void stopOperator() {
    operator.close();
    operator = null;
  }

  /** The operator in a process of its own, to be killed. */
  Process startOperatorProcess() throws IOException {
    Files.createDirectories(directory);
    Files.deleteIfExists(directory.resolve("binaries"));
    Files.createSymbolicLink(directory.resolve("binaries"), TestBinaries.cache().toAbsolutePath());
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                OperatorMain.class.getName(),
                kubeconfig.toString(),
                namespace,
                directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    processes.add(process);
    return process;
  }

  void createDatabase(String name, int major, String address) {
    createSecret(name, PASSWORD);
    createCluster(name, major, Map.of());
    createService(name, address, 5432);
  }

  void createSecret(String name, String password) {
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(name + "-app")
                .withNamespace(namespace)
                .addToLabels("cnpg.io/reload", "true")
                .endMetadata()
                .withType("kubernetes.io/basic-auth")
                .addToStringData("username", "app_user")
                .addToStringData("password", password)
                .build())
        .createOr(existing -> existing.update());
  }

  void createCluster(String name, int major, Map<String, Object> further) {
    Map<String, Object> spec =
        new HashMap<>(
            Map.of(
                "instances",
                1,
                "imageCatalogRef",
                Map.of(
                    "apiGroup",
                    "postgresql.cnpg.io",
                    "kind",
                    "ImageCatalog",
                    "name",
                    OperatorConfig.DEFAULT_CATALOG,
                    "major",
                    major),
                "storage",
                Map.of("size", "1Gi"),
                "bootstrap",
                Map.of(
                    "initdb",
                    Map.of(
                        "database", "my_app",
                        "owner", "app_user",
                        "encoding", "UTF8",
                        "secret", Map.of("name", name + "-app"))),
                "postgresql",
                Map.of("parameters", Map.of("shared_buffers", "16MB", "work_mem", "3MB")),
                "primaryUpdateStrategy",
                "unsupervised"));
    spec.putAll(further);
    GenericKubernetesResource cluster = new GenericKubernetesResource();
    cluster.setApiVersion("postgresql.cnpg.io/v1");
    cluster.setKind("Cluster");
    cluster.setMetadata(new ObjectMetaBuilder().withName(name).build());
    cluster.setAdditionalProperty("spec", spec);
    clusters().resource(cluster).create();
  }

  void createService(String name, String address, int port) {
    client
        .resource(
            new ServiceBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .withType("LoadBalancer")
                .withLoadBalancerIP(address)
                .addToSelector("cnpg.io/cluster", name)
                .addToSelector("cnpg.io/instanceRole", "primary")
                .addNewPort()
                .withName("postgres")
                .withPort(port)
                .endPort()
                .endSpec()
                .build())
        .create();
  }

  /** Returns the version that the Cluster got by it. */
  long patchCluster(String name, Map<String, Object> change) {
    GenericKubernetesResource patched =
        clusters().withName(name).patch(MERGE, Serialization.asJson(change));
    return Long.parseLong(patched.getMetadata().getResourceVersion());
  }

  NonNamespaceOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      clusters() {
    return client.genericKubernetesResources(CustomResources.CLUSTERS).inNamespace(namespace);
  }

  Object status(String name, Object... path) {
    GenericKubernetesResource cluster = clusters().withName(name).get();
    Object[] whole = Stream.concat(Stream.of("status"), Stream.of(path)).toArray();
    return cluster == null ? null : cluster.get(whole);
  }

  /** {@code Ready/ClusterIsReady/True} and so on. */
  List<String> conditions(String name) {
    return status(name, "conditions") instanceof List<?> list
        ? list.stream()
            .map(Map.class::cast)
            .map(c -> c.get("type") + "/" + c.get("reason") + "/" + c.get("status"))
            .toList()
        : List.of();
  }

  void awaitHealthy(String name) {
    awaitHealthy(name, 1);
  }

  void awaitHealthy(String name, int instances) {
    await(
        () -> {
          assertThat(status(name, "phase")).isEqualTo("Cluster in healthy state");
          assertThat(status(name, "readyInstances")).isEqualTo(instances);
          assertThat(status(name, "instances")).isEqualTo(instances);
          assertThat(conditions(name)).contains("Ready/ClusterIsReady/True");
        });
  }

  void await(ThrowingRunnable condition) {
    Awaitility.await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsInstanceOf(SQLException.class)
        .untilAsserted(condition);
  }

  static String ask(String address, String password, String query) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://"
                    + address
                    + ":5432/my_app?sslmode=require&connectTimeout=20&sslResponseTimeout=20000"
                    + "&socketTimeout=60",
                "app_user",
                password);
        var statement = connection.createStatement()) {
      if (!statement.execute(query)) {
        return "";
      }
      try (ResultSet rows = statement.getResultSet()) {
        assertThat(rows.next()).isTrue();
        return rows.getString(1);
      }
    }
  }

  Path data(String name) {
    return data(name, 1);
  }

  Path data(String name, int number) {
    return directory
        .resolve(namespace)
        .resolve(name + "-" + number)
        .resolve("pgdata")
        .toAbsolutePath();
  }

  /** Makes a database take its time to be copied; returns the directory of so many empty files. */
  Path fill(String name, int files) throws IOException {
    Path many = Files.createDirectory(data(name).resolve("many"));
    for (int i = 0; i < files; i++) {
      Path unused = Files.createFile(many.resolve(Integer.toString(i)));
    }
    return many;
  }

  /** The postmasters on a database's data: none, one, or a mistake. */
  List<Long> servers(String name) {
    return servers(name, 1);
  }

  /** The postmasters on the data of one of its servers. */
  List<Long> servers(String name, int number) {
    return Postmasters.on(data(name, number)::equals)
        .map(server -> server.process().pid())
        .toList();
  }

  /**
   * Stops a server and all that it has forked, so that it hangs; returns their processes, its own
   * first.
   */
  List<Long> hang(String name, int number) throws Exception {
    ProcessHandle server = ProcessHandle.of(servers(name, number).get(0)).orElseThrow();
    // Itself first: nothing is forked any more then, and what ends keeps its id until it goes on.
    signal("STOP", List.of(server.pid()));
    List<Long> family = Signals.family(server).toList();
    signal("STOP", family);
    return family;
  }

  static void signal(String name, List<Long> pids) throws Exception {
    List<String> command = new ArrayList<>(List.of("kill", "-" + name));
    pids.forEach(pid -> command.add(Long.toString(pid)));
    assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
  }

  void close() throws Exception {
    if (operator != null) {
      operator.close();
    }
    for (Process process : processes) {
      process.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    }
    try {
      for (GenericKubernetesResource cluster : clusters().list().getItems()) {
        patchCluster(
            cluster.getMetadata().getName(), Map.of("metadata", Map.of("finalizers", List.of())));
      }
      clusters().delete();
      BackupBench backups = new BackupBench(this);
      backups.letGo();
      client.services().inNamespace(namespace).delete();
      client.secrets().inNamespace(namespace).delete();
      client.namespaces().withName(namespace).delete();
    } finally {
      client.close();
      stopLeftOvers();
    }
  }

  private void stopLeftOvers() throws IOException {
    Path all = directory.resolve(namespace).toAbsolutePath();
    if (Files.isDirectory(all)) {
      try (Stream<Path> instances = Files.list(all)) {
        instances.forEach(instance -> LeftOverServer.stop(instance.resolve("pgdata")));
      }
    }
  }
}
