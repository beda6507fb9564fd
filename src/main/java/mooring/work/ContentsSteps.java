package mooring.work;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import mooring.core.Administered;
import mooring.core.Fence;
import mooring.core.Instance;
import mooring.core.InstanceStore;
import mooring.core.Platform;

/** What is done for the roles and logical databases within a database. */
final class ContentsSteps {
  private final InstanceStore instances;
  private final Platform platform;

  ContentsSteps(InstanceStore instances, Platform platform) {
    this.instances = instances;
    this.platform = platform;
  }

  /** Makes all of them as they are wanted, or says how far that is. */
  Single<Administered> administer(Instance instance, Fence fence) {
    return instances
        .rolePasswords(instance)
        .flatMap(passwords -> platform.administer(instance, passwords, fence));
  }

  /** Asks for those that new servers have from where they were copied; waits for none. */
  Completable ask(Instance instance, Fence fence) {
    return instance.contents().isEmpty()
        ? Completable.complete()
        : administer(instance, fence).ignoreElement();
  }

  /** Whether all of them are as they are wanted; otherwise to be asked again after a while. */
  Single<Boolean> made(Job job, Fence fence) {
    return job.instance().contents().isEmpty()
        ? Single.just(true)
        : administer(job.instance(), fence).doOnSuccess(job::seen).map(Administered::done);
  }

  /** Leaves all as it was before; to be called again while that is not so. */
  Single<Boolean> takeBack(Instance instance, Fence fence) {
    return instances
        .rolePasswords(instance.containing(instance.contents().settled(false)))
        .flatMap(passwords -> platform.takeBack(instance, passwords, fence));
  }
}
