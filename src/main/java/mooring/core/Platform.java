package mooring.core;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.util.Map;
import java.util.UUID;

/**
 * What makes wanted databases real. All of it can be repeated at will, and fail with {@link
 * PlatformRefusedException} when trying again cannot help; every other failure is worth a retry.
 */
public interface Platform {

  /**
   * Applies everything a database needs. Only a create makes what carries its data; with every
   * other operation it is refused when that has gone. Nothing is changed that was changed after the
   * fence gave leave.
   */
  Single<Applied> apply(Instance instance, Credentials credentials, Fence fence);

  /** Lets the read replicas of a database in, where what was applied before keeps them out. */
  default Completable admit(Instance source, Fence fence) {
    return Completable.complete();
  }

  /**
   * Takes away what keeps something applied from becoming real, if there is such a thing by now; to
   * be called again while it is not real.
   */
  default Completable unblock(Instance instance, Fence fence) {
    return Completable.complete();
  }

  /**
   * Makes the roles and logical databases of a database's {@link Contents} as they are wanted:
   * there, or, at the stage of removing, gone. Those that are not among them are left alone.
   *
   * @param passwords of the roles by their ids
   */
  default Single<Administered> administer(
      Instance instance, Map<UUID, String> passwords, Fence fence) {
    return Single.error(new PlatformRefusedException("there are no users and databases here"));
  }

  /**
   * Takes back what {@link #administer} has begun: begins to remove what was to be made, and keeps
   * what was to be removed.
   *
   * @param passwords of the roles that stay, as they were
   * @return whether nothing is left to do; otherwise to be called again after a while
   */
  default Single<Boolean> takeBack(Instance instance, Map<UUID, String> passwords, Fence fence) {
    return Single.just(true);
  }

  /**
   * Removes everything a database has, data included, as far as the platform and the fence allow by
   * now.
   *
   * @return whether nothing is left; otherwise to be called again after a while
   */
  Single<Boolean> delete(Instance instance, Fence fence);

  /**
   * Takes the servers down that a restore in place is to replace, or whose data are to be upgraded;
   * their data stay, and what they have written is archived.
   *
   * @return whether they are down, or were gone; otherwise to be called again after a while
   */
  default Single<Boolean> quiesce(Instance instance, Fence fence) {
    return Single.error(UnsupportedOperationException::new);
  }

  /**
   * Leads clients to the servers of a restore in place, then removes those before with their data.
   *
   * @return whether that is done; otherwise to be called again after a while
   */
  default Single<Boolean> handOver(Instance restored, Fence fence) {
    return Single.error(UnsupportedOperationException::new);
  }

  /**
   * Undoes a restore in place: the servers before run again, and those of the restore are removed.
   * Once clients are led to these, it is too late for that and nothing happens.
   */
  default Single<Return> giveBack(Instance restored, Fence fence) {
    return Single.error(UnsupportedOperationException::new);
  }

  /**
   * Looks, not from memory, whether the platform has given up on an upgrade.
   *
   * @return why; empty while it has not
   */
  default Maybe<String> upgradeFault(Instance upgraded) {
    return Maybe.empty();
  }

  /**
   * What an upgrade to another major version needs and this installation lacks, as far as that can
   * be known before anything is touched.
   *
   * @param instance as it is
   * @return for a human; empty where nothing is known to be missing
   */
  default Maybe<String> upgradeObstacle(Instance instance, String version) {
    return Maybe.empty();
  }

  /**
   * Has upgraded data backed up from now on, and what was before no more; and those of a read
   * replica that has become a database of its own.
   *
   * @return whether that is done; otherwise to be called again after a while
   */
  default Single<Boolean> settle(Instance upgraded, Fence fence) {
    return Single.error(UnsupportedOperationException::new);
  }

  /**
   * Undoes an upgrade: the servers run with the version before again. Once the data are of the new
   * version, it is too late for that and nothing happens; nor does anything while they are being
   * upgraded, which must not be broken off.
   */
  default Single<Return> downgrade(Instance upgraded, Fence fence) {
    return Single.error(UnsupportedOperationException::new);
  }

  /**
   * Looks, not from memory, how far a part of a database's migration is, and begins it when nobody
   * has. What was begun and has gone without an end is begun anew.
   */
  default Single<MigrationProgress> migrate(Instance instance, MigrationPart part, Fence fence) {
    return Single.error(new PlatformRefusedException("there are no migrations here"));
  }

  /**
   * Ends whatever still runs of a database's migration, and forgets what has ended.
   *
   * @return whether nothing is left; otherwise to be called again after a while
   */
  default Single<Boolean> endMigration(Instance instance, Fence fence) {
    return Single.just(true);
  }

  /** How far it is with undoing a restore in place, or an upgrade. */
  enum Return {
    /** To be called again after a while. */
    UNDER_WAY,
    DONE,
    /** The data are being upgraded, or it is not known yet that they are. */
    UPGRADING,
    /** Clients are led to the servers of the restore; the data are of the new version. */
    TOO_LATE
  }
}
