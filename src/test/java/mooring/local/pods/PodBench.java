package mooring.local.pods;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import mooring.core.Engine;
import mooring.local.control.ControllerClient;
import mooring.platform.ProductProbes;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/** A namespace of its own, the operator for its Pods, and a Redis described as the product does. */
final class PodBench {
  static final String PASSWORD = "first-password";
  static final int PORT = 6379;
  private static final Set<String> SERVERS = Set.of("redis-server", "mysqld", "mongod");
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
  private static final String SET =
      """
      {"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"%NAME%"},"spec":{
       "replicas":%REPLICAS%,"serviceName":"%NAME%-nodes","podManagementPolicy":"OrderedReady",
       "selector":{"matchLabels":{"app":"%NAME%"}},
       "persistentVolumeClaimRetentionPolicy":{"whenDeleted":"Delete","whenScaled":"Retain"},
       "template":{"metadata":{"labels":{"app":"%NAME%"}},"spec":{
        "terminationGracePeriodSeconds":20,
        "containers":[{"name":"database","image":"docker.io/library/redis:%VERSION%",
         "command":["sh","-c",
          "case $HOSTNAME in *-0) exec redis-server /etc/mooring/redis.conf ;; *) exec redis-server /etc/mooring/redis.conf --replicaof %NAME%-0.%NAME%-nodes 6379 ;; esac"],
         "ports":[{"name":"redis","containerPort":6379}],
         "env":[{"name":"REDISCLI_AUTH","valueFrom":{"secretKeyRef":{"name":"%NAME%","key":"password"}}}],
         "volumeMounts":[{"name":"data","mountPath":"/data"},
          {"name":"configuration","mountPath":"/etc/mooring"},
          {"name":"secrets","mountPath":"/run/mooring"}]}],
        "volumes":[{"name":"configuration","configMap":{"name":"%NAME%"}},
         {"name":"secrets","secret":{"secretName":"%NAME%"}}]}},
       "volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{
        "accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}]}}\
      """;

  final KubernetesClient client;
  final String namespace;
  final PodsConfig config;
  private final Path kubeconfig;
  private final List<Process> processes = new ArrayList<>();
  private PodOperator operator;

  PodBench(Path kubeconfig, Path directory) {
    this.kubeconfig = kubeconfig;
    client = ControllerClient.of(kubeconfig);
    namespace = "pods-" + Integer.toHexString(ThreadLocalRandom.current().nextInt());
    config = new PodsConfig(directory, namespace);
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
  }

  void startOperator() {
    startOperator(config);
  }

  void startOperator(PodsConfig with) {
    operator = new PodOperator(client, with);
    assertThat(operator.start().toCompletableFuture()).succeedsWithin(LIMIT);
    operator.begin();
  }

  /** Only what a start does before it completes. */
  void readWithoutBeginning() {
    operator = new PodOperator(client, config);
    assertThat(operator.start().toCompletableFuture()).succeedsWithin(LIMIT);
  }

  void stopOperator() {
    operator.close();
    operator = null;
  }

  /** The operator in a process of its own, to be killed. */
  Process startOperatorProcess() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                PodOperatorMain.class.getName(),
                kubeconfig.toString(),
                namespace,
                config.directory().toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    processes.add(process);
    return process;
  }

  void createRedis(String name, int replicas, String version, String address) {
    createRedis(name, replicas, version, address, PORT);
  }

  void createRedis(String name, int replicas, String version, String address, int port) {
    createSecret(name);
    createConfiguration(name, "");
    createService(name, address, port);
    createSet(name, replicas, version);
  }

  void createSecret(String name) {
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .addToStringData("password", PASSWORD)
                .addToStringData(
                    "password.conf",
                    "requirepass \"" + PASSWORD + "\"\nmasterauth \"" + PASSWORD + "\"\n")
                .build())
        .create();
  }

  void createConfiguration(String name, String more) {
    client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .addToData(
                    "redis.conf",
                    "include /run/mooring/password.conf\ndir /data\nappendonly yes\n"
                        // Replicas need not wait for others to join them.
                        + "repl-diskless-sync-delay 0\n"
                        + more)
                .build())
        .createOr(existing -> existing.update());
  }

  void createService(String name, String address) {
    createService(name, address, PORT);
  }

  private void createService(String name, String address, int port) {
    createService(name, address, port, PORT);
  }

  void createService(String name, String address, int port, int target) {
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
                .addToSelector("app", name)
                .addToSelector("statefulset.kubernetes.io/pod-name", name + "-0")
                .addNewPort()
                .withName("database")
                .withPort(port)
                .withNewTargetPort(target)
                .endPort()
                .endSpec()
                .build())
        .create();
  }

  void createSet(String name, int replicas, String version) {
    String json =
        SET.replace("%NAME%", name)
            .replace("%REPLICAS%", Integer.toString(replicas))
            .replace("%VERSION%", version);
    StatefulSet set = Serialization.unmarshal(json, StatefulSet.class);
    ProductProbes.add(set.getSpec().getTemplate().getSpec().getContainers().get(0), Engine.REDIS);
    client.resource(set).inNamespace(namespace).create();
  }

  StatefulSet set(String name) {
    return client.apps().statefulSets().inNamespace(namespace).withName(name).get();
  }

  void patchSet(String name, String change) {
    client.apps().statefulSets().inNamespace(namespace).withName(name).patch(MERGE, change);
  }

  void scale(String name, int replicas) {
    patchSet(name, "{\"spec\":{\"replicas\":" + replicas + "}}");
  }

  /** Has the Pods made anew, as a changed configuration is rolled out. */
  void rollOut(String name, String value) {
    patchSet(
        name,
        "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"configuration\":\"%s\"}}}}}"
            .formatted(value));
  }

  Pod pod(String name) {
    return client.pods().inNamespace(namespace).withName(name).get();
  }

  ContainerStatus container(String pod) {
    List<ContainerStatus> statuses = pod(pod).getStatus().getContainerStatuses();
    assertThat(statuses).isNotEmpty();
    return statuses.get(0);
  }

  void awaitReady(String name, int replicas) {
    await(
        () -> {
          StatefulSet set = set(name);
          assertThat(set.getStatus().getObservedGeneration())
              .isEqualTo(set.getMetadata().getGeneration());
          assertThat(set.getStatus().getReadyReplicas()).isEqualTo(replicas);
          assertThat(set.getStatus().getReplicas()).isEqualTo(replicas);
          assertThat(set.getStatus().getUpdatedReplicas()).isEqualTo(replicas);
          assertThat(set.getStatus().getCurrentRevision())
              .isEqualTo(set.getStatus().getUpdateRevision());
          // The set says what was so before it heard of the end of one of them.
          for (int number = 0; number < replicas; number++) {
            assertThat(PodFacts.isReady(pod(name + "-" + number))).isTrue();
          }
        });
  }

  void await(ThrowingRunnable condition) {
    Awaitility.await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsInstanceOf(NullPointerException.class)
        .untilAsserted(condition);
  }

  String podAddress(String pod) {
    return pod(pod).getStatus().getPodIP();
  }

  /** Since when a Pod has been ready without a break; fails while it is not. */
  String readySince(String name) {
    PodCondition ready =
        pod(name).getStatus().getConditions().stream()
            .filter(condition -> condition.getType().equals("Ready"))
            .findFirst()
            .orElseThrow();
    assertThat(ready.getStatus()).isEqualTo("True");
    return ready.getLastTransitionTime();
  }

  /** Kills a Pod's server and awaits it back. */
  void restartServer(String name) {
    int before = container(name + "-0").getRestartCount();
    processes().forEach(ProcessHandle::destroyForcibly);
    await(() -> assertThat(container(name + "-0").getRestartCount()).isGreaterThan(before));
    awaitReady(name, 1);
  }

  /** What Redis answers to one command. */
  static String ask(String address, String password, String... words) {
    return ask(address, PORT, password, words);
  }

  /** What the Redis at a certain port answers to one command. */
  static String ask(String address, int port, String password, String... words) {
    List<String> server = new ArrayList<>(List.of("-h", address, "-p", Integer.toString(port)));
    if (!password.isEmpty()) {
      server.addAll(List.of("-a", password));
    }
    try {
      return RedisHere.cli(server, words);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The servers among the processes: probes come and go, and a server may fork to write. */
  List<ProcessHandle> servers() {
    return processes().stream().filter(PodBench::server).toList();
  }

  void awaitNoProcess() {
    await(() -> assertThat(processes()).isEmpty());
  }

  private static boolean server(ProcessHandle process) {
    return SERVERS.contains(program(process))
        && process.parent().filter(parent -> SERVERS.contains(program(parent))).isEmpty();
  }

  private static String program(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), "comm")).strip();
    } catch (IOException e) {
      return ""; // it has ended
    }
  }

  /** The processes that work in the operator's directory. */
  List<ProcessHandle> processes() {
    return ProcessHandle.allProcesses()
        .filter(
            process -> {
              try {
                Path cwd = Path.of("/proc", Long.toString(process.pid()), "cwd").toRealPath();
                return cwd.startsWith(config.directory().toRealPath());
              } catch (IOException e) {
                return false;
              }
            })
        .toList();
  }

  void close() throws InterruptedException {
    if (operator != null) {
      operator.close();
    }
    for (Process process : processes) {
      process.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    }
    processes().forEach(ProcessHandle::destroyForcibly);
    client.close();
  }
}
