package mooring.core;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;

/**
 * What makes backups that were asked for real. Everything can be repeated at will, and fails with
 * {@link PlatformRefusedException} when trying again cannot help; every other failure is worth a
 * retry.
 */
public interface BackupPlatform {

  /** Makes a request known; nothing happens when it is known. */
  Completable make(Instance instance, BackupRequest request);

  /** Looks at what was made for a request, not from memory; empty when it is not there. */
  Maybe<SeenBackup> look(Instance instance, BackupRequest request);

  /**
   * Looks, not from memory, in which archive a complete backup is: the platform need not have put
   * it where it was asked to.
   *
   * @return how many days that archive keeps it, 0 until it is removed; empty while none shows it
   */
  Maybe<Integer> archiveDays(Instance instance, SeenBackup backup);

  /**
   * Removes what is known of the daily backups of a deleted database.
   *
   * @return whether nothing is left; otherwise to be called again after a while
   */
  Single<Boolean> forget(Instance deleted);

  /**
   * Removes what was made for a request.
   *
   * @return whether nothing is left; otherwise to be called again after a while
   */
  Single<Boolean> remove(Instance instance, BackupRequest request);
}
