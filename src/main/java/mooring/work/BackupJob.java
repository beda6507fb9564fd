package mooring.work;

import java.time.Duration;
import mooring.core.BackupRequest;
import mooring.core.Instance;

/** A backup, or the removal of one, that this replica holds. */
final class BackupJob extends Turn {
  private BackupRequest request;
  private Instance instance;
  private boolean complete;
  private long completeNanos;

  BackupJob(BackupRequest claimed) {
    this.request = claimed;
  }

  @Override
  Object key() {
    return request.shortId();
  }

  BackupRequest request() {
    return request;
  }

  /** As it stands now. */
  void request(BackupRequest current) {
    request = current;
  }

  /** The database; null while it was not looked up. */
  Instance instance() {
    return instance;
  }

  void instance(Instance found) {
    instance = found;
  }

  /** Whether it has been seen complete for so long, by this replica; the first time is now. */
  boolean completeFor(Duration time) {
    long now = System.nanoTime();
    if (!complete) {
      complete = true;
      completeNanos = now;
    }
    return now - completeNanos >= time.toNanos();
  }
}
