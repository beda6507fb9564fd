package mooring.work;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import mooring.core.Fence;
import mooring.core.Instance;
import mooring.core.InstanceStore;
import mooring.core.Lifecycle;
import mooring.core.Observation;
import mooring.core.Observations;
import mooring.core.Operation;
import mooring.core.Operation.Cause;
import mooring.core.OperationKind;
import mooring.core.OperationStore;
import mooring.core.Platform;

/** What gives a database the servers that are wanted: they are asked for, then awaited. */
final class ServerSteps {
  private static final String VANISHED =
      "the database's cluster object has gone; it is never made anew and empty";

  private final OperationStore operations;
  private final InstanceStore instances;
  private final Platform platform;
  private final Observations observations;
  private final SourceArchive archive;
  private final RestoreSteps restores;
  private final UpgradeSteps upgrades;
  private final ReplicaSteps replicas;
  private final ContentsSteps contents;
  private final Ends ends;
  // How long servers may refuse what a copy is to have within.
  private final Duration refusing;

  ServerSteps(
      OperationStore operations,
      InstanceStore instances,
      Platform platform,
      Observations observations,
      SourceArchive archive,
      RestoreSteps restores,
      UpgradeSteps upgrades,
      ReplicaSteps replicas,
      ContentsSteps contents,
      Ends ends,
      Duration refusing) {
    this.operations = operations;
    this.instances = instances;
    this.platform = platform;
    this.observations = observations;
    this.archive = archive;
    this.restores = restores;
    this.upgrades = upgrades;
    this.replicas = replicas;
    this.contents = contents;
    this.ends = ends;
    this.refusing = refusing;
  }

  /** The next step. Servers that an earlier attempt asked for and that are gone stay so. */
  Maybe<Instance> advance(Job job, Fence fence) {
    Observation seen = observations.of(job.instance().id());
    if (!job.applied() && Lifecycle.vanished(job.instance(), seen)) {
      return ends.fail(job, VANISHED, Cause.PLATFORM);
    }
    return job.applied() ? conclude(job, fence) : begin(job, fence);
  }

  /** What an earlier attempt has applied is under way already. */
  private Maybe<Instance> begin(Job job, Fence fence) {
    boolean begun = job.operation().platformVersion() != null;
    Single<Boolean> ready =
        switch (job.operation().kind()) {
          case CREATE -> begun ? Single.just(true) : archive.sufficient(job);
          case RESTORE -> begun ? Single.just(true) : restores.ready(job, fence);
          case UPGRADE -> begun ? Single.just(true) : upgrades.ready(job, fence);
          default -> Single.just(true);
        };
    return ready.flatMapMaybe(now -> now ? apply(job, fence) : Maybe.empty());
  }

  private Maybe<Instance> apply(Job job, Fence fence) {
    Operation operation = job.operation();
    return instances
        .wantedCredentials(job.instance())
        .flatMap(
            credentials ->
                replicas
                    .admitted(job, fence)
                    .andThen(platform.apply(job.instance(), credentials, fence)))
        .flatMap(applied -> copied(job, fence).toSingleDefault(applied))
        .map(applied -> job.first(applied).version(operation.kind()))
        .flatMap(version -> operations.applied(operation.id(), operation.attempt(), version))
        .doOnSuccess(job::applied)
        .flatMapMaybe(recorded -> conclude(job, fence));
  }

  /** What new servers have within from the first, they have from where they were copied. */
  private Completable copied(Job job, Fence fence) {
    return switch (job.operation().kind()) {
      // What follows has it all from its source, and cannot be given any.
      case CREATE, RESTORE, PROMOTE ->
          job.instance().follows() ? Completable.complete() : contents.ask(job.instance(), fence);
      default -> Completable.complete();
    };
  }

  /** Ends what has been reached, and what never will be. */
  Maybe<Instance> conclude(Job job, Fence fence) {
    if (job.is(OperationKind.UPGRADE)) {
      return upgrades.conclude(job, fence);
    }
    Observation seen = observations.of(job.instance().id());
    if (Lifecycle.restored(job.instance(), seen)) {
      return restores.handOver(job, fence);
    }
    if (Lifecycle.reached(job.instance(), seen)) {
      return real(job, fence)
          .flatMapMaybe(real -> real ? ends.succeed(job, seen.version()) : unmade(job));
    }
    return Lifecycle.hopeless(job.instance(), seen)
        ? ends.fail(job, seen.message(), Cause.PLATFORM)
        : platform.unblock(job.instance(), fence).toMaybe();
  }

  /** Whether what the platform calls healthy is what was asked for, within the servers too. */
  private Single<Boolean> real(Job job, Fence fence) {
    if (ReplicaSteps.concerns(job)) {
      return replicas.done(job, fence);
    }
    return job.copiesContents() ? contents.made(job, fence) : Single.just(true);
  }

  /** What the servers go on refusing does not come by waiting. */
  private Maybe<Instance> unmade(Job job) {
    if (!job.copiesContents() || job.missing() == null) {
      job.unsettled().renew();
      return Maybe.empty();
    }
    return job.unsettled().over(refusing)
        ? ends.fail(job, job.missing(), Cause.SERVERS)
        : Maybe.empty();
  }
}
