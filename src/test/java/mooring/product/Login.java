package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** A client of a database that logs in with published credentials, over TLS. */
record Login(String host, int port, String user, String password, String database) {
  static Login of(JsonObject credentials) {
    return new Login(
        credentials.getString("host"),
        credentials.getInteger("port"),
        credentials.getString("username"),
        credentials.getString("password"),
        credentials.getString("database"));
  }

  /** The first column of the first row. */
  String ask(String query) throws SQLException {
    return ask(query, properties());
  }

  /**
   * The same, of a server that an authority vouches for.
   *
   * @param authority a file with its certificate
   */
  String ask(String query, Path authority) throws SQLException {
    Properties properties = properties();
    properties.setProperty("sslmode", "verify-ca");
    properties.setProperty("sslrootcert", authority.toString());
    return ask(query, properties);
  }

  private String ask(String query, Properties properties) throws SQLException {
    try (Connection connection = connect(properties);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }

  /** Until a server that takes over a change by itself answers so. */
  void awaits(String query, String answer) {
    await()
        .ignoreExceptionsInstanceOf(SQLException.class)
        .untilAsserted(() -> assertThat(ask(query)).isEqualTo(answer));
  }

  /** Until nobody is let in any more, with such a message. */
  void awaitsRefusal(String message) {
    await()
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> ask("select 1"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining(message));
  }

  void run(String... commands) throws SQLException {
    try (Connection connection = connect(properties());
        Statement statement = connection.createStatement()) {
      for (String command : commands) {
        statement.execute(command);
      }
    }
  }

  private Properties properties() {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("sslmode", "require");
    properties.setProperty("connectTimeout", "5");
    return properties;
  }

  private Connection connect(Properties properties) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://" + host + ":" + port + "/" + database, properties);
  }

  @Override
  public String toString() {
    return user + "@" + host + ":" + port + "/" + database;
  }
}
