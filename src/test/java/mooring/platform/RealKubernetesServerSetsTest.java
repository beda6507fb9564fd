package mooring.platform;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The StatefulSets against a real API server, whose own controller makes the pods. */
@Tag("real-kubernetes")
@EnabledIfEnvironmentVariable(
    named = RealKubernetesPlatformTest.VARIABLE,
    matches = ".+",
    disabledReason = "no real API server given: name its kubeconfig to run these tests against it")
class RealKubernetesServerSetsTest extends ServerSetsContract {
  private final String storageClass = "growing-" + UUID.randomUUID().toString().substring(0, 8);
  private final List<PersistentVolume> volumes = new ArrayList<>();

  @Override
  Path kubeconfig() {
    return Path.of(System.getenv(RealKubernetesPlatformTest.VARIABLE));
  }

  @Override
  boolean controlled() {
    return true;
  }

  @Override
  String storageClass() {
    return storageClass;
  }

  @BeforeAll
  void makeTheStorageClass() {
    StorageClass growing =
        new StorageClassBuilder()
            .withNewMetadata()
            .withName(storageClass)
            .endMetadata()
            .withProvisioner("kubernetes.io/no-provisioner")
            .withAllowVolumeExpansion(true)
            .build();
    lab.admin.resource(growing).create();
  }

  @Override
  void bind(PersistentVolumeClaim claim) {
    String name = claim.getMetadata().getName();
    PersistentVolume volume =
        new PersistentVolumeBuilder()
            .withNewMetadata()
            .withName(storageClass + "-" + volumes.size())
            .endMetadata()
            .withNewSpec()
            .withStorageClassName(storageClass)
            .withAccessModes("ReadWriteOnce")
            .addToCapacity("storage", new Quantity("10Gi"))
            .withPersistentVolumeReclaimPolicy("Delete")
            .withNewHostPath("/nowhere", "")
            .withNewClaimRef()
            .withNamespace(lab.namespace)
            .withName(name)
            .endClaimRef()
            .endSpec()
            .build();
    volumes.add(lab.admin.resource(volume).create());
    await()
        .atMost(Duration.ofSeconds(40))
        .until(
            () ->
                "Bound"
                    .equals(
                        lab.admin
                            .persistentVolumeClaims()
                            .inNamespace(lab.namespace)
                            .withName(name)
                            .get()
                            .getStatus()
                            .getPhase()));
  }

  @Override
  @AfterAll
  void close() {
    volumes.forEach(volume -> lab.admin.resource(volume).delete());
    lab.admin.storage().v1().storageClasses().withName(storageClass).delete();
    super.close();
  }
}
