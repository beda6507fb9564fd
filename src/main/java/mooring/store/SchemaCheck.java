package mooring.store;

import io.reactivex.rxjava3.core.Single;

/**
 * Whether the schema is up to date, asked on the pool that is needed anyway: a start that finds it
 * so is spared the migration tool and a second driver, a good tenth of its work. Versions alone do
 * not tell: another application's schema, which the tool refuses, has them too.
 */
final class SchemaCheck {
  private static final String APPLIED =
      "SELECT script FROM flyway_schema_history WHERE script = $1 AND success";

  private final Database database;

  SchemaCheck(Database database) {
    this.database = database;
  }

  /** False also when there is no schema yet or nothing can be asked: migrating tells which. */
  Single<Boolean> upToDate() {
    return database
        .statement(
            client -> Sql.first(client, row -> row.getString("script"), APPLIED, Migrations.LATEST))
        .isEmpty()
        .map(absent -> !absent)
        .onErrorReturnItem(false);
  }
}
