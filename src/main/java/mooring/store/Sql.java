package mooring.store;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import io.vertx.rxjava3.sqlclient.Row;
import io.vertx.rxjava3.sqlclient.RowSet;
import io.vertx.rxjava3.sqlclient.SqlClient;
import io.vertx.rxjava3.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Prepared statements; each is sent when it is subscribed to, not before. */
final class Sql {
  private Sql() {}

  static Completable run(SqlClient client, String sql, Object... values) {
    return query(client, sql, values).ignoreElement();
  }

  static <T> Maybe<T> first(
      SqlClient client, Function<Row, T> mapper, String sql, Object... values) {
    return query(client, sql, values)
        .filter(rows -> rows.iterator().hasNext())
        .map(rows -> mapper.apply(rows.iterator().next()));
  }

  static <T> Single<List<T>> list(
      SqlClient client, Function<Row, T> mapper, String sql, Object... values) {
    return query(client, sql, values)
        .map(
            rows -> {
              List<T> mapped = new ArrayList<>();
              rows.forEach(row -> mapped.add(mapper.apply(row)));
              return mapped;
            });
  }

  private static Single<RowSet<Row>> query(SqlClient client, String sql, Object... values) {
    return client.preparedQuery(sql).rxExecute(Tuple.from(values));
  }
}
