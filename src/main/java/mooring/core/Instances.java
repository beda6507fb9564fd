package mooring.core;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** What can be done with databases. Reads are answered by the status cache, not here. */
public final class Instances {
  /** Longer than a reset's own deadline, so that its end is heard. */
  private static final Duration RESET_LIMIT = Duration.ofSeconds(10);

  private static final int RESET_LOOKS = 2;
  private static final int RETRY_SECONDS = 5;

  /** Most are done at once; whoever asked can poll for the others. */
  private static final Duration SETTLING_LIMIT = Duration.ofSeconds(5);

  private final InstanceStore store;
  private final Observations observations;
  private final Consumer<Instance> publish;
  private final Drafts drafts;
  private final Deadlines deadlines;
  private final Endings endings;
  private final Clock clock;

  /**
   * @param publish hears of every row written here, before the caller does
   */
  public Instances(
      InstanceStore store,
      Observations observations,
      Consumer<Instance> publish,
      Offer offer,
      Deadlines deadlines,
      Endings endings,
      Clock clock) {
    this.store = store;
    this.observations = observations;
    this.publish = publish;
    this.drafts = new Drafts(offer, deadlines);
    this.deadlines = deadlines;
    this.endings = endings;
    this.clock = clock;
  }

  /**
   * Accepts a database: it is durable when this succeeds, and real some time later.
   *
   * @return the database with its login; {@link Problem.Invalid} naming a refused field, {@link
   *     Problem.Conflict} when the name is taken
   */
  public Single<Created> create(Caller caller, NewDatabase asked) {
    return Single.defer(
        () -> {
          Draft draft = drafts.draft(caller, asked);
          return followed(asked.setup().lineage().replicaOf())
              .andThen(Single.defer(() -> store.create(draft, observations.unaccountedAddresses())))
              .doOnSuccess(publish::accept)
              .map(instance -> new Created(instance, draft.credentials()));
        });
  }

  private Completable followed(ReplicaOf origin) {
    return origin == null
        ? Completable.complete()
        : store
            .find(origin.source())
            .doOnSuccess(source -> Replicas.requireUp(source, observations.of(source.id())))
            .ignoreElement();
  }

  /**
   * Makes a read replica a database of its own, with the logins that it has by then.
   *
   * @return {@link Problem.NotFound} unless it is a read replica
   */
  public Single<Instance> promote(Caller caller, String shortId) {
    return command(
        caller,
        shortId,
        OperationKind.PROMOTE,
        one -> {
          if (!one.isReplica()) {
            throw new ProblemException(new Problem.NotFound("the database is no read replica"));
          }
          return one.promoted(clock.instant());
        });
  }

  /**
   * Asks for the deletion of a database and its data; repeated while it runs, it is the same.
   *
   * @return {@link Problem.Conflict} while it is protected from that, or has read replicas
   */
  public Completable delete(Caller caller, String shortId) {
    return store
        .change(caller.tenant(), shortId, instance -> deletion(caller, instance))
        .doOnSuccess(publish::accept)
        .ignoreElement();
  }

  /** Brings a stopped database up again; {@link Problem.NotNow} unless it is stopped. */
  public Single<Instance> start(Caller caller, String shortId) {
    return command(caller, shortId, OperationKind.START, one -> desired(one, Desired.RUNNING));
  }

  /** Stops a database; its data stays. {@link Problem.NotNow} unless it is up. */
  public Single<Instance> stop(Caller caller, String shortId) {
    return command(caller, shortId, OperationKind.STOP, one -> desired(one, Desired.STOPPED));
  }

  /** Restarts a database's servers. */
  public Single<Instance> restart(Caller caller, String shortId) {
    return command(caller, shortId, OperationKind.RESTART, this::restarted);
  }

  /**
   * Gives a database another size.
   *
   * @param size makes the new wish of the present one: size, setup and what the API echoes; a
   *     {@link ProblemException} refuses
   */
  public Single<Instance> resize(Caller caller, String shortId, UnaryOperator<Instance> size) {
    return command(caller, shortId, OperationKind.RESIZE, size);
  }

  /**
   * Changes PostgreSQL's settings.
   *
   * @param changed makes the new settings of the present ones; a {@link ProblemException} refuses
   */
  public Single<Instance> configure(
      Caller caller, String shortId, UnaryOperator<Map<String, String>> changed) {
    return command(
        caller,
        shortId,
        OperationKind.UPDATE,
        one -> {
          Setup setup = one.setup().withParameters(changed.apply(one.setup().parameters()));
          return one.wanted(one.spec(), one.desired(), setup, one.attributes());
        });
  }

  /**
   * Asks for something else in one go: another size, another name, other things to echo; or for an
   * upgrade.
   *
   * @param wish makes the new wish of the present one; an equal one changes nothing, whatever is
   *     under way, but is another try of such a change that has failed; one that differs by whether
   *     deletion is refused needs no operation, and holds whatever else than a deletion is under
   *     way; a {@link ProblemException} refuses
   */
  public Single<Revised> revise(Caller caller, String shortId, UnaryOperator<Instance> wish) {
    return revise(caller, shortId, true, wish);
  }

  /**
   * The same.
   *
   * @param wished whether anything was asked for that the servers have to be given: else there is
   *     nothing to try again
   */
  public Single<Revised> revise(
      Caller caller, String shortId, boolean wished, UnaryOperator<Instance> wish) {
    return Single.defer(
        () -> {
          AtomicReference<UUID> before = new AtomicReference<>();
          return store
              .change(
                  caller.tenant(),
                  shortId,
                  instance -> {
                    before.set(instance.operation().id());
                    return revision(caller, instance, wished, wish.apply(instance));
                  })
              .doOnSuccess(publish::accept)
              .map(after -> new Revised(after, !after.operation().id().equals(before.get())));
        });
  }

  private Optional<Change> revision(
      Caller caller, Instance instance, boolean wished, Instance wish) {
    Instance wanted = fitting(wish, instance);
    boolean on = wanted.setup().policy().deletionProtected();
    boolean same = wanted.equals(instance.deletionProtected(on));
    if (same && !(wished && failed(instance))) {
      return wanted.equals(instance)
          ? Optional.empty()
          : Optional.of(Change.ofRules(wanted, caller.token()));
    }
    OperationKind kind = same ? instance.operation().kind() : revision(instance, wanted);
    Replicas.requireNoPoolers(wanted);
    requireNow(instance, kind);
    Instance asked = kind == OperationKind.RESTART ? restarted(wanted) : wanted;
    return Optional.of(change(caller, asked, instance, observations.of(instance.id()), kind, null));
  }

  /**
   * Settings that need a restart are real only after one. It is asked for, since the platform says
   * nothing when such a setting is what the servers have by themselves.
   */
  private static OperationKind revision(Instance before, Instance wanted) {
    if (!wanted.spec().version().equals(before.spec().version())) {
      return OperationKind.UPGRADE;
    }
    if (!wanted.spec().equals(before.spec())) {
      return OperationKind.RESIZE;
    }
    return RestartParameters.differ(before, wanted) ? OperationKind.RESTART : OperationKind.UPDATE;
  }

  private Instance restarted(Instance one) {
    Setup setup = one.setup().withRestartAt(clock.instant());
    return one.wanted(one.spec(), one.desired(), setup, one.attributes());
  }

  /**
   * Has a database become what a backup holds, with its address, login and size as they are.
   *
   * @param origin says what to recover, of the database as it stands; a {@link ProblemException}
   *     refuses
   */
  public Single<Instance> restore(
      Caller caller, String shortId, Function<Instance, Recovery> origin) {
    return command(
        caller,
        shortId,
        OperationKind.RESTORE,
        one -> one.restoredFrom(origin.apply(one), clock.instant()));
  }

  /** Restarts a database with the image of a newer minor version; nobody has asked for it. */
  public Single<Instance> update(Instance instance, String image) {
    return update(new Caller(instance.tenant(), null, null), instance, image);
  }

  /** The same for somebody who has asked for it. */
  public Single<Instance> update(Caller caller, Instance instance, String image) {
    Instant now = clock.instant();
    return command(
        caller,
        instance.shortId(),
        OperationKind.RESTART,
        one -> {
          if (image.equals(one.setup().image())) {
            throw new ProblemException(new Problem.Conflict("another replica was first"));
          }
          return one.wanted(
              one.spec(), one.desired(), one.setup().updated(image, now), one.attributes());
        });
  }

  /** What can be done with the roles within databases. */
  public Roles roles() {
    return new Roles(this, clock);
  }

  /** What can be done with the logical databases within databases. */
  public LogicalDatabases logicalDatabases() {
    return new LogicalDatabases(this, clock);
  }

  /** What can be done with the migrations into databases. */
  public DatabaseMigrations migrations() {
    return new DatabaseMigrations(this);
  }

  /** What can be done with the connection pools of databases. */
  public ConnectionPools connectionPools() {
    return new ConnectionPools(this);
  }

  /**
   * Changes the roles or logical databases within a database.
   *
   * @param password of the role that is made or changed; null when none is
   * @param change makes the new ones of the present ones; equal ones change nothing, whatever is
   *     under way; a {@link ProblemException} refuses
   */
  Single<Instance> administer(
      Caller caller, String shortId, String password, Function<Instance, Contents> change) {
    return store
        .change(
            caller.tenant(),
            shortId,
            instance -> {
              Instance wanted = instance.containing(change.apply(instance));
              if (wanted.equals(instance)) {
                return Optional.empty();
              }
              requireNow(instance, OperationKind.ADMINISTER);
              Observation seen = observations.of(instance.id());
              return Optional.of(
                  change(caller, wanted, instance, seen, OperationKind.ADMINISTER, password));
            })
        .doOnSuccess(publish::accept);
  }

  /**
   * Waits a while for the end of a change of them; it goes on afterwards.
   *
   * @return the database after that; {@link Problem.Conflict} with the servers' reason when they
   *     refuse, {@link Problem.Unavailable} when it failed otherwise
   */
  Single<Instance> settled(Single<Instance> change) {
    return change.flatMap(
        one ->
            one.operation().running()
                ? endings
                    .ended(one.id(), one.operation().id(), SETTLING_LIMIT)
                    .doOnSuccess(Instances::requireDone)
                    .defaultIfEmpty(one)
                : Single.just(one));
  }

  private static void requireDone(Instance ended) {
    Operation operation = ended.operation();
    if (operation.outcome() == Operation.Outcome.FAILED) {
      String reason = operation.reason();
      throw new ProblemException(
          operation.cause() == Operation.Cause.PLATFORM
                  || operation.cause() == Operation.Cause.DEADLINE
              ? new Problem.Unavailable(reason, RETRY_SECONDS)
              : new Problem.Conflict(reason));
    }
  }

  /** The password that one of the roles within has now. */
  Single<String> password(Instance instance, Role role) {
    return store
        .rolePasswords(instance.containing(instance.contents().with(role.at(Stage.THERE))))
        .map(all -> all.get(role.id()));
  }

  /** Gives a database another name; its handle, address and objects keep theirs. */
  public Single<Instance> rename(Caller caller, String shortId, String name, boolean unique) {
    return store
        .rename(caller.tenant(), shortId, name, unique, caller.token())
        .doOnSuccess(publish::accept);
  }

  /**
   * Gives the owner a new password, and answers once the server has taken it.
   *
   * @return the new credentials; {@link Problem.Unavailable} when the server did not take it in
   *     time, in which case the old password goes on working
   */
  public Single<Credentials> resetPassword(Caller caller, String shortId) {
    return resetPassword(caller, shortId, Secrets.password());
  }

  /** Asks for a new password of the owner; the old one works until the operation has succeeded. */
  Single<Instance> beginPasswordReset(Caller caller, String shortId, String password) {
    return command(caller, shortId, OperationKind.RESET_PASSWORD, password, one -> one);
  }

  /** The same with a password that somebody has chosen. */
  public Single<Credentials> resetPassword(Caller caller, String shortId, String password) {
    return beginPasswordReset(caller, shortId, password)
        .flatMap(
            one ->
                endings
                    .ended(one.id(), one.operation().id(), RESET_LIMIT)
                    .filter(ended -> ended.operation().outcome() == Operation.Outcome.SUCCEEDED)
                    .map(ended -> new Credentials(one.owner(), password, one.database()))
                    // The record knows, also when another operation has followed unheard.
                    .switchIfEmpty(Single.defer(() -> store.credentials(one)).retry(RESET_LOOKS)))
        .map(
            established -> {
              if (!established.password().equals(password)) {
                throw new ProblemException(
                    new Problem.Unavailable(
                        "the password could not be changed now", RETRY_SECONDS));
              }
              return established;
            });
  }

  /** What a client needs to log in, known from the moment of acceptance. */
  public Single<Credentials> credentials(Instance instance) {
    return store.credentials(instance);
  }

  /** Settings that do not fit another size go back to what follows from that. */
  private static Instance fitting(Instance wanted, Instance before) {
    if (wanted.spec().equals(before.spec())) {
      return wanted;
    }
    Map<String, String> kept =
        PostgresParameters.fitting(wanted.setup().parameters(), wanted.spec());
    return wanted.wanted(
        wanted.spec(), wanted.desired(), wanted.setup().withParameters(kept), wanted.attributes());
  }

  /** Whatever the servers look like: settings that were refused leave them as healthy as before. */
  private static boolean failed(Instance instance) {
    Operation latest = instance.operation();
    boolean change =
        switch (latest.kind()) {
          case RESIZE, UPDATE, RESTART -> true;
          default -> false;
        };
    return change && latest.outcome() == Operation.Outcome.FAILED;
  }

  private static Instance desired(Instance one, Desired desired) {
    return one.wanted(one.spec(), desired, one.setup(), one.attributes());
  }

  private Optional<Change> deletion(Caller caller, Instance instance) {
    Observation seen = observations.of(instance.id());
    if (!Lifecycle.accepts(instance, seen, OperationKind.DELETE)) {
      return Optional.empty();
    }
    if (instance.setup().policy().deletionProtected()) {
      throw new ProblemException(
          new Problem.Conflict("the database is protected from deletion until that is taken back"));
    }
    return Optional.of(change(caller, instance, instance, seen, OperationKind.DELETE, null));
  }

  private Single<Instance> command(
      Caller caller, String shortId, OperationKind kind, UnaryOperator<Instance> wish) {
    return command(caller, shortId, kind, null, wish);
  }

  private Single<Instance> command(
      Caller caller,
      String shortId,
      OperationKind kind,
      String password,
      UnaryOperator<Instance> wish) {
    return change(caller, shortId, kind, password, one -> {}, wish);
  }

  /**
   * Asks for a change if the state allows it.
   *
   * @param check sees the database before that; a {@link ProblemException} refuses
   */
  Single<Instance> change(
      Caller caller,
      String shortId,
      OperationKind kind,
      String password,
      Consumer<Instance> check,
      UnaryOperator<Instance> wish) {
    return store
        .change(
            caller.tenant(),
            shortId,
            instance -> {
              check.accept(instance);
              requireNow(instance, kind);
              Instance wanted = wish.apply(instance);
              return Optional.of(
                  change(caller, wanted, instance, observations.of(instance.id()), kind, password));
            })
        .doOnSuccess(publish::accept);
  }

  /** Decides on a change with the row locked. */
  Single<Instance> decide(Caller caller, String shortId, Function<Instance, Change> decision) {
    return store
        .change(caller.tenant(), shortId, one -> Optional.of(decision.apply(one)))
        .doOnSuccess(publish::accept);
  }

  /** What needs nothing else to be wanted, if the state allows it. */
  Change command(Caller caller, Instance instance, OperationKind kind) {
    requireNow(instance, kind);
    return change(caller, instance, instance, observations.of(instance.id()), kind, null);
  }

  /** {@link Problem.NotNow} unless the state allows it. */
  private void requireNow(Instance instance, OperationKind kind) {
    Replicas.requireOwn(instance, kind);
    Observation seen = observations.of(instance.id());
    if (!Lifecycle.accepts(instance, seen, kind)) {
      Status status = Lifecycle.status(instance, seen);
      throw new ProblemException(new Problem.NotNow(kind, status, instance.spec().instances()));
    }
  }

  private Change change(
      Caller caller,
      Instance wanted,
      Instance known,
      Observation seen,
      OperationKind kind,
      String password) {
    // What is shown until a deletion is done is what was shown before.
    InstanceState shown = Lifecycle.status(known, seen).before();
    return new Change(wanted, kind, shown, deadlines.of(kind), password, caller.token());
  }
}
