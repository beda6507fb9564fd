package mooring.core;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What can be done with the roles of a database's servers. */
public final class Roles {
  private final ContentsChanges contents;
  private final OwnerPassword ownerPassword;
  private final InstanceStore store;
  private final Clock clock;

  Roles(ContentsChanges contents, OwnerPassword ownerPassword, InstanceStore store, Clock clock) {
    this.contents = contents;
    this.ownerPassword = ownerPassword;
    this.store = store;
    this.clock = clock;
  }

  /**
   * Asks for a role that can log in.
   *
   * @return the database with it; {@link Problem.Invalid} for a name of the server's own or a
   *     password that not every client could log in with, {@link Problem.Conflict} when the name is
   *     taken
   */
  public Single<Instance> create(Caller caller, String shortId, String name, String password) {
    return create(caller, shortId, name, password, false);
  }

  /**
   * The same for one that may stream what the servers write.
   *
   * @param replication whether it may
   */
  public Single<Instance> create(
      Caller caller, String shortId, String name, String password, boolean replication) {
    ChosenPassword.require(password);
    return contents.ask(
        caller,
        shortId,
        password,
        one -> {
          if (Names.reservedRole(name)) {
            throw new ProblemException(
                new Problem.Invalid(Field.ROLE, "must not be a reserved name"));
          }
          if (name.equals(one.owner()) || one.contents().role(name).isPresent()) {
            throw new ProblemException(
                new Problem.Conflict("the user " + name + " exists already"));
          }
          Instant now = clock.instant();
          return one.contents()
              .with(new Role(UUID.randomUUID(), name, replication, Stage.MAKING, now, now));
        });
  }

  /**
   * Gives a role another password. The owner's is a reset: it is answered once the server has taken
   * it.
   *
   * @return the database with it; {@link Problem.NotFound}, {@link Problem.Forbidden} for a role of
   *     the server's own, {@link Problem.Invalid}
   */
  public Single<Instance> changePassword(
      Caller caller, Instance known, String name, String password) {
    ChosenPassword.require(password);
    if (name.equals(known.owner())) {
      return ownerPassword.reset(caller, known.shortId(), password).map(established -> known);
    }
    return contents.ask(
        caller,
        known.shortId(),
        password,
        one -> one.contents().with(existing(one, name).changing(Stage.CHANGING, clock.instant())));
  }

  /**
   * Gives a role another password; waits for nothing.
   *
   * @return the database with the operation; {@link Problem.NotFound}, {@link Problem.Forbidden},
   *     {@link Problem.Invalid}
   */
  public Single<Instance> beginPasswordChange(
      Caller caller, Instance known, String name, String password) {
    ChosenPassword.require(password);
    return name.equals(known.owner())
        ? ownerPassword.begin(caller, known.shortId(), password)
        : changePassword(caller, known, name, password);
  }

  /**
   * Lets a role stream what the servers write, or not any more, and waits for it a while.
   *
   * @return the database with it, its role still {@link Stage#SWITCHING} when that takes longer;
   *     {@link Problem.NotFound}, {@link Problem.Forbidden} for a role of the server's own, {@link
   *     Problem.Conflict} when the database is being deleted meanwhile
   */
  public Single<Instance> allowReplication(
      Caller caller, String shortId, String name, boolean allowed) {
    return contents
        .ask(
            caller,
            shortId,
            null,
            one -> {
              Role role = existing(one, name);
              return role.replication() == allowed
                  ? one.contents()
                  : one.contents().with(role.changing(Stage.SWITCHING, clock.instant()));
            })
        // Whatever else is under way when there is nothing to do is not waited for.
        .flatMap(one -> switching(one, name) ? switched(one) : Single.just(one));
  }

  private Single<Instance> switched(Instance one) {
    if (one.operation().kind() != OperationKind.ADMINISTER) {
      // Only a deletion takes the place of what is under way, and then it is never done.
      return Single.error(
          new ProblemException(new Problem.Conflict("the database is being deleted")));
    }
    return contents.settled(Single.just(one));
  }

  private static boolean switching(Instance one, String name) {
    return one.contents().role(name).filter(role -> role.stage() == Stage.SWITCHING).isPresent();
  }

  /** What a role logs in with; {@link Problem.NotFound}, {@link Problem.Forbidden}. */
  public Single<String> password(Instance known, String name) {
    return name.equals(known.owner())
        ? store.credentials(known).map(Credentials::password)
        : rolePassword(known, there(known, name));
  }

  /** The one that it has now, also while another is being set. */
  private Single<String> rolePassword(Instance known, Role role) {
    Role unchanged = role.at(Stage.THERE);
    return store
        .rolePasswords(known.containing(known.contents().with(unchanged)))
        .map(all -> all.get(role.id()));
  }

  /**
   * Asks for the removal of a role, and waits for it a while: the servers keep one that owns
   * anything in them.
   *
   * @return {@link Problem.Conflict} when it owns something, {@link Problem.NotFound}, {@link
   *     Problem.Forbidden} for a role of the server's own
   */
  public Completable delete(Caller caller, String shortId, String name) {
    return contents.settled(beginDelete(caller, shortId, name)).ignoreElement();
  }

  /** The same without waiting for it; the database with the operation. */
  public Single<Instance> beginDelete(Caller caller, String shortId, String name) {
    return contents.ask(
        caller,
        shortId,
        null,
        one -> {
          requireNoOwner(one, name);
          requireNoPool(one, name);
          return one.contents().with(existing(one, name).at(Stage.REMOVING));
        });
  }

  private static Role there(Instance one, String name) {
    Role role = existing(one, name);
    if (role.stage() == Stage.MAKING) {
      throw new ProblemException(new Problem.NotFound("user not found"));
    }
    return role;
  }

  private static Role existing(Instance one, String name) {
    if (Names.systemRoles().contains(name)) {
      throw new ProblemException(
          new Problem.Forbidden("the user " + name + " is the system's and cannot be changed"));
    }
    return one.contents()
        .role(name)
        .orElseThrow(() -> new ProblemException(new Problem.NotFound("user not found")));
  }

  private static void requireNoPool(Instance one, String name) {
    List<String> pools = one.setup().pools().names(pool -> pool.role().equals(name));
    if (!pools.isEmpty()) {
      throw new ProblemException(
          new Problem.Conflict(
              "the user "
                  + name
                  + " cannot be deleted: connection pools use it: "
                  + String.join(", ", pools)));
    }
  }

  private static void requireNoOwner(Instance one, String name) {
    List<String> owned =
        name.equals(one.owner()) ? one.firstDatabases() : one.contents().ownedBy(name);
    if (!owned.isEmpty()) {
      throw new ProblemException(
          new Problem.Conflict(
              "the user "
                  + name
                  + " cannot be deleted: username is the owner of "
                  + (owned.size() == 1 ? "the database " : "the databases ")
                  + String.join(", ", owned)));
    }
  }
}
