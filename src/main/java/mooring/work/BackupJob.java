package mooring.work;

import mooring.core.BackupRequest;
import mooring.core.Instance;

/** A backup, or the removal of one, that this replica holds. */
final class BackupJob extends Turn {
  private final Patience unshown = new Patience();
  private final Patience unanswered = new Patience();
  private BackupRequest request;
  private Instance instance;

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

  /** With archives that were asked and do not show it. */
  Patience unshown() {
    return unshown;
  }

  /** With archives that cannot be asked after its deadline. */
  Patience unanswered() {
    return unanswered;
  }
}
