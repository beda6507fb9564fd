package mooring.platform;

import static mooring.platform.Samples.CREDENTIALS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import mooring.core.Applied;
import mooring.core.Fence;
import mooring.core.Instance;
import mooring.core.Observation;
import mooring.core.Observation.Condition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/**
 * A namespace on whichever API server a subclass names, the platform at work in it, and what tests
 * of StatefulSets ask of both.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ServerSetsBench {
  static final Duration SOON = Duration.ofSeconds(60);

  Lab lab;
  Nodes nodes;
  KubernetesConnection connection;
  KubernetesPlatform platform;
  final Seen seen = new Seen();

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
    assertThat(platform.start(seen).blockingAwait(60, TimeUnit.SECONDS)).isTrue();
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

  /** The platform, before it tells anybody anything. */
  KubernetesPlatform platform() {
    platform.close();
    platform = new KubernetesPlatform(connection, settings());
    return platform;
  }

  Instance awaited(Instance database) {
    await().atMost(SOON).until(() -> nodes.set(database).get() != null);
    return database;
  }

  Applied apply(Instance database) {
    Applied applied = platform.apply(database, CREDENTIALS, Fence.none()).blockingGet();
    nodes.settle(database);
    return applied;
  }

  void removed(Instance database) {
    await().atMost(SOON).until(() -> platform.delete(database, Fence.none()).blockingGet());
    assertThat(objects(database)).containsOnlyNulls();
    assertThat(nodes.pods(database)).isEmpty();
    assertThat(nodes.claims(database)).isEmpty();
  }

  void present(Instance database, int pod) {
    nodes.settle(database);
    await().atMost(SOON).until(() -> nodes.pod(database, pod).get() != null);
  }

  boolean replaced(Instance database, String uid) {
    nodes.settle(database);
    Pod pod = nodes.pod(database, 0).get();
    return pod != null && !pod.getMetadata().getUid().equals(uid);
  }

  void up(Instance database, int instances) {
    for (int number = 0; number < instances; number++) {
      present(database, number);
      nodes.ready(database, number);
    }
    shows(database, Condition.HEALTHY);
  }

  void shows(Instance database, Condition condition) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              nodes.settle(database);
              assertThat(seen.last(database.id()).condition()).isEqualTo(condition);
            });
  }

  /** Until what is told last is so: of objects that are watched one by one, at their own pace. */
  void tells(Instance database, Consumer<Observation> assertion) {
    await().atMost(SOON).untilAsserted(() -> assertion.accept(seen.last(database.id())));
  }

  /** In the order in which they are sent; null for what is not there. */
  List<HasMetadata> objects(Instance database) {
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
  List<String> versions(Instance database) {
    List<HasMetadata> all = objects(database);
    StatefulSet set = (StatefulSet) all.remove(all.size() - 1);
    return Stream.concat(
            all.stream().map(object -> object.getMetadata().getResourceVersion()),
            Stream.of("generation " + set.getMetadata().getGeneration()))
        .toList();
  }

  PlatformSettings settings() {
    return new PlatformSettings(
        lab.namespace, ServiceType.LOAD_BALANCER, "mooring-postgresql", storageClass(), null);
  }
}
