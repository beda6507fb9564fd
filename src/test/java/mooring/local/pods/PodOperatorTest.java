package mooring.local.pods;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is kept for Pods, without any. */
@Timeout(240)
class PodOperatorTest extends PodTestBase {

  @Test
  void theAddressOfWhatIsStoppedAndThenDeletedIsFreeAgain() throws Exception {
    noteAddresses(DB + "-0");
    bench.createSet(DB, 0, "7.0");
    bench.startOperator();
    bench.awaitReady(DB, 0);
    assertThat(addresses()).content().startsWith(DB + "-0 ");

    bench.client.apps().statefulSets().inNamespace(bench.namespace).withName(DB).delete();
    bench.await(() -> assertThat(addresses()).isEmptyFile());
  }

  @Test
  void theAddressOfWhatWasDeletedWhileNothingRanIsFreeAgain() throws Exception {
    noteAddresses("db-gone-0", DB + "-0");
    bench.createSet(DB, 0, "7.0");
    bench.startOperator();
    bench.await(() -> assertThat(addresses()).content().doesNotContain("db-gone-0"));
    assertThat(addresses()).content().contains(DB + "-0 ");
  }

  @Test
  void aVolumeWhoseMakingWasBrokenOffIsFinished() throws Exception {
    String name = "data-" + DB + "-0";
    String uid = bench.client.resource(claim(name)).create().getMetadata().getUid();
    Path volume = Files.createDirectories(bench.config.volumes().resolve(name));
    Files.writeString(volume.resolve("claim-uid"), uid + "\n");

    bench.startOperator();
    bench.await(() -> assertThat(there(name).getStatus().getPhase()).isEqualTo("Bound"));
    assertThat(volume.resolve("data")).isEmptyDirectory();
  }

  @Test
  void aVolumeOfAnotherClaimOfTheSameNameIsLeftAlone() throws Exception {
    String name = "data-" + DB + "-0";
    bench.client.resource(claim(name)).create();
    Path volume = Files.createDirectories(bench.config.volumes().resolve(name));
    Files.writeString(volume.resolve("claim-uid"), "another\n");

    bench.startOperator();
    bench.await(() -> assertThat(there(name).getStatus().getPhase()).isEqualTo("Bound"));
    assertThat(volume.resolve("data")).doesNotExist();
    bench.client.resource(there(name)).delete();
    bench.await(() -> assertThat(there(name)).isNull());
    assertThat(volume.resolve("claim-uid")).hasContent("another");
  }

  private void noteAddresses(String... pods) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < pods.length; i++) {
      lines.append(pods[i]).append(" 127.78.1.").append(i + 1).append("\n");
    }
    Files.writeString(addresses(), lines);
  }

  private Path addresses() {
    return bench.config.directory().resolve("addresses");
  }

  private PersistentVolumeClaim there(String name) {
    return bench.client.persistentVolumeClaims().inNamespace(bench.namespace).withName(name).get();
  }

  private PersistentVolumeClaim claim(String name) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(bench.namespace)
        .withFinalizers(VolumeKeeper.FINALIZER)
        .endMetadata()
        .withNewSpec()
        .withAccessModes("ReadWriteOnce")
        .withNewResources()
        .addToRequests("storage", new Quantity("1Gi"))
        .endResources()
        .endSpec()
        .build();
  }
}
