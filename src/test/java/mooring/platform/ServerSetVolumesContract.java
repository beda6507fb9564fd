package mooring.platform;

import static mooring.platform.Samples.CREDENTIALS;
import static mooring.platform.Samples.changed;
import static mooring.platform.Samples.sized;
import static mooring.platform.Samples.stopped;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.List;
import java.util.Objects;
import mooring.core.Applied;
import mooring.core.Desired;
import mooring.core.Engine;
import mooring.core.Fence;
import mooring.core.Instance;
import mooring.core.Observation.Condition;
import mooring.core.PlatformRefusedException;
import org.junit.jupiter.api.Test;

/** The volumes of databases that run as StatefulSets: they grow, and are never made anew. */
abstract class ServerSetVolumesContract extends ServerSetsBench {
  @Test
  void volumesGrowUnderServersThatGoOn() {
    Instance database = Samples.instance(Engine.REDIS, "7.2", "127.77.1.8", 2);
    apply(database);
    up(database, 2);
    nodes.claims(database).forEach(this::bind);
    StatefulSet before = nodes.set(database).get();
    List<String> servers = uids(nodes.pods(database));

    Applied grown = await().atMost(SOON).until(() -> tried(grown(database)), Objects::nonNull);

    assertThat(grown.changed()).isTrue();
    StatefulSet after = nodes.set(database).get();
    assertThat(after.getMetadata().getUid()).isNotEqualTo(before.getMetadata().getUid());
    assertThat(ServerSet.storageMib(after)).isEqualTo(20_480);
    assertThat(claimed(database)).containsExactly(20_480, 20_480);
    up(database, 2);
    assertThat(uids(nodes.pods(database))).isEqualTo(servers);
    tells(database, last -> assertThat(last.facts().storageMib()).isEqualTo(20_480));

    apply(sized(database, 1024, 5_120));
    assertThat(ServerSet.storageMib(nodes.set(database).get())).isEqualTo(20_480);
    removed(database);
  }

  @Test
  void aGrowthThatWasBrokenOffIsTakenUpAgain() {
    Instance database = Samples.instance(Engine.REDIS, "7.2", "127.77.1.9", 1);
    apply(database);
    up(database, 1);
    nodes.claims(database).forEach(this::bind);
    orphan(database);

    apply(grown(database));

    assertThat(ServerSet.storageMib(nodes.set(database).get())).isEqualTo(20_480);
    assertThat(claimed(database)).containsExactly(20_480);
    orphan(database);
    removed(database);
  }

  @Test
  void aDatabaseWhoseDataHaveGoneIsNeverMadeAnewAndEmpty() {
    Instance database = Samples.instance(Engine.MONGODB, "6.0", "127.77.1.10", 1);

    assertThatThrownBy(() -> apply(stopped(database)))
        .isInstanceOf(PlatformRefusedException.class)
        .hasMessageContaining("never made anew");

    assertThat(nodes.set(database).get()).isNull();
  }

  /** The StatefulSet was deleted, and a pod of it is still using its volume. */
  @Test
  void aVolumeThatIsBeingDeletedIsGone() {
    Instance database = Samples.instance(Engine.REDIS, "7.2", "127.77.1.14", 1);
    apply(database);
    up(database, 1);
    PersistentVolumeClaim claim = nodes.claims(database).get(0);
    hold(claim, "mooring.test/in-use");
    lab.admin.resource(claim).delete();
    orphan(database);

    refusedForItsData(database);

    assertThat(nodes.set(database).get()).isNull();
    hold(claim);
    removed(database);
  }

  @Test
  void aStoppedDatabaseWhoseDataHaveGoneIsNotStarted() {
    Instance database = Samples.instance(Engine.MYSQL, "8.4", "127.77.1.15", 1);
    apply(database);
    up(database, 1);
    apply(stopped(database));
    shows(database, Condition.STOPPED);
    lose(database, 0);

    refusedForItsData(database);

    assertThat(nodes.set(database).get().getSpec().getReplicas()).isZero();
    removed(database);
  }

  /** Replicas would take the empty primary for the data. */
  @Test
  void whatReplicasHaveIsNotLostWithThePrimary() {
    Instance database = Samples.instance(Engine.REDIS, "7.2", "127.77.1.16", 2);
    apply(database);
    up(database, 2);
    apply(stopped(database));
    shows(database, Condition.STOPPED);
    lose(database, 0);

    refusedForItsData(database);

    assertThat(nodes.claims(database)).hasSize(1);
    removed(database);
  }

  /** The class of new volumes is a setting, which may change. */
  @Test
  void theStorageClassIsThatOfTheSetThatIsThere() {
    Instance database = Samples.instance(Engine.REDIS, "7.2", "127.77.1.17", 1);
    apply(database);
    up(database, 1);
    try (KubernetesPlatform other =
        new KubernetesPlatform(
            connection,
            new PlatformSettings(
                lab.namespace, ServiceType.LOAD_BALANCER, "mooring-postgresql", "other", null))) {
      Applied stop = other.apply(stopped(database), CREDENTIALS, Fence.none()).blockingGet();
      assertThat(stop.changed()).isTrue();
    }
    shows(database, Condition.STOPPED);
    removed(database);
  }

  /** The outcome of one try; null when it is worth another. */
  private Applied tried(Instance database) {
    try {
      return apply(database);
    } catch (PlatformFailure again) {
      return null;
    }
  }

  private static Instance grown(Instance database) {
    return sized(database, 1024, 20_480);
  }

  /** Leaves the pods without their StatefulSet. */
  private void orphan(Instance database) {
    // Its controller would take them over while it goes, and the garbage collector them with it.
    await().atMost(SOON).until(() -> nodes.adopted(database));
    nodes.set(database).withPropagationPolicy(DeletionPropagation.ORPHAN).delete();
    await().atMost(SOON).until(() -> nodes.set(database).get() == null);
    assertThat(nodes.pods(database)).hasSize(1);
  }

  private void refusedForItsData(Instance database) {
    Instance running = changed(database, database.spec(), Desired.RUNNING, database.setup());
    assertThatThrownBy(() -> apply(running))
        .isInstanceOf(PlatformRefusedException.class)
        .hasMessageContaining("data-" + database.objectName() + "-0")
        .hasMessageContaining("never made anew");
  }

  private void lose(Instance database, int number) {
    Resource<PersistentVolumeClaim> claim =
        lab.admin
            .persistentVolumeClaims()
            .inNamespace(lab.namespace)
            .withName("data-" + database.objectName() + "-" + number);
    claim.delete();
    await().atMost(SOON).until(() -> claim.get() == null);
  }

  /** Keeps a claim from going, besides what else may do so. */
  private void hold(PersistentVolumeClaim claim, String... finalizers) {
    lab.admin
        .persistentVolumeClaims()
        .inNamespace(lab.namespace)
        .withName(claim.getMetadata().getName())
        .edit(
            now ->
                new PersistentVolumeClaimBuilder(now)
                    .editMetadata()
                    .withFinalizers(finalizers)
                    .endMetadata()
                    .build());
  }

  private List<Integer> claimed(Instance database) {
    return nodes.claims(database).stream()
        .map(claim -> claim.getSpec().getResources().getRequests().get("storage"))
        .map(Quantities::mib)
        .toList();
  }

  private static List<String> uids(List<Pod> pods) {
    return pods.stream().map(pod -> pod.getMetadata().getUid()).sorted().toList();
  }
}
