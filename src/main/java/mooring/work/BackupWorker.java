package mooring.work;

import mooring.core.BackupObservations;
import mooring.core.BackupPlatform;
import mooring.core.BackupStore;
import mooring.core.InstanceStore;

/**
 * Does this replica's share of the backups that were asked for and of those to be removed, woken by
 * whoever asks and by what the platform shows.
 */
public final class BackupWorker implements AutoCloseable {
  private final JobRunner<?, ?> jobs;

  public BackupWorker(
      BackupStore store,
      InstanceStore instances,
      BackupPlatform platform,
      BackupObservations observations,
      WorkerSettings settings) {
    BackupSteps steps = new BackupSteps(store, instances, platform, observations, settings.lease());
    this.jobs = new JobRunner<>("backup-worker", new BackupWork(store, steps, settings), settings);
  }

  /** Starts to claim. */
  public void start() {
    jobs.start();
  }

  /** Something was asked for here; it may be the removal of what is held. */
  public void asked() {
    jobs.changed();
    jobs.offered();
  }

  /** The platform shows something else of a request than before. */
  public void observed(String shortId) {
    jobs.changed(shortId);
  }

  /** How many backups and removals this replica holds. */
  public int held() {
    return jobs.held();
  }

  /** Stops taking steps; what is held is taken over once its lease has run out. */
  @Override
  public void close() {
    jobs.close();
  }
}
