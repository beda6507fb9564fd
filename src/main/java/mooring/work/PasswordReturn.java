package mooring.work;

import io.reactivex.rxjava3.core.Single;
import mooring.core.Applied;
import mooring.core.Fence;
import mooring.core.InstanceStore;
import mooring.core.Observations;
import mooring.core.Platform;

/** Takes back the new password of a reset that did not succeed: the old one goes on working. */
final class PasswordReturn {
  private final InstanceStore instances;
  private final Platform platform;
  private final Observations observations;

  PasswordReturn(InstanceStore instances, Platform platform, Observations observations) {
    this.instances = instances;
    this.platform = platform;
    this.observations = observations;
  }

  /**
   * Gives the platform the old password again.
   *
   * @return whether the server has it or will get it; otherwise to be called again after a while
   */
  Single<Boolean> takeBack(Job job, Fence fence) {
    return instances
        .credentials(job.instance())
        .flatMap(old -> platform.apply(job.instance(), old, fence))
        .map(applied -> back(job, applied));
  }

  /** A server that was seen with the new password has to be seen with the old one. */
  private boolean back(Job job, Applied applied) {
    Long proposed = job.operation().platformVersion();
    long has = observations.of(job.instance().id()).facts().passwordVersion();
    return proposed == null || has < proposed || has >= applied.password();
  }
}
