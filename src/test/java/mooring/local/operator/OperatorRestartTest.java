package mooring.local.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import mooring.local.postgres.MajorUpgrade;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Stops, starts, restarts and resizes: what is done, and what is said meanwhile. */
@Tag("slow")
class OperatorRestartTest extends OperatorTestBase {
  private static final String RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";
  private static final String HIBERNATION = "cnpg.io/hibernation";

  @Test
  void aRestartIsDoneOnceAndTold() throws Exception {
    bench.startOperator();
    bench.createDatabase(DB, 16, address);
    bench.awaitHealthy(DB);
    ask("create table kept as select 42 as value");
    long pid = bench.servers(DB).get(0);
    List<String> phases = new CopyOnWriteArrayList<>();
    try (Watch watch = bench.clusters().withName(DB).watch(collecting(phases))) {
      assertThat(watch).isNotNull();
      awaitHealthySince(annotate(RESTARTED_AT, "2026-11-21T07:30:00Z"));
      awaitPhases(phases, "Primary instance is being restarted in-place");
    }
    assertThat(bench.servers(DB)).hasSize(1).doesNotContain(pid);
    assertThat(ask("select value from kept")).isEqualTo("42");

    long restarted = bench.servers(DB).get(0);
    annotate("unrelated", "change");
    awaitHealthySince(
        bench.patchCluster(DB, Map.of("spec", Map.of("description", "still the same"))));
    assertThat(bench.servers(DB)).containsExactly(restarted);
  }

  @Test
  void aDatabaseThatIsMadeWithTheAnnotationIsStartedOnce() {
    bench.startOperator();
    bench.createSecret(DB, OperatorBench.PASSWORD);
    bench.createCluster(DB, 16, Map.of());
    annotate(RESTARTED_AT, "2026-11-21T07:30:00Z");
    bench.createService(DB, address, 5432);
    bench.awaitHealthy(DB);

    assertThat(bench.data(DB).resolveSibling("server.log.previous")).doesNotExist();
  }

  @Test
  void aResizeThatChangesNoSettingIsARestartToo() throws Exception {
    bench.startOperator();
    bench.createDatabase(DB, 16, address);
    bench.awaitHealthy(DB);
    long pid = bench.servers(DB).get(0);
    List<String> phases = new CopyOnWriteArrayList<>();
    try (Watch watch = bench.clusters().withName(DB).watch(collecting(phases))) {
      assertThat(watch).isNotNull();
      awaitHealthySince(
          bench.patchCluster(
              DB, Map.of("spec", Map.of("resources", Map.of("requests", Map.of("cpu", "2"))))));
      awaitPhases(phases, "Upgrading cluster");
    }
    assertThat(bench.servers(DB)).hasSize(1).doesNotContain(pid);

    awaitHealthySince(
        bench.patchCluster(DB, Map.of("spec", Map.of("storage", Map.of("size", "2Gi")))));
  }

  @Test
  void hibernationIsToldFromItsBeginningToItsEnd() throws Exception {
    bench.startOperator();
    bench.createDatabase(DB, 16, address);
    bench.awaitHealthy(DB);
    List<String> phases = new CopyOnWriteArrayList<>();
    try (Watch watch = bench.clusters().withName(DB).watch(collecting(phases))) {
      assertThat(watch).isNotNull();
      annotate(HIBERNATION, "on");
      bench.await(
          () -> assertThat(bench.conditions(DB)).contains("cnpg.io/hibernation/Hibernated/True"));
      assertThat(bench.servers(DB)).isEmpty();
      awaitHealthySince(annotate(HIBERNATION, "off"));
      awaitPhases(
          phases,
          "DeletingPods",
          "Hibernated",
          "Waiting for the instances to become active",
          "Cluster in healthy state");
    }
  }

  @Test
  @Tag("slow")
  void aMajorThatCannotBeHadLeavesTheServerAsItIsUntilItIsTakenBack() throws Exception {
    assumeTrue(MajorUpgrade.between(14, 16).isEmpty(), "this machine can");
    bench.startOperator();
    bench.createDatabase(DB, 14, address);
    bench.awaitHealthy(DB);
    ask("create table kept as select 42 as value");
    long pid = bench.servers(DB).get(0);

    major(16);
    bench.await(
        () -> {
          assertThat(bench.status(DB, "phase")).isEqualTo("Upgrading Postgres major version");
          assertThat(bench.status(DB, "phaseReason")).asString().contains("of major 14");
        });
    assertThat(bench.status(DB, "pgDataImageInfo", "majorVersion")).isEqualTo(14);
    assertThat(bench.conditions(DB)).contains("Ready/ClusterIsNotReady/False");
    assertThat(ask("select value from kept")).isEqualTo("42");

    major(14);
    bench.awaitHealthy(DB);
    assertThat(bench.status(DB, "phaseReason")).isNull();
    assertThat(bench.servers(DB)).containsExactly(pid);
  }

  private void major(int major) {
    long unused =
        bench.patchCluster(DB, Map.of("spec", Map.of("imageCatalogRef", Map.of("major", major))));
  }

  /** The phases, and the reasons of the hibernation, in the order they are told. */
  /** What a read shows already, a watch is told of a little later. */
  private void awaitPhases(List<String> told, String... phases) {
    bench.await(() -> assertThat(told).containsSubsequence(phases));
  }

  private static Watcher<GenericKubernetesResource> collecting(List<String> phases) {
    return new Watcher<>() {
      @Override
      public void eventReceived(Action action, GenericKubernetesResource cluster) {
        if (cluster.get("status", "conditions") instanceof List<?> conditions) {
          conditions.stream()
              .map(Map.class::cast)
              .filter(condition -> HIBERNATION.equals(condition.get("type")))
              .forEach(condition -> phases.add(String.valueOf(condition.get("reason"))));
        }
        phases.add(String.valueOf(cluster.<Object>get("status", "phase")));
      }

      @Override
      public void onClose(WatcherException cause) {}
    };
  }
}
