package mooring.store;

import io.reactivex.rxjava3.core.Single;
import io.vertx.rxjava3.sqlclient.SqlConnection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import mooring.core.Address;
import mooring.core.AddressScheme;
import mooring.core.Engine;
import mooring.core.Problem;
import mooring.core.ProblemException;

/**
 * Allots addresses. Numbered ones go round after the most recently allotted one, so that the
 * address of a deleted database is used again as late as possible.
 */
final class Addresses {
  private static final String LOCK = "SELECT number FROM address_cursor FOR UPDATE";

  private static final String FREE =
      """
      SELECT seat.number
      FROM (SELECT mod($1::int + step, $2::int) AS number, step
            FROM generate_series(0, $3::int - 1) AS step) AS seat
      WHERE NOT EXISTS (
        SELECT 1 FROM instance i WHERE i.address_number = seat.number AND i.deleted_at IS NULL)
      ORDER BY seat.step
      """;

  private static final String MOVE = "UPDATE address_cursor SET number = $1";

  /** How many numbers are looked at in one query. */
  private static final int WINDOW = 1_000;

  private static final int RETRY_AFTER_SECONDS = 30;

  private final AddressScheme scheme;

  Addresses(AddressScheme scheme) {
    this.scheme = scheme;
  }

  /**
   * An address with its number.
   *
   * @param number null when addresses are not numbered
   */
  record Allotment(Integer number, Address address) {}

  /** Takes the next free address; others wait for their turn until the transaction has ended. */
  Single<Allotment> allot(SqlConnection tx, String shortId, Engine engine, Set<Address> avoid) {
    if (scheme.size() == 0) {
      return Single.just(new Allotment(null, scheme.address(0, shortId, engine)));
    }
    return Sql.first(tx, row -> row.getInteger("number"), LOCK)
        .toSingle()
        .flatMap(last -> new Search(tx, shortId, engine, avoid, last + 1).from(0))
        .flatMap(found -> Sql.run(tx, MOVE, found.number()).toSingleDefault(found));
  }

  private final class Search {
    private final SqlConnection tx;
    private final String shortId;
    private final Engine engine;
    private final Set<Address> avoid;
    private final int first;

    Search(SqlConnection tx, String shortId, Engine engine, Set<Address> avoid, int first) {
      this.tx = tx;
      this.shortId = shortId;
      this.engine = engine;
      this.avoid = avoid;
      this.first = first % scheme.size();
    }

    Single<Allotment> from(int step) {
      int window = Math.min(WINDOW, scheme.size() - step);
      if (window <= 0) {
        return Single.error(
            new ProblemException(
                new Problem.Unavailable(
                    "no address is left for another database", RETRY_AFTER_SECONDS)));
      }
      int start = (int) (((long) first + step) % scheme.size());
      return Sql.list(tx, row -> row.getInteger("number"), FREE, start, scheme.size(), window)
          .flatMap(free -> choose(free).map(Single::just).orElseGet(() -> from(step + window)));
    }

    private Optional<Allotment> choose(List<Integer> free) {
      return free.stream()
          .map(number -> new Allotment(number, scheme.address(number, shortId, engine)))
          .filter(allotment -> !avoid.contains(allotment.address()))
          .findFirst();
    }
  }
}
