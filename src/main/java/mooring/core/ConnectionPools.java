package mooring.core;

import io.reactivex.rxjava3.core.Single;
import java.util.function.UnaryOperator;

/** What can be done with the connection pools of databases. */
public final class ConnectionPools {
  static final int MOST = 100;

  private final Revisions revisions;

  ConnectionPools(Revisions revisions) {
    this.revisions = revisions;
  }

  /**
   * What is asked of a pool; null for what stays as it is, or as it is by default.
   *
   * @param database the logical database
   * @param role that clients log in as; the owner by default
   * @param mode after each transaction by default
   * @param size 10 by default
   */
  public record Wish(String database, String role, PoolMode mode, Integer size) {
    private static final Wish NOTHING = new Wish(null, null, null, null);

    private static final int USUAL_SIZE = 10;

    private ConnectionPool made(Instance one, String name) {
      ConnectionPool usual =
          new ConnectionPool(
              one.setup().pools().freeNumber(),
              name,
              one.database(),
              one.owner(),
              PoolMode.TRANSACTION,
              USUAL_SIZE);
      return over(usual);
    }

    private ConnectionPool over(ConnectionPool now) {
      return new ConnectionPool(
          now.number(),
          now.name(),
          database == null ? now.database() : database,
          role == null ? now.role() : role,
          mode == null ? now.mode() : mode,
          size == null ? now.size() : size);
    }
  }

  /**
   * Asks for a pool.
   *
   * @return the database with it; {@link Problem.Conflict} when the name is taken, {@link
   *     Problem.Invalid} for a logical database or a role that is not there
   */
  public Single<Instance> create(Caller caller, String shortId, String name, Wish wish) {
    return revise(
        caller,
        shortId,
        one -> {
          Pools pools = one.setup().pools();
          if (one.address().port() != one.spec().engine().port()) {
            // One pool's port could be another database's.
            throw conflict(
                "connection pools need databases with addresses of their own; these share one,"
                    + " with a port each");
          }
          if (pools.pool(name).isPresent()) {
            throw conflict("the connection pool " + name + " exists already");
          }
          if (pools.all().size() >= MOST) {
            throw conflict("a database has at most " + MOST + " connection pools");
          }
          return with(one, pools.with(checked(one, wish.made(one, name))));
        });
  }

  /**
   * Changes a pool. A wish for nothing is never another try of what has failed.
   *
   * @return the database with it, and whether anything is to be done for that; {@link
   *     Problem.NotFound}, {@link Problem.Invalid}
   */
  public Single<Revised> update(Caller caller, String shortId, String name, Wish wish) {
    return revisions.revise(
        caller,
        shortId,
        !wish.equals(Wish.NOTHING),
        one -> {
          ConnectionPool changed = checked(one, wish.over(existing(one, name)));
          return with(one, one.setup().pools().with(changed));
        });
  }

  /** Asks for the removal of a pool; {@link Problem.NotFound}. */
  public Single<Instance> delete(Caller caller, String shortId, String name) {
    return revise(
        caller, shortId, one -> with(one, one.setup().pools().without(existing(one, name))));
  }

  private Single<Instance> revise(Caller caller, String shortId, UnaryOperator<Instance> wish) {
    return revisions.revise(caller, shortId, true, wish).map(Revised::instance);
  }

  private static ConnectionPool existing(Instance one, String name) {
    return one.setup()
        .pools()
        .pool(name)
        .orElseThrow(() -> new ProblemException(new Problem.NotFound("connection pool not found")));
  }

  private static ConnectionPool checked(Instance one, ConnectionPool pool) {
    boolean database =
        one.firstDatabases().contains(pool.database())
            || one.contents()
                .database(pool.database())
                .filter(found -> found.stage() != Stage.REMOVING)
                .isPresent();
    if (!database) {
      throw new ProblemException(
          new Problem.Invalid(Field.DATABASE, "must be the name of a database of the service"));
    }
    boolean role =
        pool.role().equals(one.owner())
            || one.contents()
                .role(pool.role())
                .filter(found -> found.stage() != Stage.REMOVING)
                .isPresent();
    if (!role) {
      throw new ProblemException(
          new Problem.Invalid(Field.ROLE, "must be the name of a user of the service"));
    }
    return pool;
  }

  private static Instance with(Instance one, Pools pools) {
    return one.wanted(one.spec(), one.desired(), one.setup().withPools(pools), one.attributes());
  }

  private static ProblemException conflict(String message) {
    return new ProblemException(new Problem.Conflict(message));
  }
}
