package mooring.local.pods;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mooring.FreePort;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** StatefulSets of a real Redis server. */
@Timeout(480)
@Tag("slow")
class RedisPodsTest extends PodTestBase {

  private String version;

  @BeforeEach
  void needRedis() throws Exception {
    version = RedisHere.version();
  }

  @Test
  void redisRunsBehindItsPasswordAtItsAddress() throws Exception {
    bench.startOperator();
    bench.createRedis(DB, 1, version, address);
    bench.awaitReady(DB, 1);

    assertThat(PodBench.ask(address, "", "ping")).contains("NOAUTH");
    assertThat(PodBench.ask(address, "wrong", "ping")).contains("WRONGPASS");
    assertThat(PodBench.ask(address, PodBench.PASSWORD, "set", "key", "value")).isEqualTo("OK");
    assertThat(PodBench.ask(bench.podAddress(DB + "-0"), PodBench.PASSWORD, "get", "key"))
        .isEqualTo("value");
    assertThat(PodBench.ask("127.0.0.1", "", "ping")).contains("refused");
    bench.await(
        () ->
            assertThat(
                    bench
                        .client
                        .services()
                        .inNamespace(bench.namespace)
                        .withName(DB)
                        .get()
                        .getStatus()
                        .getLoadBalancer()
                        .getIngress()
                        .get(0)
                        .getIp())
                .isEqualTo(address));

    var pod = bench.pod(DB + "-0");
    assertThat(pod.getStatus().getPhase()).isEqualTo("Running");
    assertThat(pod.getStatus().getConditions())
        .extracting(c -> c.getType() + "=" + c.getStatus())
        .contains("Ready=True", "ContainersReady=True", "PodScheduled=True");
    assertThat(pod.getMetadata().getLabels())
        .containsEntry("statefulset.kubernetes.io/pod-name", DB + "-0")
        .containsEntry(PodFacts.REVISION, bench.set(DB).getStatus().getCurrentRevision());
    var secret = bench.config.pods().resolve(DB + "-0").resolve("mounts/secrets/password.conf");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
        .isEqualTo("rw-------");
  }

  @Test
  void dataOutlivesTheOperatorAndThePod() {
    bench.startOperator();
    bench.createRedis(DB, 1, version, address);
    bench.awaitReady(DB, 1);
    PodBench.ask(address, PodBench.PASSWORD, "set", "key", "value");

    bench.stopOperator();
    bench.awaitNoProcess();
    bench.readWithoutBeginning();
    assertThat(bench.set(DB).getStatus().getReadyReplicas()).isZero();
    assertThat(PodFacts.isReady(bench.pod(DB + "-0"))).isFalse();
    bench.stopOperator();

    bench.startOperator();
    bench.awaitReady(DB, 1);
    assertThat(PodBench.ask(address, PodBench.PASSWORD, "get", "key")).isEqualTo("value");

    String uid = bench.pod(DB + "-0").getMetadata().getUid();
    bench.client.pods().inNamespace(bench.namespace).withName(DB + "-0").delete();
    bench.await(() -> assertThat(bench.pod(DB + "-0").getMetadata().getUid()).isNotEqualTo(uid));
    bench.awaitReady(DB, 1);
    assertThat(PodBench.ask(address, PodBench.PASSWORD, "get", "key")).isEqualTo("value");
  }

  @Test
  void aReplicaFollowsThePrimaryThroughItsRestart() {
    bench.startOperator();
    bench.createRedis(DB, 2, version, address);
    bench.awaitReady(DB, 2);
    PodBench.ask(address, PodBench.PASSWORD, "set", "key", "one");
    awaitOnReplica("one");
    assertThat(PodBench.ask(bench.podAddress(DB + "-1"), PodBench.PASSWORD, "set", "key", "no"))
        .contains("READONLY");

    String uid = bench.pod(DB + "-0").getMetadata().getUid();
    bench.client.pods().inNamespace(bench.namespace).withName(DB + "-0").delete();
    bench.await(() -> assertThat(bench.pod(DB + "-0").getMetadata().getUid()).isNotEqualTo(uid));
    bench.awaitReady(DB, 2);

    assertThat(PodBench.ask(address, PodBench.PASSWORD, "get", "key")).isEqualTo("one");
    assertThat(PodBench.ask(address, PodBench.PASSWORD, "role")).startsWith("master");
    assertThat(PodBench.ask(address, PodBench.PASSWORD, "set", "key", "two")).isEqualTo("OK");
    awaitOnReplica("two");

    bench.scale(DB, 1);
    bench.awaitReady(DB, 1);
    assertThat(bench.pod(DB + "-1")).isNull();
    PodBench.ask(address, PodBench.PASSWORD, "set", "key", "three");
    bench.scale(DB, 2);
    bench.awaitReady(DB, 2);
    awaitOnReplica("three");
  }

  /** As when something else listens at the engine's port everywhere. */
  @Test
  void replicasFollowAPrimaryThatHasAPortInsteadOfAnAddress() throws Exception {
    int port = FreePort.next();
    bench.startOperator();
    bench.createRedis(DB, 2, version, "127.0.0.1", port);
    bench.awaitReady(DB, 2);

    assertThat(PodBench.ask("127.0.0.1", port, PodBench.PASSWORD, "set", "key", "one"))
        .isEqualTo("OK");
    awaitOnReplica("one");
  }

  /** As on a system with one loopback address. */
  @Test
  void podsThatShareAnAddressFindEachOtherByTheirPorts() throws Exception {
    int port = FreePort.next();
    int replica = FreePort.next();
    Files.writeString(
        bench.config.directory().resolve("addresses"),
        "%1$s-0 127.0.0.1:%2$d\n%1$s-1 127.0.0.1:%3$d\n".formatted(DB, FreePort.next(), replica));
    bench.createRedis(DB, 2, version, "127.0.0.1", port);
    bench.startOperator();
    bench.awaitReady(DB, 2);

    assertThat(PodBench.ask("127.0.0.1", port, PodBench.PASSWORD, "set", "key", "one"))
        .isEqualTo("OK");
    bench.await(
        () ->
            assertThat(PodBench.ask("127.0.0.1", replica, PodBench.PASSWORD, "get", "key"))
                .isEqualTo("one"));
  }

  private void awaitOnReplica(String value) {
    bench.await(
        () ->
            assertThat(PodBench.ask(bench.podAddress(DB + "-1"), PodBench.PASSWORD, "get", "key"))
                .isEqualTo(value));
  }

  @Test
  void itIsStoppedAndStartedByItsReplicas() {
    bench.startOperator();
    bench.createRedis(DB, 1, version, address);
    bench.awaitReady(DB, 1);
    PodBench.ask(address, PodBench.PASSWORD, "set", "key", "value");

    bench.scale(DB, 0);
    bench.awaitReady(DB, 0);
    bench.awaitNoProcess();
    assertThat(bench.pod(DB + "-0")).isNull();

    bench.scale(DB, 1);
    bench.awaitReady(DB, 1);
    assertThat(PodBench.ask(address, PodBench.PASSWORD, "get", "key")).isEqualTo("value");
  }

  @Test
  void aChangedTemplateIsRolledOut() {
    bench.startOperator();
    bench.createRedis(DB, 2, version, address);
    bench.awaitReady(DB, 2);
    String before = bench.set(DB).getStatus().getCurrentRevision();
    String uid = bench.pod(DB + "-0").getMetadata().getUid();

    bench.createConfiguration(DB, "maxmemory 12mb\n");
    bench.rollOut(DB, "second");
    bench.awaitReady(DB, 2);

    assertThat(bench.set(DB).getStatus().getCurrentRevision()).isNotEqualTo(before);
    assertThat(bench.pod(DB + "-0").getMetadata().getUid()).isNotEqualTo(uid);
    assertThat(PodBench.ask(address, PodBench.PASSWORD, "config", "get", "maxmemory"))
        .contains("12582912");
  }

  @Test
  void nothingStaysOfADeletedOne() {
    bench.startOperator();
    bench.createRedis(DB, 2, version, address);
    bench.awaitReady(DB, 2);
    assertThat(bench.config.volumes().resolve("data-" + DB + "-1")).isDirectory();

    bench.client.apps().statefulSets().inNamespace(bench.namespace).withName(DB).delete();
    bench.await(
        () -> {
          assertThat(bench.client.pods().inNamespace(bench.namespace).list().getItems()).isEmpty();
          assertThat(
                  bench
                      .client
                      .persistentVolumeClaims()
                      .inNamespace(bench.namespace)
                      .list()
                      .getItems())
              .isEmpty();
          assertThat(bench.config.pods()).isEmptyDirectory();
          assertThat(bench.config.volumes()).isEmptyDirectory();
        });
    bench.awaitNoProcess();
    bench.await(
        () -> assertThat(bench.config.directory().resolve("addresses")).content().isEmpty());
  }

  @Test
  void aClaimGrowsAndASetMadeAnewTakesItsPodsOver() {
    bench.startOperator();
    bench.createRedis(DB, 1, version, address);
    bench.awaitReady(DB, 1);
    String uid = bench.pod(DB + "-0").getMetadata().getUid();
    bench
        .client
        .persistentVolumeClaims()
        .inNamespace(bench.namespace)
        .withName("data-" + DB + "-0")
        .patch("{\"spec\":{\"resources\":{\"requests\":{\"storage\":\"2Gi\"}}}}");
    bench.await(
        () ->
            assertThat(
                    bench
                        .client
                        .persistentVolumeClaims()
                        .inNamespace(bench.namespace)
                        .withName("data-" + DB + "-0")
                        .get()
                        .getStatus()
                        .getCapacity()
                        .get("storage")
                        .toString())
                .isEqualTo("2Gi"));

    bench
        .client
        .apps()
        .statefulSets()
        .inNamespace(bench.namespace)
        .withName(DB)
        .withPropagationPolicy(DeletionPropagation.ORPHAN)
        .delete();
    bench.await(() -> assertThat(bench.set(DB)).isNull());
    bench.createSet(DB, 1, version);
    bench.awaitReady(DB, 1);

    String owner = bench.set(DB).getMetadata().getUid();
    bench.await(
        () -> {
          var pod = bench.pod(DB + "-0").getMetadata();
          assertThat(pod.getUid()).isEqualTo(uid);
          assertThat(pod.getOwnerReferences()).extracting(o -> o.getUid()).containsExactly(owner);
          assertThat(
                  bench
                      .client
                      .persistentVolumeClaims()
                      .inNamespace(bench.namespace)
                      .withName("data-" + DB + "-0")
                      .get()
                      .getMetadata()
                      .getOwnerReferences())
              .extracting(o -> o.getUid())
              .containsExactly(owner);
        });
  }

  @Test
  void aCrashLoopIsToldAndHeals() {
    bench.startOperator();
    bench.createSecret(DB);
    bench.createConfiguration(DB, "no-such-directive " + PodBench.PASSWORD + "\n");
    bench.createService(DB, address);
    bench.createSet(DB, 1, version);
    bench.await(
        () -> {
          var container = bench.container(DB + "-0");
          assertThat(container.getState().getWaiting().getReason()).isEqualTo("CrashLoopBackOff");
          assertThat(container.getState().getWaiting().getMessage())
              .matches( // for how long tells how often it has ended by now
                  "back-off [0-9]+s restarting failed container=database pod=" + DB + "-0_.*");
          assertThat(container.getRestartCount()).isPositive();
          assertThat(container.getLastState().getTerminated().getExitCode()).isEqualTo(1);
          assertThat(container.getLastState().getTerminated().getMessage())
              .contains("FATAL CONFIG FILE ERROR")
              .contains("no-such-directive ***")
              .doesNotContain(PodBench.PASSWORD);
        });
    assertThat(bench.set(DB).getStatus().getReadyReplicas()).isZero();

    bench.createConfiguration(DB, "");
    bench.rollOut(DB, "repaired");
    bench.awaitReady(DB, 1);
    assertThat(PodBench.ask(address, PodBench.PASSWORD, "ping")).isEqualTo("PONG");
  }

  @Test
  void aKilledServerIsStartedAgain() {
    bench.startOperator();
    bench.createRedis(DB, 1, version, address);
    bench.awaitReady(DB, 1);
    PodBench.ask(address, PodBench.PASSWORD, "set", "key", "value");
    List<ProcessHandle> before = bench.servers();

    before.forEach(ProcessHandle::destroyForcibly);
    bench.await(
        () -> {
          assertThat(bench.container(DB + "-0").getRestartCount()).isEqualTo(1);
          assertThat(bench.container(DB + "-0").getReady()).isTrue();
          assertThat(bench.container(DB + "-0").getLastState().getTerminated().getExitCode())
              .isEqualTo(137);
        });
    assertThat(PodBench.ask(address, PodBench.PASSWORD, "get", "key")).isEqualTo("value");
  }

  /** It may change its password and take its connections: it serves all the same. */
  @Test
  void whatItsUserDoesWithTheLoginLeavesItReady() {
    bench.startOperator();
    bench.createRedis(DB, 1, version, address);
    bench.awaitReady(DB, 1);
    String since = bench.readySince(DB + "-0");

    PodBench.ask(address, PodBench.PASSWORD, "config", "set", "requirepass", "changed");
    bench.await(() -> assertThat(refusedLogins()).isGreaterThan(10));
    assertThat(bench.readySince(DB + "-0")).isEqualTo(since);

    bench.restartServer(DB);
    assertThat(PodBench.ask(address, PodBench.PASSWORD, "ping")).isEqualTo("PONG");
  }

  private int refusedLogins() {
    String log = PodBench.ask(address, "changed", "acl", "log");
    Matcher refused = Pattern.compile("count\n(\\d+)\nreason\nauth").matcher(log);
    return refused.find() ? Integer.parseInt(refused.group(1)) : 0;
  }

  @Test
  void whatAKilledOperatorLeftRunningIsReplaced() throws Exception {
    Process first = bench.startOperatorProcess();
    bench.createRedis(DB, 1, version, address);
    bench.awaitReady(DB, 1);
    PodBench.ask(address, PodBench.PASSWORD, "set", "key", "value");
    List<ProcessHandle> before = bench.servers();
    assertThat(before).hasSize(1);
    first.destroyForcibly().waitFor();
    assertThat(bench.servers()).isEqualTo(before);

    bench.startOperator();
    bench.await(() -> assertThat(before.get(0).isAlive()).isFalse());
    bench.awaitReady(DB, 1);
    assertThat(bench.servers()).hasSize(1);
    assertThat(PodBench.ask(address, PodBench.PASSWORD, "get", "key")).isEqualTo("value");
  }

  @Test
  void anAddressAskedForLaterIsListenedAtToo() {
    bench.startOperator();
    bench.createSecret(DB);
    bench.createConfiguration(DB, "");
    bench.createSet(DB, 1, version);
    bench.awaitReady(DB, 1);
    assertThat(PodBench.ask(address, PodBench.PASSWORD, "ping")).contains("refused");

    bench.createService(DB, address);
    bench.await(
        () -> assertThat(PodBench.ask(address, PodBench.PASSWORD, "ping")).isEqualTo("PONG"));
    bench.awaitReady(DB, 1);
    assertThat(bench.container(DB + "-0").getRestartCount()).isZero();
    long pid = bench.servers().get(0).pid();

    bench.client.services().inNamespace(bench.namespace).withName(DB).delete();
    assertThat(bench.servers()).extracting(ProcessHandle::pid).containsExactly(pid);
  }

  @Test
  void whatIsMissingIsNamedAndWaitedFor() {
    bench.startOperator();
    bench.createSecret(DB);
    bench.createService(DB, address);
    bench.createSet(DB, 1, version);
    bench.await(
        () -> {
          var waiting = bench.container(DB + "-0").getState().getWaiting();
          assertThat(waiting.getReason()).isEqualTo("ContainerCreating");
          assertThat(waiting.getMessage())
              .isEqualTo(
                  "MountVolume.SetUp failed for volume \"configuration\" : configmap \""
                      + DB
                      + "\" not found");
        });
    bench.createConfiguration(DB, "");
    bench.awaitReady(DB, 1);
  }

  @Test
  void aServerOfAnotherVersionIsNamed() {
    bench.startOperator();
    String other = RedisHere.otherThan(version);
    bench.createRedis(DB, 1, other + ".5-bookworm", address);
    bench.await(
        () -> {
          var waiting = bench.container(DB + "-0").getState().getWaiting();
          assertThat(waiting.getReason()).isEqualTo("ImagePullBackOff");
          assertThat(waiting.getMessage())
              .startsWith("redis-server " + other + " is not on the PATH (found " + version + ".")
              .endsWith("): install it, or use a cluster");
        });
    assertThat(bench.pod(DB + "-0").getStatus().getPhase()).isEqualTo("Pending");
  }
}
