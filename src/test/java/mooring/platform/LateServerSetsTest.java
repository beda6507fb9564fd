package mooring.platform;

import static mooring.platform.KubernetesPlatformContract.lostAfter;
import static mooring.platform.Samples.CREDENTIALS;
import static mooring.platform.Samples.changed;
import static mooring.platform.Samples.sized;
import static mooring.platform.Samples.stopped;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import mooring.core.Credentials;
import mooring.core.Engine;
import mooring.core.Fence;
import mooring.core.Instance;
import mooring.core.LeaseLostException;
import mooring.core.PlatformRefusedException;
import mooring.local.kubernetes.EmbeddedKubernetes;
import mooring.local.kubernetes.EmbeddedKubernetesConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an attempt at a StatefulSet does after it has lost its lease: nothing. */
class LateServerSetsTest {
  private static final Credentials OTHER = new Credentials("app_user", "another-Value_2", "orders");

  /** The objects of a database, in the order in which they are written. */
  private static final int OBJECTS = 6;

  @TempDir static Path directory;
  private static Vertx vertx;
  private static Lab lab;
  private static KubernetesConnection connection;
  private static KubernetesPlatform platform;
  private static PlatformSettings settings;
  private final Instance database = Samples.instance(Engine.REDIS, "7.2", "127.77.2.1", 1);

  @BeforeAll
  static void open() throws Exception {
    vertx = Vertx.vertx();
    lab =
        new Lab(
            EmbeddedKubernetes.start(vertx, EmbeddedKubernetesConfig.in(directory))
                .await()
                .kubeconfig());
    connection = lab.connect();
    settings = PlatformSettings.of(lab.namespace, ServiceType.CLUSTER_IP);
    platform = new KubernetesPlatform(connection, settings);
  }

  @AfterAll
  static void close() {
    platform.close();
    connection.close();
    lab.close();
    vertx.close().await();
  }

  /** Each object in turn is the one before whose change the lease is lost. */
  @Test
  void whatComesTooLateChangesNothing() {
    apply(database, CREDENTIALS, Fence.none());
    claim();
    Instance same = changed(database, database.spec(), database.desired(), database.setup());
    for (int late = 1; late <= OBJECTS; late++) {
      long token = late;
      Fence fence = lostAfter(late, () -> apply(same, CREDENTIALS, () -> Single.just(token)));

      assertThatThrownBy(() -> apply(stopped(database), OTHER, fence))
          .isInstanceOf(LeaseLostException.class);

      assertThat(set().getSpec().getReplicas()).isEqualTo(1);
      assertThat(objects())
          .hasSize(OBJECTS)
          .allSatisfy(
              object ->
                  assertThat(object.getMetadata().getAnnotations())
                      .containsEntry(Attempt.FENCE, Long.toString(token)));
      EngineServer redis = EngineServer.of(Engine.REDIS).orElseThrow();
      Kept.in(objects().get(0), ServerObjects.secret(database, redis, CREDENTIALS, settings));
    }
  }

  /** The growth and the release of the StatefulSet are changes of their own. */
  @Test
  void whatComesTooLateGrowsNothing() {
    apply(database, CREDENTIALS, Fence.none());
    claim();
    Instance grown = sized(database, 1024, 20_480);
    String uid = set().getMetadata().getUid();

    Fence before = lostAfter(OBJECTS - 1, () -> {});
    assertThatThrownBy(() -> apply(grown, CREDENTIALS, before))
        .isInstanceOf(LeaseLostException.class);
    assertThat(claimed()).isEqualTo("10Gi");

    Fence between = lostAfter(OBJECTS, () -> {});
    assertThatThrownBy(() -> apply(grown, CREDENTIALS, between))
        .isInstanceOf(LeaseLostException.class);
    assertThat(claimed()).isEqualTo("20Gi");
    assertThat(set().getMetadata().getUid()).isEqualTo(uid);

    apply(grown, CREDENTIALS, Fence.none());
    assertThat(ServerSet.storageMib(set())).isEqualTo(20_480);
  }

  @Test
  void whatWasDeletedMeanwhileIsNotMadeAnew() {
    apply(database, CREDENTIALS, Fence.none());
    claim();
    Fence fence =
        lostAfter(
            OBJECTS,
            () -> await().until(() -> platform.delete(database, Fence.none()).blockingGet()));

    assertThatThrownBy(() -> apply(stopped(database), CREDENTIALS, fence))
        .isInstanceOf(PlatformRefusedException.class);

    assertThat(set()).isNull();
  }

  @Test
  void whoeverHasLostTheLeaseDeletesNothing() {
    apply(database, CREDENTIALS, Fence.none());
    claim();
    Fence fence = lostAfter(1, () -> apply(stopped(database), CREDENTIALS, Fence.none()));

    assertThatThrownBy(() -> platform.delete(database, fence).blockingGet())
        .isInstanceOf(LeaseLostException.class);

    assertThat(set().isMarkedForDeletion()).isFalse();
    assertThat(objects()).hasSize(OBJECTS);
  }

  private static void apply(Instance wanted, Credentials credentials, Fence fence) {
    assertThat(platform.apply(wanted, credentials, fence).blockingGet().object()).isPositive();
  }

  private StatefulSet set() {
    return lab.admin
        .apps()
        .statefulSets()
        .inNamespace(lab.namespace)
        .withName(database.objectName())
        .get();
  }

  private List<HasMetadata> objects() {
    String name = database.objectName();
    List<HasMetadata> all =
        Arrays.asList(
            lab.admin.secrets().inNamespace(lab.namespace).withName(name).get(),
            lab.admin.configMaps().inNamespace(lab.namespace).withName(name).get(),
            lab.admin
                .network()
                .v1()
                .networkPolicies()
                .inNamespace(lab.namespace)
                .withName(name)
                .get(),
            lab.service(name + "-nodes").get(),
            lab.service(name).get(),
            set());
    return all.stream().filter(Objects::nonNull).toList();
  }

  /** As the StatefulSet's controller makes it. */
  private void claim() {
    PersistentVolumeClaim claim =
        new PersistentVolumeClaimBuilder()
            .withNewMetadata()
            .withName("data-" + database.objectName() + "-0")
            .withLabels(ServerObjects.selector(database))
            .endMetadata()
            .withNewSpec()
            .withAccessModes("ReadWriteOnce")
            .withNewResources()
            .addToRequests("storage", new Quantity("10Gi"))
            .endResources()
            .endSpec()
            .build();
    lab.admin.persistentVolumeClaims().inNamespace(lab.namespace).resource(claim).create();
  }

  private String claimed() {
    return lab.admin
        .persistentVolumeClaims()
        .inNamespace(lab.namespace)
        .withName("data-" + database.objectName() + "-0")
        .get()
        .getSpec()
        .getResources()
        .getRequests()
        .get("storage")
        .toString();
  }
}
