package mooring.platform;

import static mooring.platform.Samples.CREDENTIALS;
import static mooring.platform.Samples.changed;
import static mooring.platform.Samples.created;
import static mooring.platform.Samples.sized;
import static mooring.platform.Samples.stopped;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mooring.core.Address;
import mooring.core.Applied;
import mooring.core.Desired;
import mooring.core.Engine;
import mooring.core.Fence;
import mooring.core.Instance;
import mooring.core.Observation;
import mooring.core.Observation.Condition;
import mooring.core.PlatformRefusedException;
import mooring.core.Setup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Databases that run as StatefulSets, against whichever API server a subclass names. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ServerSetsContract {
  private static final Duration SOON = Duration.ofSeconds(20);

  Lab lab;
  private Nodes nodes;
  private KubernetesConnection connection;
  private KubernetesPlatform platform;
  private final Seen seen = new Seen();

  /** The API server, ready. */
  abstract Path kubeconfig() throws Exception;

  /** Whether it has a StatefulSet controller. */
  abstract boolean controlled();

  /** A storage class whose volumes can grow. */
  abstract String storageClass();

  /** Has a claim bound to a volume, without which it cannot grow. */
  abstract void bind(PersistentVolumeClaim claim);

  @BeforeAll
  void open() throws Exception {
    lab = new Lab(kubeconfig());
    nodes = new Nodes(lab, controlled());
    connection = lab.connect();
  }

  @BeforeEach
  void begin() {
    platform = new KubernetesPlatform(connection, settings());
    assertThat(platform.start(seen).blockingAwait(10, TimeUnit.SECONDS)).isTrue();
  }

  @AfterEach
  void end() {
    platform.close();
    seen.all.clear();
  }

  @AfterAll
  void close() {
    if (connection != null) {
      connection.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"MYSQL,8.0", "MYSQL,8.4", "REDIS,7.0", "REDIS,7.2", "MONGODB,6.0", "MONGODB,7.0"})
  void theServerKeepsAllOfWhatIsAppliedAndApplyingItAgainChangesNothing(
      Engine engine, String version) {
    Instance database =
        created(
            Samples.instance(engine, version, "127.77.1.1", 1),
            Setup.NONE.withRestartAt(Instant.parse("2026-03-04T05:06:07Z")));
    EngineServer server = EngineServer.of(engine).orElseThrow();

    Applied first = apply(database);
    List<String> made = versions(database);
    Applied second = apply(database);

    assertThat(versions(database)).isEqualTo(made);
    assertThat(second.password()).isEqualTo(first.password());
    List<HasMetadata> sent =
        List.of(
            ServerObjects.secret(database, server, CREDENTIALS, settings()),
            ServerObjects.configuration(database, server, settings()),
            ServerObjects.nodes(database, settings()),
            ServerObjects.clients(database, settings()),
            ServerObjects.policy(database, settings()),
            ServerSet.of(database, server, settings(), null));
    List<HasMetadata> stored = objects(database);
    assertThat(stored).hasSameSizeAs(sent);
    for (int i = 0; i < sent.size(); i++) {
      Kept.in(stored.get(i), sent.get(i));
    }
  }

  @ParameterizedTest
  @CsvSource({"MYSQL,8.4,3306", "REDIS,7.2,6379", "MONGODB,7.0,27017"})
  void eachEngineComesUpStopsStartsAndGoes(Engine engine, String version, int port) {
    Instance database = Samples.instance(engine, version, "127.77.1.2", 1);

    long applied = apply(database).object();
    shows(database, Condition.SCALING);
    lab.balanced(database.objectName(), "127.77.1.2");
    up(database, 1);
    assertThat(seen.last(database.id()).objectVersion()).isGreaterThan(applied);
    assertThat(seen.last(database.id()).facts())
        .isEqualTo(
            new Observation.Facts(
                version, 1, 1, 500, 1024, 10_240, true, new Address("127.77.1.2", port), 0));

    assertThat(apply(stopped(database)).changed()).isTrue();
    shows(database, Condition.STOPPED);
    assertThat(seen.last(database.id()).facts().addressReady()).isFalse();
    assertThat(nodes.pods(database)).isEmpty();
    assertThat(nodes.claims(database)).hasSize(1);

    Applied started = apply(changed(database, database.spec(), Desired.RUNNING, database.setup()));
    assertThat(started.changed()).isTrue();
    up(database, 1);
    assertThat(seen.last(database.id()).objectVersion()).isGreaterThan(started.object());

    removed(database);
    await()
        .atMost(SOON)
        .until(
            () -> {
              Observation last = seen.last(database.id());
              return last.equals(Observation.absent(database.id(), last.version()));
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ErrImagePull | not found | ErrImagePull: not found; the last exit was 1 (Error)",
        "ImagePullBackOff | Back-off pulling | ImagePullBackOff: Back-off pulling; the last exit was 1 (Error)",
        "CrashLoopBackOff | back-off 40s | CrashLoopBackOff: back-off 40s; the last exit was 1 (Error)"
      })
  void whatThePrimaryCannotDoIsAFaultUntilItHeals(String reason, String message, String told) {
    Instance database = Samples.instance(Engine.REDIS, "7.2", "127.77.1.3", 1);
    apply(database);
    lab.balanced(database.objectName(), "127.77.1.3");
    present(database, 0);

    nodes.waiting(database, 0, reason, message);
    shows(database, Condition.FAULTY);
    assertThat(seen.last(database.id()).message()).isEqualTo(told);

    up(database, 1);
    assertThat(seen.last(database.id()).message()).isNull();

    nodes.waiting(database, 0, reason, message);
    shows(database, Condition.FAULTY);
    assertThat(seen.last(database.id()).facts().addressReady()).isFalse();
    up(database, 1);
  }

  @Test
  void aPodWithoutANodeIsAFaultUntilThereIsOne() {
    Instance database = Samples.instance(Engine.MYSQL, "8.0", "127.77.1.4", 1);
    apply(database);
    lab.balanced(database.objectName(), "127.77.1.4");
    present(database, 0);

    nodes.unschedulable(database, 0, "0/3 nodes are available: 3 Insufficient memory.");

    shows(database, Condition.FAULTY);
    assertThat(seen.last(database.id()).message())
        .isEqualTo("Unschedulable: 0/3 nodes are available: 3 Insufficient memory.");
    up(database, 1);
  }

  @Test
  void aWaitThatEndsByItselfIsNoFault() {
    Instance database = Samples.instance(Engine.MONGODB, "7.0", "127.77.1.5", 1);
    apply(database);
    present(database, 0);

    nodes.waiting(database, 0, "ContainerCreating", "");

    shows(database, Condition.SCALING);
    assertThat(seen.last(database.id()).message()).isNull();
  }

  @Test
  void replicasFollowOneAfterTheOtherAndAreNotThePrimary() {
    Instance database = Samples.instance(Engine.REDIS, "7.2", "127.77.1.6", 3);
    apply(database);
    lab.balanced(database.objectName(), "127.77.1.6");
    present(database, 0);
    nodes.ready(database, 0);
    present(database, 1);
    nodes.waiting(database, 1, "CrashLoopBackOff", "back-off 10s");

    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              Observation last = seen.last(database.id());
              assertThat(last.condition()).isEqualTo(Condition.SCALING);
              assertThat(last.message()).startsWith("CrashLoopBackOff: back-off 10s");
              assertThat(last.facts().readyInstances()).isEqualTo(1);
              assertThat(last.facts().addressReady()).isTrue();
            });

    up(database, 3);
    assertThat(seen.last(database.id()).facts().readyInstances()).isEqualTo(3);
    nodes.waiting(database, 0, "CrashLoopBackOff", "back-off 10s");
    shows(database, Condition.FAULTY);
    removed(database);
  }

  @Test
  void aRestartReplacesThePod() {
    Instance database = Samples.instance(Engine.REDIS, "7.0", "127.77.1.7", 1);
    apply(database);
    up(database, 1);
    String before = nodes.pod(database, 0).get().getMetadata().getUid();

    Applied restart =
        apply(
            changed(
                database,
                database.spec(),
                Desired.RUNNING,
                Setup.NONE.withRestartAt(Instant.parse("2026-03-04T05:06:07Z"))));

    assertThat(restart.changed()).isTrue();
    await().atMost(SOON).until(() -> replaced(database, before));
    up(database, 1);
    assertThat(seen.last(database.id()).objectVersion()).isGreaterThan(restart.object());
  }

  @Test
  void whatCannotComeUpDoesNotStandInTheWayOfTheNextChange() {
    Instance database = Samples.instance(Engine.REDIS, "7.2", "127.77.1.18", 1);
    apply(database);
    lab.balanced(database.objectName(), "127.77.1.18");
    up(database, 1);
    String first = nodes.pod(database, 0).get().getMetadata().getUid();
    Instance large = sized(database, 65_536, 10_240);
    apply(large);
    await().atMost(SOON).until(() -> replaced(database, first));
    nodes.unschedulable(database, 0, "0/3 nodes are available: 3 Insufficient memory.");
    shows(database, Condition.FAULTY);
    String second = nodes.pod(database, 0).get().getMetadata().getUid();
    platform.unblock(large, Fence.none()).blockingAwait();
    assertThat(nodes.pod(database, 0).get().getMetadata().getUid()).isEqualTo(second);

    Instance small = sized(database, 1024, 10_240);
    apply(small);
    await()
        .atMost(SOON)
        .until(
            () -> {
              platform.unblock(small, Fence.none()).blockingAwait();
              return replaced(database, second);
            });

    up(database, 1);
    assertThat(seen.last(database.id()).facts().memoryMib()).isEqualTo(1024);
    removed(database);
  }

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
    assertThat(seen.last(database.id()).facts().storageMib()).isEqualTo(20_480);

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

  @Test
  void canBeDeletedBeforeItWasEverUp() {
    Instance database = Samples.instance(Engine.MYSQL, "8.4", "127.77.1.11", 1);
    apply(database);
    present(database, 0);

    removed(database);
  }

  @Test
  void otherDatabasesAreLeftAlone() {
    Instance gone = Samples.instance(Engine.REDIS, "7.2", "127.77.1.12", 1);
    Instance kept = Samples.instance(Engine.REDIS, "7.2", "127.77.1.13", 1);
    apply(gone);
    apply(kept);
    up(gone, 1);
    up(kept, 1);

    removed(gone);

    assertThat(objects(kept)).doesNotContainNull();
    assertThat(nodes.pods(kept)).hasSize(1);
    assertThat(nodes.claims(kept)).hasSize(1);
  }

  /** The whole way: the API accepts, the worker applies, the test is kubelet, the API tells. */
  @Test
  void theApiTellsOfFaultsAfterTheDeadlineAndThatTheyHealed() throws Exception {
    try (ApiBench bench = new ApiBench(platform(), Duration.ofSeconds(4))) {
      Instance database = bench.create("redis");
      lab.balanced(awaited(database).objectName(), "10.9.8.7");
      present(database, 0);
      nodes.waiting(database, 0, "ImagePullBackOff", "Back-off pulling image");
      assertThat(bench.status(database)).isEqualTo("provisioning");

      await().atMost(SOON).until(() -> bench.status(database).equals("error"));
      assertThat(bench.reason(database)).startsWith("ImagePullBackOff: Back-off pulling image");
      nodes.ready(database, 0);
      await().atMost(SOON).until(() -> bench.status(database).equals("running"));

      nodes.waiting(database, 0, "CrashLoopBackOff", "back-off 20s restarting");
      await().atMost(SOON).until(() -> bench.status(database).equals("error"));
      assertThat(bench.reason(database)).startsWith("CrashLoopBackOff: back-off 20s restarting");
      nodes.ready(database, 0);
      await().atMost(SOON).until(() -> bench.status(database).equals("running"));

      bench.delete(database);
      await().atMost(SOON).until(() -> bench.gone(database));
      assertThat(objects(database)).containsOnlyNulls();
      assertThat(nodes.claims(database)).isEmpty();
    }
  }

  /** Only an operation fails; without one, nobody says yet that it will not heal. */
  @Test
  void theApiShowsAFaultOutsideAnOperationAsNoError() throws Exception {
    try (ApiBench bench = new ApiBench(platform(), Duration.ofSeconds(60))) {
      Instance database = bench.create("redis");
      lab.balanced(awaited(database).objectName(), "10.9.8.6");
      present(database, 0);
      nodes.ready(database, 0);
      await().atMost(SOON).until(() -> bench.status(database).equals("running"));

      nodes.waiting(database, 0, "CrashLoopBackOff", "back-off 20s restarting");
      await().atMost(SOON).until(() -> bench.status(database).equals("provisioning"));
      assertThat(bench.reason(database)).isNull();
      nodes.ready(database, 0);
      await().atMost(SOON).until(() -> bench.status(database).equals("running"));

      bench.delete(database);
      await().atMost(SOON).until(() -> bench.gone(database));
    }
  }

  /** The platform, before it tells anybody anything. */
  private KubernetesPlatform platform() {
    platform.close();
    platform = new KubernetesPlatform(connection, settings());
    return platform;
  }

  private Instance awaited(Instance database) {
    await().atMost(SOON).until(() -> nodes.set(database).get() != null);
    return database;
  }

  private Applied apply(Instance database) {
    Applied applied = platform.apply(database, CREDENTIALS, Fence.none()).blockingGet();
    nodes.settle(database);
    return applied;
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

  private void removed(Instance database) {
    await().atMost(SOON).until(() -> platform.delete(database, Fence.none()).blockingGet());
    assertThat(objects(database)).containsOnlyNulls();
    assertThat(nodes.pods(database)).isEmpty();
    assertThat(nodes.claims(database)).isEmpty();
  }

  private void present(Instance database, int pod) {
    nodes.settle(database);
    await().atMost(SOON).until(() -> nodes.pod(database, pod).get() != null);
  }

  private boolean replaced(Instance database, String uid) {
    nodes.settle(database);
    Pod pod = nodes.pod(database, 0).get();
    return pod != null && !pod.getMetadata().getUid().equals(uid);
  }

  private void up(Instance database, int instances) {
    for (int number = 0; number < instances; number++) {
      present(database, number);
      nodes.ready(database, number);
    }
    shows(database, Condition.HEALTHY);
  }

  private void shows(Instance database, Condition condition) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              nodes.settle(database);
              assertThat(seen.last(database.id()).condition()).isEqualTo(condition);
            });
  }

  private static List<String> uids(List<Pod> pods) {
    return pods.stream().map(pod -> pod.getMetadata().getUid()).sorted().toList();
  }

  /** In the order in which the test above sends them; null for what is not there. */
  private List<HasMetadata> objects(Instance database) {
    String name = database.objectName();
    List<HasMetadata> all = new ArrayList<>();
    all.add(lab.admin.secrets().inNamespace(lab.namespace).withName(name).get());
    all.add(lab.admin.configMaps().inNamespace(lab.namespace).withName(name).get());
    all.add(lab.service(name + "-nodes").get());
    all.add(lab.service(name).get());
    all.add(
        lab.admin.network().v1().networkPolicies().inNamespace(lab.namespace).withName(name).get());
    all.add(nodes.set(database).get());
    return all;
  }

  /** Of each object, what changes when it is asked for something else. */
  private List<String> versions(Instance database) {
    List<HasMetadata> all = objects(database);
    StatefulSet set = (StatefulSet) all.remove(all.size() - 1);
    return Stream.concat(
            all.stream().map(object -> object.getMetadata().getResourceVersion()),
            Stream.of("generation " + set.getMetadata().getGeneration()))
        .toList();
  }

  private PlatformSettings settings() {
    return new PlatformSettings(
        lab.namespace, ServiceType.LOAD_BALANCER, "mooring-postgresql", storageClass(), null);
  }
}
