package mooring.product;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What the product's records say, read past the product. */
record Ledger(String host, int port, String database, String user, String password) {
  /** Of the records that a product keeps in its data directory, while it runs. */
  static Ledger embedded(Path data) {
    Path records = data.resolve("records");
    try {
      int port = Integer.parseInt(Files.readString(records.resolve("port")).trim());
      String password = Files.readString(records.resolve("password")).trim();
      return new Ledger("127.0.0.1", port, "mooring", "mooring", password);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where they are, as the product's settings say it. */
  String uri() {
    return "postgresql://%s:%s@%s:%d/%s".formatted(user, password, host, port, database);
  }

  /** The first column of the first row. */
  String ask(String query) {
    String url = "jdbc:postgresql://" + host + ":" + port + "/" + database;
    try (Connection connection = DriverManager.getConnection(url, user, password);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw new AssertionError(query, e);
    }
  }

  /**
   * What the product calls a database in what it says.
   *
   * @param id as any API shows it
   */
  String instance(String id) {
    return ask(
        "select id from instance where short_id = '%s'".formatted(id.substring("db_".length())));
  }

  /**
   * Every operation there was of a database: kind and outcome.
   *
   * @param id as any API shows it
   */
  String operations(String id) {
    return ask(
        """
        select string_agg(kind || ' ' || outcome, ', ' order by started_at)
        from operation where instance = (select id from instance where short_id = '%s')
        """
            .formatted(id.substring("db_".length())));
  }

  /**
   * Why operations of a database failed.
   *
   * @param id as any API shows it
   */
  String reasons(String id) {
    return ask(
        """
        select string_agg(kind || ': ' || reason, ', ' order by started_at)
        from operation where instance = (select id from instance where short_id = '%s')
        """
            .formatted(id.substring("db_".length())));
  }
}
