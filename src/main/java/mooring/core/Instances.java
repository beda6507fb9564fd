package mooring.core;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** What can be done with databases. Reads are answered by the status cache, not here. */
public final class Instances {
  private final InstanceStore store;
  private final Observations observations;
  private final Consumer<Instance> publish;
  private final Drafts drafts;
  private final Changes changes;
  private final Revisions revisions;
  private final ContentsChanges contents;
  private final OwnerPassword ownerPassword;
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
    this.changes = new Changes(store, observations, publish, deadlines);
    this.revisions = new Revisions(changes, clock);
    this.contents = new ContentsChanges(changes, endings);
    this.ownerPassword = new OwnerPassword(store, changes, endings);
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
    return changes.ask(
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
    return changes.decide(caller, shortId, instance -> deletion(caller, instance)).ignoreElement();
  }

  /** Brings a stopped database up again; {@link Problem.NotNow} unless it is stopped. */
  public Single<Instance> start(Caller caller, String shortId) {
    return changes.ask(caller, shortId, OperationKind.START, one -> desired(one, Desired.RUNNING));
  }

  /** Stops a database; its data stays. {@link Problem.NotNow} unless it is up. */
  public Single<Instance> stop(Caller caller, String shortId) {
    return changes.ask(caller, shortId, OperationKind.STOP, one -> desired(one, Desired.STOPPED));
  }

  /** Restarts a database's servers. */
  public Single<Instance> restart(Caller caller, String shortId) {
    return changes.ask(
        caller, shortId, OperationKind.RESTART, one -> one.restarted(clock.instant()));
  }

  /**
   * Gives a database another size.
   *
   * @param size makes the new wish of the present one: size, setup and what the API echoes; a
   *     {@link ProblemException} refuses
   */
  public Single<Instance> resize(Caller caller, String shortId, UnaryOperator<Instance> size) {
    return changes.ask(caller, shortId, OperationKind.RESIZE, size);
  }

  /**
   * Changes PostgreSQL's settings.
   *
   * @param changed makes the new settings of the present ones; a {@link ProblemException} refuses
   */
  public Single<Instance> configure(
      Caller caller, String shortId, UnaryOperator<Map<String, String>> changed) {
    return changes.ask(
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
   * @param wished whether anything was asked for that the servers have to be given: else there is
   *     nothing to try again
   * @param wish makes the new wish of the present one; an equal one changes nothing, whatever is
   *     under way, but is another try of such a change that has failed; one that differs by whether
   *     deletion is refused needs no operation, and holds whatever else than a deletion is under
   *     way; a {@link ProblemException} refuses
   */
  public Single<Revised> revise(
      Caller caller, String shortId, boolean wished, UnaryOperator<Instance> wish) {
    return revisions.revise(caller, shortId, wished, wish);
  }

  /**
   * Has a database become what a backup holds, with its address, login and size as they are.
   *
   * @param origin says what to recover, of the database as it stands; a {@link ProblemException}
   *     refuses
   */
  public Single<Instance> restore(
      Caller caller, String shortId, Function<Instance, Recovery> origin) {
    return changes.ask(
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
    return changes.ask(
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
    return new Roles(contents, ownerPassword, store, clock);
  }

  /** What can be done with the logical databases within databases. */
  public LogicalDatabases logicalDatabases() {
    return new LogicalDatabases(contents, clock);
  }

  /** What can be done with the migrations into databases. */
  public DatabaseMigrations migrations() {
    return new DatabaseMigrations(changes);
  }

  /** What can be done with the connection pools of databases. */
  public ConnectionPools connectionPools() {
    return new ConnectionPools(revisions);
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

  /** The same with a password that somebody has chosen. */
  public Single<Credentials> resetPassword(Caller caller, String shortId, String password) {
    return ownerPassword.reset(caller, shortId, password);
  }

  /** What a client needs to log in, known from the moment of acceptance. */
  public Single<Credentials> credentials(Instance instance) {
    return store.credentials(instance);
  }

  private static Instance desired(Instance one, Desired desired) {
    return one.wanted(one.spec(), desired, one.setup(), one.attributes());
  }

  private Optional<Change> deletion(Caller caller, Instance instance) {
    if (!Lifecycle.accepts(instance, observations.of(instance.id()), OperationKind.DELETE)) {
      return Optional.empty();
    }
    if (instance.setup().policy().deletionProtected()) {
      throw new ProblemException(
          new Problem.Conflict("the database is protected from deletion until that is taken back"));
    }
    return Optional.of(changes.of(caller, instance, instance, OperationKind.DELETE, null));
  }
}
