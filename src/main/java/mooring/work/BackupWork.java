package mooring.work;

import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.util.List;
import mooring.core.BackupRequest;
import mooring.core.BackupStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The backups that were asked for, in turn for each database, and the removals of backups. */
final class BackupWork implements Work<BackupJob, BackupRequest> {
  private static final Logger log = LoggerFactory.getLogger(BackupWorker.class);

  private final BackupStore store;
  private final BackupSteps steps;
  private final WorkerSettings settings;

  BackupWork(BackupStore store, BackupSteps steps, WorkerSettings settings) {
    this.store = store;
    this.steps = steps;
    this.settings = settings;
  }

  @Override
  public Single<List<BackupJob>> claim(int limit) {
    return store
        .claim(settings.owner(), settings.lease(), limit)
        .map(requests -> requests.stream().map(BackupJob::new).toList());
  }

  @Override
  public Maybe<BackupRequest> step(BackupJob job) {
    return steps.next(job);
  }

  @Override
  public void claimed(BackupJob job) {
    BackupRequest request = job.request();
    log.atInfo()
        .addKeyValue("instance", request.instance())
        .addKeyValue("backup", request.shortId())
        .addKeyValue("removal", request.removed())
        .addKeyValue("attempt", request.attempt())
        .log("backup claimed");
  }

  @Override
  public void waiting(BackupJob job) {
    // Nobody is told: clients read how a backup stands from what the platform shows.
  }

  @Override
  public void heldUp(BackupJob job, Throwable fault) {
    log.atWarn()
        .addKeyValue("instance", job.request().instance())
        .addKeyValue("backup", job.request().shortId())
        .addKeyValue("fault", fault.getMessage())
        .log("a backup is held up");
  }

  @Override
  public boolean done(BackupJob job, BackupRequest request) {
    log.atInfo()
        .addKeyValue("instance", request.instance())
        .addKeyValue("backup", request.shortId())
        .addKeyValue("removed", request.removed())
        .addKeyValue("outcome", request.outcome())
        .addKeyValue("reason", request.reason())
        .log("backup done");
    // The next in turn may be free with that.
    return true;
  }
}
