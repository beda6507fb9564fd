package mooring.work;

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

  private final InstanceStore instances;
  private final Platform platform;
  private final ReplicaServer server;

  ReplicaSteps(InstanceStore instances, Platform platform, ReplicaServer server) {
    this.instances = instances;
    this.platform = platform;
    this.server = server;
  }

  /** Whether an operation is one of these. */
  static boolean concerns(Job job) {
    OperationKind kind = job.operation().kind();
    return kind == OperationKind.PROMOTE
        || (kind == OperationKind.CREATE && job.instance().follows());
  }

  /** Whether what is asked for is real; otherwise to be asked again after a while. */
  Single<Boolean> done(Job job, Fence fence) {
    Instance one = job.instance();
    boolean promotes = job.operation().kind() == OperationKind.PROMOTE;
    return instances
        .credentials(one)
        .flatMap(login -> server.standing(one, login))
        .map(standing -> standing == (promotes ? Standing.PRIMARY : Standing.FOLLOWING))
        .onErrorResumeNext(error -> unasked(job, error))
        .flatMap(real -> real && promotes ? platform.settle(one, fence) : Single.just(real));
  }

  /** An allow list may keep the control plane out: then the platform's word is all there is. */
  private static Single<Boolean> unasked(Job job, Throwable error) {
    if (!(error instanceof SourceSilentException) || !job.unasked().over(UNASKED)) {
      return Single.error(error);
    }
    log.atWarn()
        .addKeyValue("instance", job.instance().id())
        .addKeyValue("reason", error.getMessage())
        .log("believing the platform, since the server cannot be asked");
    return Single.just(true);
  }
}
