package mooring.core;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import java.time.Clock;
import java.util.List;
import java.util.UUID;

/** What can be done with the logical databases within a database. */
public final class LogicalDatabases {
  private final ContentsChanges contents;
  private final Clock clock;

  LogicalDatabases(ContentsChanges contents, Clock clock) {
    this.contents = contents;
    this.clock = clock;
  }

  /**
   * Asks for a logical database.
   *
   * @param owner the role that is to own it
   * @return the database with it; {@link Problem.Invalid} for a name of the server's own or an
   *     owner that is not there, {@link Problem.Conflict} when the name is taken
   */
  public Single<Instance> create(Caller caller, String shortId, String name, String owner) {
    return create(caller, shortId, name, owner, LogicalDatabase.Locale.OWN);
  }

  /** The same with a locale of its own; whether there is such a one, the servers know. */
  public Single<Instance> create(
      Caller caller, String shortId, String name, String owner, LogicalDatabase.Locale locale) {
    return contents.ask(
        caller,
        shortId,
        null,
        one -> {
          requireFree(one, name);
          requireOwner(one, owner);
          return one.contents()
              .with(
                  new LogicalDatabase(
                      UUID.randomUUID(), name, owner, locale, Stage.MAKING, clock.instant()));
        });
  }

  /**
   * Asks for the removal of a logical database and its data, and waits for it a while: the servers
   * keep one that is in use.
   *
   * @return {@link Problem.Conflict} when it is in use, {@link Problem.NotFound}, {@link
   *     Problem.Forbidden} for one that the database was made with
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
          if (one.firstDatabases().contains(name) || Names.reservedDatabase(name)) {
            throw new ProblemException(
                new Problem.Forbidden(
                    "the database " + name + " is the cluster's own and cannot be deleted"));
          }
          requireNoPool(one, name);
          return one.contents()
              .with(
                  one.contents()
                      .database(name)
                      .orElseThrow(
                          () -> new ProblemException(new Problem.NotFound("no such database")))
                      .at(Stage.REMOVING));
        });
  }

  private static void requireFree(Instance one, String name) {
    if (Names.reservedDatabase(name)) {
      throw new ProblemException(
          new Problem.Invalid(Field.DATABASE, "must not be a reserved name"));
    }
    if (one.firstDatabases().contains(name) || one.contents().database(name).isPresent()) {
      throw new ProblemException(new Problem.Conflict("the database " + name + " exists already"));
    }
  }

  private static void requireNoPool(Instance one, String name) {
    List<String> pools = one.setup().pools().names(pool -> pool.database().equals(name));
    if (!pools.isEmpty()) {
      throw new ProblemException(
          new Problem.Conflict(
              "the database "
                  + name
                  + " cannot be deleted: connection pools use it: "
                  + String.join(", ", pools)));
    }
  }

  private static void requireOwner(Instance one, String owner) {
    boolean there =
        owner.equals(one.owner())
            || one.contents()
                .role(owner)
                .filter(role -> role.stage() != Stage.REMOVING)
                .isPresent();
    if (!there) {
      throw new ProblemException(
          new Problem.Invalid(Field.OWNER, "must be the name of a user of the cluster"));
    }
  }
}
