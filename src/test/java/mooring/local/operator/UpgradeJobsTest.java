package mooring.local.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the Jobs of upgrades tell. */
class UpgradeJobsTest extends OperatorTestBase {
  @Test
  void theJobSaysThatItRunsThenWhyItFailedAndGoesWhoeverIsThePrimary() {
    bench.createCluster(DB, 16, Map.of());
    GenericKubernetesResource cluster = bench.clusters().withName(DB).get();
    UpgradeJobs upgrades = new UpgradeJobs(bench.client, bench.namespace);
    upgrades.clear(DB);

    upgrades.running(cluster, DB + "-1", "a:17");
    assertThat(job().getStatus().getReady()).isEqualTo(1);
    upgrades.failed(cluster, DB + "-1", "a:17", "no room");
    assertThat(job().getStatus().getReady()).isZero();
    assertThat(job().getStatus().getConditions().get(0).getMessage()).isEqualTo("no room");
    upgrades.running(cluster, DB + "-1", "a:17");
    assertThat(job().getStatus().getReady()).isEqualTo(1);
    assertThat(job().getStatus().getConditions()).isEmpty();

    upgrades.failed(cluster, DB + "-1", "a:17", "no room");
    // After a failover, and by an operator that has not made it.
    new UpgradeJobs(bench.client, bench.namespace).clear(DB);
    assertThat(jobs()).isEmpty();
  }

  private Job job() {
    assertThat(jobs()).hasSize(1);
    return jobs().get(0);
  }

  private List<Job> jobs() {
    return bench.client.batch().v1().jobs().inNamespace(bench.namespace).list().getItems();
  }
}
