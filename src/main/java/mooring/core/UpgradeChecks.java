package mooring.core;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/** Looks for what is in the way of an upgrade, before anything is touched. */
public final class UpgradeChecks {
  private static final int LIMIT_SECONDS = 15;

  private final Instances instances;
  private final Observations observations;
  private final Upgrades upgrades;
  private final ServerInventory servers;
  private final TaskStore tasks;
  private final BiFunction<Instance, String, Maybe<String>> obstacle;
  private final Predicate<UUID> followed;
  private final Clock clock;

  /**
   * Checks that ask servers, and keep what they find.
   *
   * @param obstacle what the platform lacks for it, see {@link Platform#upgradeObstacle}
   * @param followed whether a database has read replicas, from memory
   */
  public UpgradeChecks(
      Instances instances,
      Observations observations,
      Upgrades upgrades,
      ServerInventory servers,
      TaskStore tasks,
      BiFunction<Instance, String, Maybe<String>> obstacle,
      Predicate<UUID> followed,
      Clock clock) {
    this.instances = instances;
    this.observations = observations;
    this.upgrades = upgrades;
    this.servers = servers;
    this.tasks = tasks;
    this.obstacle = obstacle;
    this.followed = followed;
    this.clock = clock;
  }

  /** Checks an upgrade of a database to a major version; the result is kept. */
  public Single<Task> run(Instance instance, String target) {
    return Single.defer(
        () -> {
          UpgradeReport report = new UpgradeReport(target);
          version(instance, target, report);
          Status status = Lifecycle.status(instance, observations.of(instance.id()));
          state(instance, status, report);
          return lacking(instance, target, report)
              .andThen(Completable.defer(() -> within(instance, status, report)))
              .andThen(Single.defer(() -> kept(instance, report)));
        });
  }

  private Single<Task> kept(Instance instance, UpgradeReport report) {
    report.unchecked("what pg_upgrade looks at by itself when it begins");
    Task task = report.task(instance.id(), clock.instant().truncatedTo(ChronoUnit.MICROS));
    return tasks.keep(task).andThen(Single.just(task));
  }

  private void version(Instance instance, String target, UpgradeReport report) {
    String now = instance.spec().version();
    List<String> possible = upgrades.of(instance.spec());
    if (Integer.parseInt(target) <= Integer.parseInt(now)) {
      report.found("version_not_higher", "the version is " + now + " already");
    } else if (!possible.contains(target)) {
      report.found(
          "version_not_offered",
          possible.isEmpty()
              ? "no version is offered for an upgrade from " + now
              : "an upgrade from " + now + " can be to " + String.join(", ", possible) + " only");
    }
  }

  /** Only of a version that is offered: nobody is to install programs for another. */
  private Completable lacking(Instance instance, String target, UpgradeReport report) {
    return upgrades.of(instance.spec()).contains(target)
        ? obstacle
            .apply(instance, target)
            .doOnSuccess(missing -> report.found("programs_missing", missing))
            .ignoreElement()
        : Completable.complete();
  }

  private void state(Instance instance, Status status, UpgradeReport report) {
    if (instance.isReplica()) {
      report.found("read_replica", "it is a read replica");
    }
    if (followed.test(instance.id())) {
      report.found("read_replica", "it has read replicas: delete or promote them first");
    }
    if (instance.operation().running()) {
      report.found("operation_running", "another operation is running");
    } else if (status.state() != InstanceState.RUNNING) {
      report.found("not_running", "it is not running as it should");
    }
  }

  private Completable within(Instance instance, Status status, UpgradeReport report) {
    Single<ServerInventory.Inventory> asked =
        status.serving()
            ? instances.credentials(instance).flatMap(login -> servers.of(instance, login))
            : Single.error(new SourceSilentException("it does not serve"));
    return asked
        .timeout(
            LIMIT_SECONDS,
            TimeUnit.SECONDS,
            Single.error(new SourceSilentException("no answer in time")))
        .doOnSuccess(report::add)
        .ignoreElement()
        .onErrorResumeNext(
            failure -> {
              if (!(failure instanceof SourceSilentException)) {
                return Completable.error(failure);
              }
              report.unchecked(
                  "extensions, prepared transactions and settings that wait for a restart, since"
                      + " the server cannot be asked now");
              return Completable.complete();
            });
  }
}
