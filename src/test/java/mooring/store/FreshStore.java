package mooring.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.rxjava3.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import mooring.core.Address;
import mooring.core.AddressScheme;
import mooring.core.Engine;

/** A store on a migrated database of its own, for the tests of other packages. */
public final class FreshStore {
  private final DatabaseUri uri = TestPostgres.shared().freshDatabase();
  private final PgStore store;

  /** Opens it. */
  public FreshStore(io.vertx.core.Vertx vertx) {
    Migrations.run(uri);
    store =
        new PgStore(
            new Vertx(vertx), uri, SecretBox.of(SecretBox.newKeyset()), new DerivedAddresses());
  }

  /** The store. */
  public PgStore store() {
    return store;
  }

  /** Lets the deadline of what is under way of a database pass now: nobody has to be quick. */
  public void lapse(UUID instance) {
    updateOne(
        "UPDATE operation SET deadline = now() WHERE outcome = 'RUNNING' AND instance = '"
            + instance
            + "'");
  }

  /** The same for a backup whose turn it is. */
  public void lapseBackup(UUID backup) {
    updateOne("UPDATE backup SET deadline = now() WHERE attempt > 0 AND id = '" + backup + "'");
  }

  private void updateOne(String update) {
    try (Connection connection = TestPostgres.jdbc(uri);
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(update)).as(update).isOne();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class DerivedAddresses implements AddressScheme {
    @Override
    public int size() {
      return 0;
    }

    @Override
    public Address address(int number, String shortId, Engine engine) {
      return new Address("db-" + shortId + ".databases.svc", engine.port());
    }
  }
}
