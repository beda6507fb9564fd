package mooring.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.reactivex.rxjava3.core.Single;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mooring.core.Desired;
import mooring.core.Instance;
import mooring.core.InstanceSpec;
import mooring.core.InstanceState;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.OperationStore;
import mooring.core.ReplicaServer;
import mooring.core.Setup;
import mooring.core.SourceAddresses;
import mooring.core.SourceLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A worker that is stopped after it was given leave to write an object, and goes on when others
 * have long finished its operation and the next one, on a real store and the embedded Kubernetes
 * API; the test is CloudNativePG.
 */
class LateWriterTest extends RecordsBench {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofSeconds(1);

  /** The writes of an operation, in their order. */
  private static final int SECRET = 1;

  private static final int SERVICE = 2;
  private static final int CLUSTER = 3;

  private static final String HEALTHY =
      """
      {"phase": "Cluster in healthy state", "instances": 1, "readyInstances": 1,
       "pgDataImageInfo": {"image": "postgresql:16.4", "majorVersion": 16},
       "conditions": [{"type": "Ready", "status": "True", "reason": "ClusterIsReady",
         "message": "Cluster is Ready", "lastTransitionTime": "2026-01-02T03:04:05Z"}]}
      """;
  private static final String HIBERNATED =
      """
      {"conditions": [{"type": "cnpg.io/hibernation", "status": "True", "reason": "Hibernated",
        "message": "Cluster has been hibernated", "lastTransitionTime": "2026-01-02T03:04:05Z"}]}
      """;

  @TempDir Path directory;
  private PlatformBench bench;
  private LeftOvers leftOvers;
  private HeldOperations held;
  private Worker late;
  private Worker newer;

  @BeforeEach
  void open() {
    bench = new PlatformBench(vertx, directory, feed);
    await().until(feed::ready);
    leftOvers = new LeftOvers(bench.platform);
    newer = worker(store.operations(), settings("newer"));
  }

  @AfterEach
  void close() {
    if (held != null) {
      held.release();
    }
    if (late != null) {
      late.close();
    }
    newer.close();
    bench.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {SECRET, SERVICE, CLUSTER})
  void aLateStopDoesNotUndoTheStartAfterIt(int nth) {
    Instance database = running();
    Instance stopped =
        overtaken(nth, desired(database, Desired.STOPPED), OperationKind.STOP, HIBERNATED);
    done(desired(stopped, Desired.RUNNING), OperationKind.START, HEALTHY);

    letGo(database);

    assertThat(cluster(database).getMetadata().getAnnotations())
        .containsEntry("cnpg.io/hibernation", "off");
    assertThat(state(database)).isEqualTo(InstanceState.RUNNING);
  }

  @Test
  void aLateResizeDoesNotUndoTheOneAfterIt() {
    Instance database = running();
    Instance bigger = overtaken(CLUSTER, sized(database, 8192), OperationKind.RESIZE, HEALTHY);
    done(sized(bigger, 2048), OperationKind.RESIZE, HEALTHY);

    letGo(database);

    assertThat(cluster(database).<String>get("spec", "resources", "limits", "memory"))
        .isEqualTo("2Gi");
  }

  /** Whoever takes over puts back the old password, which nobody has changed yet. */
  @Test
  void aLateResetDoesNotChangeThePasswordAfterAll() {
    Instance database = running();
    stopAfter(SECRET);
    Instance unused = change(database, OperationKind.RESET_PASSWORD, LONG, "new-secret");
    await().until(held::holding);
    records.lapse(database.id());
    await().until(() -> overdue(database));
    newer.start();
    awaitOutcome(database, Outcome.FAILED);

    letGo(database);

    String password = secret(database).getData().get("password");
    assertThat(new String(Base64.getDecoder().decode(password), StandardCharsets.UTF_8))
        .isEqualTo(PASSWORD);
  }

  @ParameterizedTest
  @ValueSource(ints = {SECRET, CLUSTER})
  void aLateCreateDoesNotUndoTheStopAfterIt(int nth) {
    stopAfter(nth);
    Instance created = create(Setup.NONE, LONG);
    takeOver();
    applied(created, HEALTHY);
    done(desired(created, Desired.STOPPED), OperationKind.STOP, HIBERNATED);

    letGo(created);

    assertThat(cluster(created).getMetadata().getAnnotations())
        .containsEntry("cnpg.io/hibernation", "on");
  }

  @Test
  void aLateStopDoesNotMakeAnewWhatWasDeleted() {
    Instance database = running();
    stopAfter(CLUSTER);
    Instance stopped = change(desired(database, Desired.STOPPED), OperationKind.STOP, LONG, null);
    await().until(held::holding);
    Instance unused = change(stopped, OperationKind.DELETE, LONG, null);
    newer.start();
    awaitOutcome(database, Outcome.SUCCEEDED);

    held.release();
    await().until(() -> late.held() == 0);

    assertThat(cluster(database)).isNull();
    assertThat(state(database)).isEqualTo(InstanceState.DELETED);
  }

  /** Who begins a step anew has to write everything anew, and would take as long. */
  @Test
  void aStepThatTakesLongerThanItsLeaseKeepsIt() {
    late =
        worker(
            slow(LEASE), new WorkerSettings("late", LEASE, LONG, Duration.ofMillis(100), 100, 4));
    late.start();
    Instance created = create(Setup.NONE, LONG);
    await().until(() -> snapshot(created).operation().platformVersion() != null);
  }

  /** Leave to write comes late. */
  private OperationStore slow(Duration delay) {
    OperationStore real = store.operations();
    return (OperationStore)
        Proxy.newProxyInstance(
            OperationStore.class.getClassLoader(),
            new Class<?>[] {OperationStore.class},
            (proxy, method, arguments) -> {
              Object answer = method.invoke(real, arguments);
              return method.getName().equals("fence")
                  ? ((Single<?>) answer).delay(delay.toMillis(), TimeUnit.MILLISECONDS)
                  : answer;
            });
  }

  private Worker worker(OperationStore operations, WorkerSettings settings) {
    return new Worker(
        operations,
        store.instances(),
        bench.platform,
        feed,
        SourceArchive.of(SourceLog.COMPLETE, store.instances(), feed),
        (replica, login) -> Single.just(ReplicaServer.Standing.FOLLOWING),
        leftOvers,
        new SourceAddresses(List.of()),
        settings);
  }

  private Instance running() {
    Worker first = worker(store.operations(), settings("first"));
    try {
      first.start();
      Instance created = create(Setup.NONE, LONG);
      applied(created, HEALTHY);
      return snapshot(created);
    } finally {
      first.close();
    }
  }

  /** What comes next is begun by a worker that stops before its nth write. */
  private void stopAfter(int nth) {
    held = new HeldOperations(store.operations(), nth);
    // One job, so that it cannot take over from itself.
    late =
        worker(
            held, new WorkerSettings("late", SHORT, Duration.ZERO, Duration.ofMillis(100), 1, 1));
    late.start();
  }

  /** A change whose worker stops before its nth write, and that another one ends. */
  private Instance overtaken(int nth, Instance wanted, OperationKind kind, String status) {
    stopAfter(nth);
    Instance changed = change(wanted, kind, LONG, null);
    takeOver();
    applied(changed, status);
    return changed;
  }

  /** The change after it. */
  private void done(Instance wanted, OperationKind kind, String status) {
    applied(change(wanted, kind, LONG, null), status);
  }

  private void takeOver() {
    await().until(held::holding);
    newer.start();
  }

  /** Has the platform show that what was asked is done, once it was applied. */
  private void applied(Instance wanted, String status) {
    await()
        .until(
            () ->
                snapshot(wanted).operation().id().equals(wanted.operation().id())
                    && snapshot(wanted).operation().platformVersion() != null);
    PlatformBench.status(bench.object("Cluster", wanted.objectName()), "{\"conditions\": null}");
    PlatformBench.status(bench.object("Cluster", wanted.objectName()), status);
    awaitOutcome(wanted, Outcome.SUCCEEDED);
  }

  private void letGo(Instance database) {
    List<String> before = versions(database);
    assertThat(late.held()).isOne();
    held.release();
    await().until(() -> late.held() == 0);
    assertThat(versions(database)).isEqualTo(before);
  }

  private List<String> versions(Instance database) {
    return Stream.of(
            secret(database),
            bench.operator.services().inNamespace("default").withName(database.objectName()).get(),
            cluster(database))
        .map(HasMetadata::getMetadata)
        .map(metadata -> metadata.getResourceVersion())
        .toList();
  }

  private Secret secret(Instance database) {
    return bench
        .operator
        .secrets()
        .inNamespace("default")
        .withName(database.objectName() + "-app")
        .get();
  }

  private GenericKubernetesResource cluster(Instance database) {
    return bench.object("Cluster", database.objectName()).get();
  }

  private static Instance desired(Instance one, Desired desired) {
    return one.wanted(one.spec(), desired, one.setup(), one.attributes());
  }

  private static Instance sized(Instance one, int memoryMib) {
    InstanceSpec is = one.spec();
    InstanceSpec spec =
        new InstanceSpec(
            is.engine(),
            is.version(),
            is.cpuMilli(),
            memoryMib,
            is.storageMib(),
            is.instances(),
            is.place());
    return one.wanted(spec, one.desired(), one.setup(), one.attributes());
  }
}
