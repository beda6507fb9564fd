package mooring.work;

import mooring.core.InstanceStore;
import mooring.core.Lifecycle;
import mooring.core.Observation;
import mooring.core.Operation;
import mooring.core.OperationKind;
import mooring.core.OperationStore;
import mooring.core.Platform;
import mooring.core.ReplicaServer;
import mooring.core.SourceAddresses;
import mooring.status.Snapshot;
import mooring.status.StatusFeed;

/** Does this replica's share of the running operations, woken by the feed. */
public final class Worker implements AutoCloseable {
  private final StatusFeed feed;
  private final JobRunner<?, ?> jobs;

  public Worker(
      OperationStore operations,
      InstanceStore instances,
      Platform platform,
      StatusFeed feed,
      SourceArchive archive,
      ReplicaServer replicaServer,
      LeftOvers leftOvers,
      SourceAddresses sources,
      WorkerSettings settings) {
    this(
        operations,
        instances,
        platform,
        feed,
        archive,
        replicaServer,
        leftOvers,
        sources,
        settings,
        UpgradePatience.STANDARD);
  }

  Worker(
      OperationStore operations,
      InstanceStore instances,
      Platform platform,
      StatusFeed feed,
      SourceArchive archive,
      ReplicaServer replicaServer,
      LeftOvers leftOvers,
      SourceAddresses sources,
      WorkerSettings settings,
      UpgradePatience patience) {
    Steps steps =
        new Steps(
            operations,
            instances,
            platform,
            feed,
            archive,
            replicaServer,
            leftOvers,
            sources,
            patience,
            settings);
    this.feed = feed;
    this.jobs =
        new JobRunner<>("worker", new OperationWork(operations, steps, feed, settings), settings);
  }

  /** Starts to claim operations and to listen to the feed. */
  public void start() {
    feed.onChange(this::changed);
    jobs.start();
  }

  /** How many operations this replica holds. */
  public int held() {
    return jobs.held();
  }

  /** How many of them wait for a step. */
  public int queued() {
    return jobs.queued();
  }

  /** Stops taking steps; what is held is taken over once its lease has run out. */
  @Override
  public void close() {
    jobs.close();
  }

  /** On the feed's thread, for every new snapshot: decide quickly whether it concerns us. */
  private void changed(Snapshot snapshot) {
    Operation operation = snapshot.instance().operation();
    if (operation.running()) {
      jobs.changed(operation.id(), () -> stepDue(snapshot));
    }
  }

  private static boolean stepDue(Snapshot snapshot) {
    return Lifecycle.reached(snapshot.instance(), snapshot.observation())
        || snapshot.instance().operation().kind() == OperationKind.RESTORE
        || snapshot.instance().operation().kind() == OperationKind.UPGRADE
        || snapshot.observation().condition() == Observation.Condition.ABSENT;
  }
}
