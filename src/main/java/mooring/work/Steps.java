package mooring.work;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import java.util.Locale;
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
import mooring.core.Operation.Outcome;
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

  private static final String VANISHED =
      "the database's cluster object has gone; it is never made anew and empty";

  private final OperationStore operations;
  private final InstanceStore instances;
  private final Platform platform;
  private final Observations observations;
  private final SourceArchive archive;
  private final LeftOvers leftOvers;
  private final PasswordReturn passwords;
  private final RestoreSteps restores;
  private final UpgradeSteps upgrades;
  private final ContentsSteps contents;
  private final ReplicaSteps replicas;
  private final MigrationSteps migrations;
  private final Duration lease;
  private final LeaseKeeper keeper;
  // How long servers may refuse what a copy is to have within.
  private final Duration refusing;

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
    this.archive = archive;
    this.leftOvers = leftOvers;
    this.passwords = new PasswordReturn(instances, platform, observations);
    this.restores = new RestoreSteps(operations, platform, observations, archive);
    this.upgrades = new UpgradeSteps(operations, instances, platform, observations, patience);
    this.contents = new ContentsSteps(instances, platform);
    this.replicas = new ReplicaSteps(instances, platform, replicaServer, contents);
    this.migrations =
        new MigrationSteps(
            operations, instances, platform, observations, sources, contents, patience.returning());
    this.lease = settings.lease();
    this.keeper = new LeaseKeeper(operations, settings);
    this.refusing = patience.broken();
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
    boolean tried = !job.firstStep() || reset(job);
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
        && !reset(job)
        && observations.of(job.instance().id()).objectVersion() < applied
        && !job.unshown().over(lease);
  }

  private Maybe<Instance> refused(Job job, Throwable refusal) {
    String reason = refusal.getMessage();
    return reset(job) || administers(job)
        ? takeBack(job, reason, Cause.PLATFORM)
        : fail(job, reason, Cause.PLATFORM);
  }

  private Fence fence(Job job) {
    Operation operation = job.operation();
    return () -> operations.fence(operation.id(), operation.attempt());
  }

  private static boolean reset(Job job) {
    return job.operation().kind() == OperationKind.RESET_PASSWORD;
  }

  private static boolean restore(Job job) {
    return job.operation().kind() == OperationKind.RESTORE;
  }

  private static boolean upgrade(Job job) {
    return job.operation().kind() == OperationKind.UPGRADE;
  }

  private static boolean administers(Job job) {
    return job.operation().kind() == OperationKind.ADMINISTER;
  }

  private static boolean migrates(Job job) {
    OperationKind kind = job.operation().kind();
    return kind == OperationKind.MIGRATE || kind == OperationKind.STOP_MIGRATION;
  }

  private Maybe<Instance> advance(Job job) {
    if (job.operation().kind() == OperationKind.DELETE) {
      return remove(job);
    }
    if (migrates(job)) {
      return migrations.advance(job, fence(job));
    }
    if (administers(job)) {
      return refused(job) ? takeBack(job, job.refusal(), Cause.SERVERS) : administer(job);
    }
    if (job.undoing() != null) {
      return restores.undo(job, job.undoing(), job.cause(), fence(job));
    }
    if (upgrade(job) && job.operation().reason() != null) {
      return upgrades.undo(job, job.operation().reason(), job.operation().cause(), fence(job));
    }
    if (!job.applied() && vanished(job)) {
      return fail(job, VANISHED, Cause.PLATFORM);
    }
    return job.applied() ? conclude(job) : begin(job);
  }

  /** Whether an earlier attempt applied it and the object has gone since: never made anew. */
  private boolean vanished(Job job) {
    Long version = job.operation().platformVersion();
    Observation seen = observations.of(job.instance().id());
    return version != null
        && Lifecycle.condition(job.instance(), seen) == Observation.Condition.ABSENT
        && seen.version() >= version;
  }

  /** What an earlier attempt has applied is under way already. */
  private Maybe<Instance> begin(Job job) {
    boolean begun = job.operation().platformVersion() != null;
    Single<Boolean> ready =
        switch (job.operation().kind()) {
          case CREATE -> begun ? Single.just(true) : archive.sufficient(job);
          case RESTORE -> begun ? Single.just(true) : restores.ready(job, fence(job));
          case UPGRADE -> begun ? Single.just(true) : upgrades.ready(job, fence(job));
          default -> Single.just(true);
        };
    return ready.flatMapMaybe(now -> now ? apply(job) : Maybe.empty());
  }

  private Maybe<Instance> apply(Job job) {
    Operation operation = job.operation();
    return instances
        .wantedCredentials(job.instance())
        .flatMap(
            credentials ->
                replicas
                    .admitted(job, fence(job))
                    .andThen(platform.apply(job.instance(), credentials, fence(job))))
        .flatMap(applied -> copied(job).toSingleDefault(applied))
        .map(applied -> job.first(applied).version(operation.kind()))
        .flatMap(version -> operations.applied(operation.id(), operation.attempt(), version))
        .doOnSuccess(job::applied)
        .flatMapMaybe(recorded -> conclude(job));
  }

  /** What new servers have within from the first, they have from where they were copied. */
  private Completable copied(Job job) {
    return switch (job.operation().kind()) {
      // What follows has it all from its source, and cannot be given any.
      case CREATE, RESTORE, PROMOTE ->
          job.instance().follows()
              ? Completable.complete()
              : contents.ask(job.instance(), fence(job));
      default -> Completable.complete();
    };
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
                return succeed(job, seen).toMaybe();
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

  private Maybe<Instance> conclude(Job job) {
    if (upgrade(job)) {
      return upgrades.conclude(job, fence(job));
    }
    Observation seen = observations.of(job.instance().id());
    if (Lifecycle.restored(job.instance(), seen)) {
      return restores.handOver(job, fence(job));
    }
    if (Lifecycle.reached(job.instance(), seen)) {
      return real(job)
          .flatMapMaybe(real -> real ? succeed(job, seen.version()).toMaybe() : unmade(job));
    }
    return Lifecycle.hopeless(job.instance(), seen)
        ? fail(job, seen.message(), Cause.PLATFORM)
        : platform.unblock(job.instance(), fence(job)).toMaybe();
  }

  /** Whether what the platform calls healthy is what was asked for, within the servers too. */
  private Single<Boolean> real(Job job) {
    if (ReplicaSteps.concerns(job)) {
      return replicas.done(job, fence(job));
    }
    return copies(job) ? contents.made(job, fence(job)) : Single.just(true);
  }

  /** Whether what is new is to have what its source has within. */
  private static boolean copies(Job job) {
    return job.operation().kind() == OperationKind.CREATE && !job.instance().contents().isEmpty();
  }

  /** What the servers go on refusing does not come by waiting. */
  private Maybe<Instance> unmade(Job job) {
    if (!copies(job) || job.missing() == null) {
      job.unsettled().renew();
      return Maybe.empty();
    }
    return job.unsettled().over(refusing) ? fail(job, job.missing(), Cause.SERVERS) : Maybe.empty();
  }

  private Maybe<Instance> remove(Job job) {
    return platform
        .delete(job.instance(), fence(job))
        .flatMapMaybe(gone -> gone ? succeed(job, null).toMaybe() : Maybe.empty());
  }

  private Maybe<Instance> expire(Job job) {
    Observation seen = observations.of(job.instance().id());
    if (job.operation().kind() == OperationKind.DELETE) {
      return removeAtLast(job, seen);
    }
    if (reset(job) || administers(job)) {
      return takeBack(job, expiry(job, seen), Cause.DEADLINE);
    }
    boolean within = ReplicaSteps.concerns(job) || copies(job);
    if (Lifecycle.reached(job.instance(), seen) && within) {
      return conclude(job)
          .onErrorResumeNext(error -> givenUp(job, error).toMaybe())
          .switchIfEmpty(Maybe.defer(() -> fail(job, expiry(job, seen), Cause.DEADLINE)));
    }
    // A restore whose servers have taken over ends well also by the way back, which does not wait.
    return Lifecycle.reached(job.instance(), seen) && !restore(job)
        ? conclude(job)
        : fail(job, expiry(job, seen), Cause.DEADLINE);
  }

  /** Not all that there is to remove is watched: who removes it knows whether it has gone. */
  private Maybe<Instance> removeAtLast(Job job, Observation seen) {
    return platform
        .delete(job.instance(), fence(job))
        .onErrorResumeNext(error -> givenUp(job, error).toSingleDefault(false))
        .flatMapMaybe(
            gone ->
                gone ? succeed(job, null).toMaybe() : fail(job, expiry(job, seen), Cause.DEADLINE));
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
        administers(job)
            ? contents.takeBack(job.instance(), fence(job))
            : passwords.takeBack(job, fence(job));
    return takenBack
        .onErrorResumeNext(
            error ->
                error instanceof PlatformRefusedException ? Single.just(true) : Single.error(error))
        .flatMapMaybe(back -> back ? fail(job, reason, cause) : Maybe.empty());
  }

  private Maybe<Instance> fail(Job job, String reason, Cause cause) {
    if (migrates(job)) {
      return migrations.fail(job, reason, cause, fence(job));
    }
    if (upgrade(job) && !vanished(job)) {
      return upgrades.undo(job, reason, cause, fence(job));
    }
    return restore(job)
        ? restores.undo(job, reason, cause, fence(job))
        : operations.fail(job.operation().id(), job.operation().attempt(), reason, cause).toMaybe();
  }

  private Single<Instance> succeed(Job job, Long version) {
    Operation operation = job.operation();
    return operations.end(operation.id(), operation.attempt(), Outcome.SUCCEEDED, null, version);
  }

  private static String expiry(Job job, Observation seen) {
    Operation operation = job.operation();
    Duration allowed = Duration.between(operation.startedAt(), operation.deadline());
    String what =
        administers(job)
            ? "change of users or databases"
            : operation.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    String refused = copies(job) ? job.missing() : job.refusal();
    String fault = refused == null ? job.lastFault() : refused;
    String why = fault == null ? observed(seen) : fault;
    return "the " + what + " was not done within " + allowed.toSeconds() + " s: " + why;
  }

  private static String observed(Observation seen) {
    if (seen.condition() == Observation.Condition.ABSENT) {
      return "the platform shows no object of the database";
    }
    String instances = seen.facts().readyInstances() + " of " + seen.facts().instances();
    String message = seen.message() == null ? "" : " (" + seen.message() + ")";
    return instances + " instances ready" + message;
  }
}
