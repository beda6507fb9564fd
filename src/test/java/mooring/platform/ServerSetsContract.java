package mooring.platform;

import static mooring.platform.Samples.CREDENTIALS;
import static mooring.platform.Samples.changed;
import static mooring.platform.Samples.created;
import static mooring.platform.Samples.sized;
import static mooring.platform.Samples.stopped;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import mooring.core.Address;
import mooring.core.Applied;
import mooring.core.Desired;
import mooring.core.Engine;
import mooring.core.Fence;
import mooring.core.Instance;
import mooring.core.Observation;
import mooring.core.Observation.Condition;
import mooring.core.Setup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Databases that run as StatefulSets, and all that is said of their volumes. */
abstract class ServerSetsContract extends ServerSetVolumesContract {
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
    tells(database, last -> assertThat(last.objectVersion()).isGreaterThan(applied));
    Observation.Facts serving =
        new Observation.Facts(
            version, 1, 1, 500, 1024, 10_240, true, new Address("127.77.1.2", port), 0);
    tells(database, last -> assertThat(last.facts()).isEqualTo(serving));

    assertThat(apply(stopped(database)).changed()).isTrue();
    shows(database, Condition.STOPPED);
    tells(database, last -> assertThat(last.facts().addressReady()).isFalse());
    assertThat(nodes.pods(database)).isEmpty();
    assertThat(nodes.claims(database)).hasSize(1);

    Applied started = apply(changed(database, database.spec(), Desired.RUNNING, database.setup()));
    assertThat(started.changed()).isTrue();
    up(database, 1);
    tells(database, last -> assertThat(last.objectVersion()).isGreaterThan(started.object()));

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
    tells(database, last -> assertThat(last.facts().addressReady()).isFalse());
    up(database, 1);
  }

  @Test
  void whatRunsForAWhileBeforeEachCrashIsAFaultWhileItRunsToo() {
    Instance database = Samples.instance(Engine.REDIS, "7.2", "127.77.1.20", 1);
    apply(database);
    lab.balanced(database.objectName(), "127.77.1.20");
    present(database, 0);

    nodes.startedAgain(database, 0, 1);
    shows(database, Condition.SCALING);
    assertThat(seen.last(database.id()).message()).isNull();

    nodes.startedAgain(database, 0, 2);
    shows(database, Condition.FAULTY);
    assertThat(seen.last(database.id()).message())
        .isEqualTo("the server keeps ending; the last exit was 137 (OOMKilled)");
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
    tells(database, last -> assertThat(last.facts().readyInstances()).isEqualTo(3));
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
    tells(database, last -> assertThat(last.objectVersion()).isGreaterThan(restart.object()));
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
    tells(database, last -> assertThat(last.facts().memoryMib()).isEqualTo(1024));
    removed(database);
  }

  @Test
  void aStopDoesNotWaitForReplicasOfAPrimaryThatIsDown() {
    Instance database = Samples.instance(Engine.REDIS, "7.2", "127.77.1.19", 3);
    apply(database);
    lab.balanced(database.objectName(), "127.77.1.19");
    up(database, 3);
    nodes.waiting(database, 0, "CrashLoopBackOff", "back-off 10s");
    nodes.waiting(database, 1, "ContainerCreating", "");
    nodes.waiting(database, 2, "ContainerCreating", "");
    Instance stopped = stopped(database);
    apply(stopped);

    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              platform.unblock(stopped, Fence.none()).blockingAwait();
              nodes.settle(database);
              assertThat(seen.last(database.id()).condition()).isEqualTo(Condition.STOPPED);
            });
    assertThat(nodes.pods(database)).isEmpty();
    assertThat(nodes.claims(database)).hasSize(3);
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
    try (ApiBench bench = new ApiBench(platform(), Duration.ofSeconds(60))) {
      Instance database = bench.create("redis");
      lab.balanced(awaited(database).objectName(), "10.9.8.7");
      present(database, 0);
      nodes.waiting(database, 0, "ImagePullBackOff", "Back-off pulling image");
      assertThat(bench.status(database)).isEqualTo("provisioning");
      bench.lapse(database);

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
}
