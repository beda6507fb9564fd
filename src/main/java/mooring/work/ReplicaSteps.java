package mooring.work;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import mooring.core.Fence;
import mooring.core.Instance;
import mooring.core.InstanceStore;
import mooring.core.OperationKind;
import mooring.core.Platform;
import mooring.core.ReplicaServer;
import mooring.core.ReplicaServer.Standing;
import mooring.core.SourceSilentException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What only a read replica needs: the platform calls it healthy as soon as it answers, but it is
 * done when it follows, or, once it is promoted, when it takes writes. That it says itself.
 */
final class ReplicaSteps {
  private static final Logger log = LoggerFactory.getLogger(ReplicaSteps.class);

  /** A restart takes less; who cannot be asked for longer is not to be reached from here. */
  private static final Duration UNASKED = Duration.ofMinutes(2);

  /** A server may take writes for a moment before it is restarted: what it says twice holds. */
  private static final int LOOKS = 2;

  private final InstanceStore instances;
  private final Platform platform;
  private final ReplicaServer server;
  private final ContentsSteps contents;

  ReplicaSteps(
      InstanceStore instances, Platform platform, ReplicaServer server, ContentsSteps contents) {
    this.instances = instances;
    this.platform = platform;
    this.server = server;
    this.contents = contents;
  }

  /** Whether an operation is one of these. */
  static boolean concerns(Job job) {
    return promotes(job) || copies(job);
  }

  private static boolean promotes(Job job) {
    return job.is(OperationKind.PROMOTE);
  }

  private static boolean copies(Job job) {
    return job.is(OperationKind.CREATE) && job.instance().follows();
  }

  /** Has a new one let in at its source. */
  Completable admitted(Job job, Fence fence) {
    return copies(job)
        ? instances
            .find(job.instance().replicaOf().orElseThrow().source())
            .flatMapCompletable(source -> platform.admit(source, fence))
        : Completable.complete();
  }

  /** Whether what is asked for is real; otherwise to be asked again after a while. */
  Single<Boolean> done(Job job, Fence fence) {
    Instance one = job.instance();
    Standing wanted = promotes(job) ? Standing.PRIMARY : Standing.FOLLOWING;
    return instances
        .credentials(one)
        .flatMap(login -> server.standing(one, login))
        .map(standing -> job.said(standing == wanted) >= (promotes(job) ? LOOKS : 1))
        .onErrorResumeNext(error -> unasked(job, error))
        .flatMap(real -> real && promotes(job) ? settled(job, fence) : Single.just(real));
  }

  /** What it has within is its own from now on, and so are its backups. */
  private Single<Boolean> settled(Job job, Fence fence) {
    Instance one = job.instance();
    return contents
        .made(job, fence)
        .flatMap(done -> done ? platform.settle(one, fence) : Single.just(false));
  }

  /** An allow list may keep the control plane out: then the platform's word is all there is. */
  private static Single<Boolean> unasked(Job job, Throwable error) {
    boolean unreached = error instanceof SourceSilentException silent && !silent.answered();
    if (!unreached || !job.unasked().over(UNASKED)) {
      return Single.error(error);
    }
    log.atWarn()
        .addKeyValue("instance", job.instance().id())
        .addKeyValue("reason", error.getMessage())
        .log("believing the platform, since the server cannot be asked");
    return Single.just(true);
  }
}
