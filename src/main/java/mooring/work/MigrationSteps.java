package mooring.work;

import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import mooring.core.Administered;
import mooring.core.Fence;
import mooring.core.Instance;
import mooring.core.InstanceStore;
import mooring.core.KnownFault;
import mooring.core.LeaseLostException;
import mooring.core.Migration;
import mooring.core.Migration.Copy;
import mooring.core.MigrationPart;
import mooring.core.MigrationProgress;
import mooring.core.Observations;
import mooring.core.Operation;
import mooring.core.Operation.Cause;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.OperationStore;
import mooring.core.Platform;
import mooring.core.PlatformRefusedException;
import mooring.core.SourceAddresses;

/**
 * What is done for the import of data from elsewhere: the source is asked what it has, databases
 * are made for that, and it is copied, one after the other. How far that has come is recorded, so
 * that whoever takes over goes on there; a copy that nobody knows the end of is made again.
 */
final class MigrationSteps {
  /** For an image to come, and for room on a node. */
  private static final Duration STARTING = Duration.ofMinutes(10);

  private static final Duration REFUSED = Duration.ofSeconds(30);

  /** For a platform that does not answer; what copies goes on meanwhile. */
  private static final Duration AWAY = Duration.ofMinutes(30);

  private static final String IN_DOUBT =
      "the database of this name here is not empty: something was made in it meanwhile, or an"
          + " earlier copy whose end is not known has come to its end";

  private final OperationStore operations;
  private final InstanceStore instances;
  private final Platform platform;
  private final Observations observations;
  private final SourceAddresses sources;
  private final ContentsSteps contents;
  private final Duration going;

  /**
   * @param going how long what was made may take to go: a node may never be heard of again
   */
  MigrationSteps(
      OperationStore operations,
      InstanceStore instances,
      Platform platform,
      Observations observations,
      SourceAddresses sources,
      ContentsSteps contents,
      Duration going) {
    this.operations = operations;
    this.instances = instances;
    this.platform = platform;
    this.observations = observations;
    this.sources = sources;
    this.contents = contents;
    this.going = going;
  }

  /** The next step of one that goes on, is being given up or stopped. */
  Maybe<Instance> advance(Job job, Fence fence) {
    if (stops(job)) {
      return clear(job, fence)
          .flatMapMaybe(gone -> gone ? end(job, Outcome.SUCCEEDED, null) : Maybe.empty());
    }
    if (job.operation().reason() != null) {
      return undo(job, fence);
    }
    Migration migration = job.instance().migration();
    if (!migration.listed()) {
      return list(job, fence);
    }
    if (!job.made()) {
      return make(job, fence);
    }
    OptionalInt next = migration.next();
    return next.isPresent() ? copy(job, next.getAsInt(), fence) : finish(job, fence);
  }

  /** Gives it up; that is recorded first, so that nobody goes on with it. */
  Maybe<Instance> fail(Job job, String why, Cause cause, Fence fence) {
    if (stops(job)) {
      return fail(job, why, cause);
    }
    if (job.operation().reason() != null) {
      return undo(job, fence);
    }
    boolean some = job.instance().migration().count(Migration.State.DONE) > 0;
    String reason = some && KnownFault.of(why).isEmpty() ? KnownFault.PARTIAL.reason(why) : why;
    Operation operation = job.operation();
    return operations
        .undoing(operation.id(), operation.attempt(), reason, cause)
        .doOnSuccess(job::applied)
        .flatMapMaybe(recorded -> undo(job, fence));
  }

  /** Whether an operation is about one. */
  static boolean concerns(Job job) {
    return job.is(OperationKind.MIGRATE) || stops(job);
  }

  private static boolean stops(Job job) {
    return job.is(OperationKind.STOP_MIGRATION);
  }

  private Maybe<Instance> list(Job job, Fence fence) {
    Migration migration = job.instance().migration();
    String address = migration.address();
    if (address == null) {
      // Once: what the name leads to later may be another server.
      return sources
          .resolve(migration.source().host())
          .flatMapMaybe(found -> record(job, one -> one.migrating(one.migration().located(found))));
    }
    return instances
        .migrationPassword(job.instance())
        .flatMap(secret -> look(job, MigrationPart.list(address, secret), fence))
        .flatMapMaybe(progress -> listed(job, address, progress, fence));
  }

  /** How far a part is; what cannot be asked for long has failed. */
  private Single<MigrationProgress> look(Job job, MigrationPart part, Fence fence) {
    return platform
        .migrate(job.instance(), part, fence)
        .onErrorResumeNext(
            error ->
                !(error instanceof LeaseLostException) && job.unsettled().over(AWAY)
                    ? Single.just(
                        MigrationProgress.of(MigrationProgress.State.FAILED, error.getMessage()))
                    : Single.error(error));
  }

  private Maybe<Instance> listed(Job job, String address, MigrationProgress progress, Fence fence) {
    return switch (progress.state()) {
      case STARTING -> starting(job, progress, fence);
      case RUNNING -> running(job);
      case FAILED, OCCUPIED -> fail(job, progress.message(), Cause.PLATFORM, fence);
      case DONE ->
          progress.found().isEmpty()
              ? fail(
                  job, "the source has no database to copy beside postgres", Cause.PLATFORM, fence)
              : record(job, one -> SourceFindings.recorded(one, address, progress.found()));
    };
  }

  private Maybe<Instance> make(Job job, Fence fence) {
    return contents
        .administer(job.instance(), fence)
        .flatMapMaybe(
            found -> {
              job.seen(found);
              if (found.done()) {
                job.unsettled().renew();
                return Maybe.empty();
              }
              return refused(job, found, fence);
            });
  }

  private Maybe<Instance> refused(Job job, Administered found, Fence fence) {
    return found.refusal() != null && job.unsettled().over(REFUSED)
        ? fail(job, found.refusal(), Cause.PLATFORM, fence)
        : Maybe.empty();
  }

  private Maybe<Instance> copy(Job job, int number, Fence fence) {
    Migration migration = job.instance().migration();
    Copy copy = migration.copies().get(number);
    return instances
        .migrationPassword(job.instance())
        .map(secret -> new MigrationPart(number, copy.database(), migration.address(), secret))
        .flatMap(part -> look(job, part, fence))
        .flatMapMaybe(
            progress ->
                switch (progress.state()) {
                  case STARTING -> starting(job, progress, fence);
                  case RUNNING -> running(job);
                  case FAILED -> failed(job, number, copy.failed(progress.message()));
                  case OCCUPIED ->
                      SourceFindings.making(job.instance(), copy.database()) && !job.remade()
                          ? remake(job, fence)
                          : failed(job, number, copy.failed(IN_DOUBT));
                  case DONE -> record(job, one -> SourceFindings.copied(one, number, copy.done()));
                });
  }

  private Maybe<Instance> failed(Job job, int number, Copy failed) {
    return record(job, one -> one.migrating(one.migration().with(number, failed)));
  }

  /** What this migration itself has made is taken away, and made again with the next steps. */
  private Maybe<Instance> remake(Job job, Fence fence) {
    return contents
        .takeBack(job.instance(), fence)
        .flatMapMaybe(
            back -> {
              if (!back) {
                return job.unsettled().over(STARTING)
                    ? fail(job, IN_DOUBT, Cause.PLATFORM, fence)
                    : Maybe.empty();
              }
              job.remake();
              return platform.endMigration(job.instance(), fence).ignoreElement().toMaybe();
            });
  }

  private Maybe<Instance> starting(Job job, MigrationProgress progress, Fence fence) {
    return job.unsettled().over(STARTING)
        ? fail(
            job,
            "what copies the data does not start: " + progress.message(),
            Cause.PLATFORM,
            fence)
        : Maybe.empty();
  }

  private static Maybe<Instance> running(Job job) {
    job.unsettled().renew();
    return Maybe.empty();
  }

  private Maybe<Instance> finish(Job job, Fence fence) {
    Migration migration = job.instance().migration();
    if (migration.count(Migration.State.FAILED) > 0) {
      String failed =
          migration.copies().stream()
              .filter(copy -> copy.state() == Migration.State.FAILED)
              .map(copy -> copy.database() + ": " + copy.error())
              .collect(Collectors.joining("; "));
      return fail(job, "not copied: " + failed, Cause.PLATFORM, fence);
    }
    return platform
        .endMigration(job.instance(), fence)
        .flatMapMaybe(gone -> gone ? end(job, Outcome.SUCCEEDED, null) : Maybe.empty());
  }

  private Maybe<Instance> undo(Job job, Fence fence) {
    return clear(job, fence)
        .onErrorResumeNext(
            error ->
                error instanceof PlatformRefusedException
                        || (!(error instanceof LeaseLostException) && over(job))
                    ? Single.just(false)
                    : Single.error(error))
        .flatMapMaybe(gone -> gone ? givenUp(job) : over(job) ? abandon(job) : Maybe.empty());
  }

  /** Why is recorded since it was given up. */
  private Maybe<Instance> givenUp(Job job) {
    return fail(job, job.operation().reason(), job.operation().cause());
  }

  private Maybe<Instance> fail(Job job, String why, Cause cause) {
    Operation operation = job.operation();
    return operations.fail(operation.id(), operation.attempt(), why, cause).toMaybe();
  }

  /** Whoever takes over begins to wait anew; that has an end, too. */
  private boolean over(Job job) {
    return job.unquiet().over(going)
        || Instant.now().isAfter(job.operation().deadline().plus(going));
  }

  /** What was made stays, since nobody knows how far that has come. */
  private Maybe<Instance> abandon(Job job) {
    Operation operation = job.operation();
    return operations
        .record(
            operation.id(), operation.attempt(), one -> one.containing(one.contents().abandoned()))
        .flatMapMaybe(recorded -> givenUp(job));
  }

  /** Whether nothing copies any more, and what was made for a copy that is not there has gone. */
  private Single<Boolean> clear(Job job, Fence fence) {
    return platform
        .endMigration(job.instance(), fence)
        .flatMap(gone -> gone ? contents.takeBack(job.instance(), fence) : Single.just(false));
  }

  private Maybe<Instance> record(Job job, UnaryOperator<Instance> change) {
    Operation operation = job.operation();
    return operations
        .record(operation.id(), operation.attempt(), change)
        .doOnSuccess(job::applied)
        .flatMapMaybe(recorded -> running(job));
  }

  /** The servers are as they were: who has not seen that yet is behind, as before. */
  private Maybe<Instance> end(Job job, Outcome outcome, String why) {
    Operation operation = job.operation();
    Long seen =
        outcome == Outcome.SUCCEEDED ? observations.of(job.instance().id()).version() : null;
    return operations.end(operation.id(), operation.attempt(), outcome, why, seen).toMaybe();
  }
}
