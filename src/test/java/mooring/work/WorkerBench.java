package mooring.work;

import static org.awaitility.Awaitility.await;

import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import java.util.List;
import mooring.core.Instance;
import mooring.core.Observation;
import mooring.core.Observation.Condition;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.ReplicaServer;
import mooring.core.Samples;
import mooring.core.Setup;
import mooring.core.SourceAddresses;
import mooring.core.SourceLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Workers on a real store; the platform does what a test tells it to. */
abstract class WorkerBench extends RecordsBench {
  private static final Duration SHORT = Duration.ofSeconds(1);

  final ScriptedPlatform platform = new ScriptedPlatform();

  /** What every server says of itself. */
  volatile ReplicaServer.Standing standing = ReplicaServer.Standing.PRIMARY;

  final LeftOvers leftOvers = new LeftOvers(platform);
  final Worker worker = worker("one");

  @BeforeEach
  void open() {
    feed.synced(1);
    await().until(feed::ready);
  }

  @AfterEach
  void close() {
    worker.close();
  }

  Worker worker(String owner) {
    return new Worker(
        store.operations(),
        store.instances(),
        platform,
        feed,
        archive(),
        (replica, login) -> Single.just(standing),
        leftOvers,
        new SourceAddresses(List.of()),
        settings(owner));
  }

  /** One that puts up with nothing for long. */
  Worker hasty(String owner) {
    return new Worker(
        store.operations(),
        store.instances(),
        platform,
        feed,
        archive(),
        (replica, login) -> Single.just(standing),
        leftOvers,
        new SourceAddresses(List.of()),
        settings(owner),
        new UpgradePatience(SHORT, SHORT, SHORT, SHORT));
  }

  /** Of no database is more needed than there is, unless a test says so. */
  SourceArchive archive() {
    return SourceArchive.of(SourceLog.COMPLETE, store.instances(), feed);
  }

  Instance create(Duration deadline) {
    return create(Setup.NONE, deadline);
  }

  void delete(Instance instance, Duration deadline) {
    Instance unused = change(instance, OperationKind.DELETE, deadline, null);
  }

  /** A database that is up; the worker has been started. */
  Instance running() {
    worker.start();
    Instance created = create(Duration.ofMinutes(1));
    await().until(() -> snapshot(created).operation().platformVersion() != null);
    feed.observed(healthy(created, platform.version()));
    awaitOutcome(created, Outcome.SUCCEEDED);
    return snapshot(created);
  }

  static Observation healthy(Instance instance, long version) {
    return Samples.seen(instance.id(), version, Condition.HEALTHY, Samples.GOOD);
  }
}
