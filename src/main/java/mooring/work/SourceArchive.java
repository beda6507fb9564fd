package mooring.work;

import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import mooring.core.Credentials;
import mooring.core.Instance;
import mooring.core.InstanceStore;
import mooring.core.Observation.Condition;
import mooring.core.Observations;
import mooring.core.Operation;
import mooring.core.Recovery;
import mooring.core.SourceLog;
import mooring.core.SourceSilentException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it, before a moment is recovered, that the archive reaches beyond it. What cannot be had
 * holds a recovery up for a while only: the archive may well be enough as it is, and a database
 * that is broken is the best reason to recover it.
 */
public final class SourceArchive {
  private static final Logger log = LoggerFactory.getLogger(SourceArchive.class);

  /** A restart or a failover takes less. */
  private static final Duration UNREACHED = Duration.ofMinutes(2);

  /** CloudNativePG has the log archived every 5 minutes, and uploading takes its time. */
  private static final Duration UNARCHIVED = Duration.ofMinutes(10);

  private final SourceLog source;
  private final InstanceStore instances;
  private final Observations observations;
  private final Duration unreached;
  private final Duration unarchived;

  SourceArchive(
      SourceLog source,
      InstanceStore instances,
      Observations observations,
      Duration unreached,
      Duration unarchived) {
    this.source = source;
    this.instances = instances;
    this.observations = observations;
    this.unreached = unreached;
    this.unarchived = unarchived;
  }

  /** With the patience that a cluster needs. */
  public static SourceArchive of(
      SourceLog source, InstanceStore instances, Observations observations) {
    return new SourceArchive(source, instances, observations, UNREACHED, UNARCHIVED);
  }

  /** Whether a job's database can be made now; otherwise to be asked again after a while. */
  Single<Boolean> sufficient(Job job) {
    Recovery recovery = job.instance().setup().recovery();
    if (recovery == null || recovery.moment() == null || job.origin().settled()) {
      return Single.just(true);
    }
    return instances
        .find(recovery.source())
        .map(this::asItServes)
        // One that is closed does not get any further.
        .filter(origin -> origin.archiveName().equals(recovery.sourceName()))
        .filter(this::serving)
        .flatMapSingle(origin -> reaches(job, origin, recovery))
        // What was stopped has archived everything, and what has gone will not archive any more.
        .defaultIfEmpty(true)
        .doOnSuccess(job.origin()::settled);
  }

  /**
   * What is being restored in place is there as it was, until the new servers are made; and what is
   * being upgraded, until its data are of the new version.
   */
  private Instance asItServes(Instance origin) {
    Operation latest = origin.operation();
    if (!latest.running()) {
      return origin;
    }
    return switch (latest.kind()) {
      case RESTORE -> origin.unrestored();
      case UPGRADE -> upgraded(origin) ? origin : origin.notUpgraded();
      default -> origin;
    };
  }

  private boolean upgraded(Instance origin) {
    return origin.spec().version().equals(observations.of(origin.id()).facts().version());
  }

  private boolean serving(Instance origin) {
    Condition condition = observations.of(origin.id()).condition();
    return !origin.deleted() && condition != Condition.STOPPED && condition != Condition.DELETING;
  }

  private Single<Boolean> reaches(Job job, Instance origin, Recovery recovery) {
    return instances
        .credentials(origin)
        .flatMap(
            login ->
                reached(job.origin(), origin, login, recovery)
                    .map(reached -> reached || impatient(job, "it is not archived"))
                    .onErrorResumeNext(error -> unreached(job, error)));
  }

  /** One question at a time: a step is short of its lease. */
  private Single<Boolean> reached(
      OriginMark mark, Instance origin, Credentials login, Recovery recovery) {
    Single<Boolean> asked =
        mark.known()
            .map(known -> source.archived(origin, login, known))
            .defaultIfEmpty(
                source
                    .mark(origin, login, recovery.moment())
                    .doOnSuccess(mark::known)
                    .ignoreElement()
                    .toSingleDefault(false))
            .flatMap(question -> question);
    return asked.doOnSuccess(held -> mark.answered());
  }

  private boolean impatient(Job job, String why) {
    boolean over = job.origin().unarchived().over(unarchived);
    if (over) {
      asItIs(job, why);
    }
    return over;
  }

  private Single<Boolean> unreached(Job job, Throwable error) {
    // Without Kubernetes nothing can be made either, so an outage of it uses no patience up.
    if (!(error instanceof SourceSilentException) || !job.origin().unreached().over(unreached)) {
      return Single.error(error);
    }
    asItIs(job, error.getMessage());
    return Single.just(true);
  }

  private static void asItIs(Job job, String why) {
    log.atWarn()
        .addKeyValue("instance", job.instance().id())
        .addKeyValue("reason", why)
        .log("recovering from the archive as it is");
  }
}
