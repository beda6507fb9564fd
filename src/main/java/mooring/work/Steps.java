package mooring.work;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import mooring.core.Contents;
import mooring.core.Fence;
import mooring.core.Instance;
import mooring.core.InstanceStore;
import mooring.core.LeaseLostException;
import mooring.core.Lifecycle;
import mooring.core.Observation;
import mooring.core.Observations;
import mooring.core.Operation;
import mooring.core.Operation.Cause;
import mooring.core.OperationKind;
import mooring.core.OperationStore;
import mooring.core.Platform;
import mooring.core.PlatformRefusedException;
import mooring.core.ReplicaServer;
import mooring.core.SourceAddresses;

/**
 * What is done for an operation, one step at a time. Before and during each step the lease is
 * renewed; a worker that has lost it stops at the next write. Each step can be repeated without
 * harm.
 */
final class Steps {
  /** How long an operation past its deadline waits for the first whole view of the platform. */
  private static final Duration FIRST_LOOK = Duration.ofMinutes(5);

  private final OperationStore operations;
  private final InstanceStore instances;
  private final Platform platform;
  private final Observations observations;
  private final LeftOvers leftOvers;
  private final PasswordReturn passwords;
  private final RestoreSteps restores;
  private final UpgradeSteps upgrades;
  private final ContentsSteps contents;
  private final MigrationSteps migrations;
  private final Ends ends;
  private final ServerSteps servers;
  private final Duration lease;
  private final LeaseKeeper keeper;

  Steps(
      OperationStore operations,
      InstanceStore instances,
      Platform platform,
      Observations observations,
      SourceArchive archive,
      ReplicaServer replicaServer,
      LeftOvers leftOvers,
      SourceAddresses sources,
      UpgradePatience patience,
      WorkerSettings settings) {
    this.operations = operations;
    this.instances = instances;
    this.platform = platform;
    this.observations = observations;
    this.leftOvers = leftOvers;
    this.passwords = new PasswordReturn(instances, platform, observations);
    this.restores = new RestoreSteps(operations, platform, observations, archive);
    this.upgrades = new UpgradeSteps(operations, instances, platform, observations, patience);
    this.contents = new ContentsSteps(instances, platform);
    this.migrations =
        new MigrationSteps(
            operations, instances, platform, observations, sources, contents, patience.returning());
    this.ends = new Ends(operations, observations, restores, upgrades, migrations);
    this.servers =
        new ServerSteps(
            operations,
            instances,
            platform,
            observations,
            archive,
            restores,
            upgrades,
            new ReplicaSteps(instances, platform, replicaServer, contents),
            contents,
            ends,
            patience.broken());
    this.lease = settings.lease();
    this.keeper = new LeaseKeeper(operations, settings);
  }

  /**
   * Takes the next step. Whoever holds an operation takes one before its deadline ends it: what was
   * accepted is tried, however long nobody was there to do so. A reset alone is not tried late:
   * whoever waited for the new password was told that the old one goes on working.
   *
   * @return the instance as it is after the end of the operation, or nothing yet
   */
  Maybe<Instance> next(Job job) {
    Operation operation = job.operation();
    return operations
        .renew(operation.id(), operation.attempt(), lease)
        .flatMapMaybe(overdue -> keeper.during(operation, attempted(job, overdue)));
  }

  /** What may have been written after the lease was lost is seen to, whatever was to be done. */
  private Maybe<Instance> attempted(Job job, boolean overdue) {
    return Maybe.defer(() -> step(job, overdue))
        .onErrorResumeNext(
            error ->
                error instanceof PlatformRefusedException
                    ? refused(job, error)
                    : Maybe.error(error))
        .onErrorResumeNext(
            error -> error instanceof LeaseLostException ? undo(job, error) : Maybe.error(error));
  }

  private Maybe<Instance> step(Job job, boolean overdue) {
    boolean tried = !job.firstStep() || job.is(OperationKind.RESET_PASSWORD);
    return overdue && tried && !unseen(job) ? expire(job) : advance(job);
  }

  /** At a start, what was applied may be real already and only have yet to be seen. */
  private boolean unseen(Job job) {
    if (!job.applied()) {
      return false;
    }
    return observations.whole() ? behind(job) : !job.unlooked().over(FIRST_LOOK);
  }

  /** Whether what was applied last is not shown; soon it is, but by a platform that counts anew. */
  private boolean behind(Job job) {
    Long applied = job.operation().platformVersion();
    return applied != null
        && !job.is(OperationKind.RESET_PASSWORD)
        && observations.of(job.instance().id()).objectVersion() < applied
        && !job.unshown().over(lease);
  }

  private Maybe<Instance> refused(Job job, Throwable refusal) {
    String reason = refusal.getMessage();
    return job.is(OperationKind.RESET_PASSWORD) || job.is(OperationKind.ADMINISTER)
        ? takeBack(job, reason, Cause.PLATFORM)
        : ends.fail(job, reason, Cause.PLATFORM);
  }

  private Fence fence(Job job) {
    return job.fence(operations);
  }

  private Maybe<Instance> advance(Job job) {
    if (job.is(OperationKind.DELETE)) {
      return remove(job);
    }
    if (MigrationSteps.concerns(job)) {
      return migrations.advance(job, fence(job));
    }
    if (job.is(OperationKind.ADMINISTER)) {
      return refused(job) ? takeBack(job, job.refusal(), Cause.SERVERS) : administer(job);
    }
    if (job.undoing() != null) {
      return restores.undo(job, job.undoing(), job.cause(), fence(job));
    }
    if (job.is(OperationKind.UPGRADE) && job.operation().reason() != null) {
      return upgrades.undo(job, job.operation().reason(), job.operation().cause(), fence(job));
    }
    return servers.advance(job, fence(job));
  }

  /**
   * What the servers refuse to make may be possible later; what they refuse to remove is not, nor
   * is a locale that their system does not have.
   */
  private Maybe<Instance> administer(Job job) {
    return contents
        .administer(job.instance(), fence(job))
        .flatMapMaybe(
            found -> {
              if (found.done()) {
                // The servers are as they were: who has not seen that yet is behind, as before.
                long seen = observations.of(job.instance().id()).version();
                return ends.succeed(job, seen);
              }
              job.seen(found);
              return refused(job) ? takeBack(job, job.refusal(), Cause.SERVERS) : Maybe.empty();
            });
  }

  private static boolean refused(Job job) {
    String refusal = job.refusal();
    Contents contents = job.instance().contents();
    return refusal != null
        && (contents.removing() || (contents.choosingLocale() && refusal.contains("locale")));
  }

  /** What may have been made too late is removed again when the database is deleted. */
  private Maybe<Instance> undo(Job job, Throwable lost) {
    return instances
        .find(job.instance().id())
        .filter(Instance::deleted)
        .doOnSuccess(leftOvers::add)
        .ignoreElement()
        .andThen(Maybe.error(lost));
  }

  private Maybe<Instance> remove(Job job) {
    return platform
        .delete(job.instance(), fence(job))
        .flatMapMaybe(gone -> gone ? ends.succeed(job, null) : Maybe.empty());
  }

  private Maybe<Instance> expire(Job job) {
    Observation seen = observations.of(job.instance().id());
    if (job.is(OperationKind.DELETE)) {
      return removeAtLast(job, seen);
    }
    if (job.is(OperationKind.RESET_PASSWORD) || job.is(OperationKind.ADMINISTER)) {
      return takeBack(job, Expiry.reason(job, seen), Cause.DEADLINE);
    }
    boolean within = ReplicaSteps.concerns(job) || job.copiesContents();
    if (Lifecycle.reached(job.instance(), seen) && within) {
      return servers
          .conclude(job, fence(job))
          .onErrorResumeNext(error -> givenUp(job, error).toMaybe())
          .switchIfEmpty(
              Maybe.defer(() -> ends.fail(job, Expiry.reason(job, seen), Cause.DEADLINE)));
    }
    // A restore whose servers have taken over ends well also by the way back, which does not wait.
    return Lifecycle.reached(job.instance(), seen) && !job.is(OperationKind.RESTORE)
        ? servers.conclude(job, fence(job))
        : ends.fail(job, Expiry.reason(job, seen), Cause.DEADLINE);
  }

  /** Not all that there is to remove is watched: who removes it knows whether it has gone. */
  private Maybe<Instance> removeAtLast(Job job, Observation seen) {
    return platform
        .delete(job.instance(), fence(job))
        .onErrorResumeNext(error -> givenUp(job, error).toSingleDefault(false))
        .flatMapMaybe(
            gone ->
                gone
                    ? ends.succeed(job, null)
                    : ends.fail(job, Expiry.reason(job, seen), Cause.DEADLINE));
  }

  /** Past the deadline nothing is tried again; a lost lease and a refusal are seen to elsewhere. */
  private static Completable givenUp(Job job, Throwable error) {
    if (error instanceof LeaseLostException || error instanceof PlatformRefusedException) {
      return Completable.error(error);
    }
    job.fault(error.getMessage());
    return Completable.complete();
  }

  /** These fail only when what is new is out of the way, or can never be. */
  private Maybe<Instance> takeBack(Job job, String reason, Cause cause) {
    Single<Boolean> takenBack =
        job.is(OperationKind.ADMINISTER)
            ? contents.takeBack(job.instance(), fence(job))
            : passwords.takeBack(job, fence(job));
    return takenBack
        .onErrorResumeNext(
            error ->
                error instanceof PlatformRefusedException ? Single.just(true) : Single.error(error))
        .flatMapMaybe(back -> back ? ends.fail(job, reason, cause) : Maybe.empty());
  }
}
