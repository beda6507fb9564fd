package mooring.local.pods;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pods that are to come to an end. */
@Timeout(360)
class TaskPodsTest extends PodTestBase {
  private static final String TASK = DB + "-task";

  private void create(String script) {
    create("example.com/postgresql:16.4", script);
  }

  private void create(String image, String script) {
    Pod unused =
        bench
            .client
            .resource(
                new PodBuilder()
                    .withNewMetadata()
                    .withName(TASK)
                    .withNamespace(bench.namespace)
                    .endMetadata()
                    .withNewSpec()
                    .withRestartPolicy("Never")
                    .addNewContainer()
                    .withName("task")
                    .withImage(image)
                    .withTerminationMessagePath("/dev/termination-log")
                    .withCommand("sh", "-c", script)
                    .addNewEnv()
                    .withName("RESULT")
                    .withValue("/dev/termination-log")
                    .endEnv()
                    .addNewEnv()
                    .withName("TARGET_HOST")
                    .withValue(DB)
                    .endEnv()
                    .addNewEnv()
                    .withName("SECRET")
                    .withNewValueFrom()
                    .withNewSecretKeyRef("password", DB, false)
                    .endValueFrom()
                    .endEnv()
                    .endContainer()
                    .endSpec()
                    .build())
            .create();
  }

  private Pod task() {
    return bench.client.pods().inNamespace(bench.namespace).withName(TASK).get();
  }

  private ContainerState awaitPhase(String phase) throws Exception {
    bench.await(
        () -> {
          PodStatus status = task().getStatus();
          assertThat(status).isNotNull();
          assertThat(status.getPhase()).isEqualTo(phase);
          // The API server says "Pending" of its own accord, before anyone has looked at the pod.
          assertThat(status.getContainerStatuses()).hasSize(1);
        });
    return task().getStatus().getContainerStatuses().get(0).getState();
  }

  private void given() {
    bench.createSecret(DB);
    bench.createService(DB, address);
  }

  @Test
  void itsEndIsToldWithWhatItSays() throws Exception {
    given();
    bench.startOperator();
    create("printf 'at %s with %s' \"$TARGET_HOST\" \"$SECRET\" > \"$RESULT\"");
    ContainerState ended = awaitPhase("Succeeded");
    assertThat(ended.getTerminated().getMessage()).isEqualTo("at " + address + " with ***");
    assertThat(ended.getTerminated().getExitCode()).isZero();
  }

  @Test
  void aFailureIsOneAndIsNotTriedAgain() throws Exception {
    given();
    Path count = directory.resolve("count");
    bench.startOperator();
    create("echo once >> " + count + "; echo no > \"$RESULT\"; exit 3");
    ContainerState ended = awaitPhase("Failed");
    assertThat(ended.getTerminated().getExitCode()).isEqualTo(3);
    assertThat(ended.getTerminated().getMessage()).isEqualTo("no\n");
    bench.stopOperator();
    bench.startOperator();
    assertThat(Files.readString(count)).isEqualTo("once\n");
  }

  @Test
  void itWaitsForItsSecret() throws Exception {
    bench.startOperator();
    create("exit 0");
    assertThat(awaitPhase("Pending").getWaiting().getMessage()).contains("not found");
    given();
    ContainerState ended = awaitPhase("Succeeded");
    assertThat(ended.getTerminated()).isNotNull();
  }

  @Test
  void anotherImageIsNotRun() throws Exception {
    given();
    bench.startOperator();
    create("example.com/busybox:1", "exit 0");
    assertThat(awaitPhase("Pending").getWaiting().getMessage()).contains("busybox");
  }

  @Test
  void whatIsBrokenOffIsRunAgain() throws Exception {
    given();
    Path ids = directory.resolve("ids");
    Process operator = bench.startOperatorProcess();
    create("echo $$$$ >> " + ids + "; [ $(wc -l < " + ids + ") -gt 1 ] || sleep 600");
    bench.await(() -> assertThat(ids).isNotEmptyFile());
    long first = Long.parseLong(Files.readString(ids).strip());
    operator.destroyForcibly().waitFor();
    assertThat(ProcessHandle.of(first)).as("outlives it").isPresent();

    bench.startOperator();
    ContainerState ended = awaitPhase("Succeeded");
    assertThat(ended.getTerminated().getExitCode()).isZero();
    assertThat(ProcessHandle.of(first).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void itsProcessGoesWithIt() throws Exception {
    given();
    Path ids = directory.resolve("ids");
    bench.startOperator();
    create("echo $$$$ > " + ids + "; sleep 600; true");
    bench.await(() -> assertThat(ids).isNotEmptyFile());
    ProcessHandle process =
        ProcessHandle.of(Long.parseLong(Files.readString(ids).strip())).orElseThrow();
    bench.client.pods().inNamespace(bench.namespace).withName(TASK).delete();
    bench.await(() -> assertThat(task()).isNull());
    assertThat(process.isAlive()).isFalse();
  }
}
