package mooring.local.operator;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Properties;
import mooring.local.postgres.Bootstrap;
import mooring.local.postgres.PostgresException;
import mooring.local.postgres.ServerConfiguration;
import mooring.local.postgres.SqlText;

/** The superuser's session with a running server. Every call is bounded to some seconds. */
final class Administration implements AutoCloseable {
  private final Connection connection;

  private Administration(Connection connection) {
    this.connection = connection;
  }

  static Administration open(ServerConfiguration server, String password) {
    Properties properties = new Properties();
    properties.setProperty("user", Bootstrap.SUPERUSER);
    properties.setProperty("password", password);
    properties.setProperty("sslmode", "require");
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "10");
    properties.setProperty("ApplicationName", "mooring-operator");
    String host = server.host().contains(":") ? "[" + server.host() + "]" : server.host();
    try {
      return new Administration(
          DriverManager.getConnection(
              "jdbc:postgresql://" + host + ":" + server.port() + "/postgres", properties));
    } catch (SQLException e) {
      throw failure("cannot reach the server at " + server.host() + ":" + server.port(), e);
    }
  }

  void setPassword(String role, String password) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "ALTER ROLE "
              + SqlText.identifier(role)
              + " PASSWORD "
              + SqlText.literal(Bootstrap.verifier(password)));
    } catch (SQLException e) {
      throw failure("cannot set the password of a role", e);
    }
  }

  /** Whether one of these settings takes effect only when the server starts. */
  boolean needRestart(Collection<String> settings) {
    String query =
        "SELECT EXISTS (SELECT FROM pg_settings WHERE context = 'postmaster' AND name = ANY (?))";
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setArray(1, connection.createArrayOf("text", settings.toArray()));
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getBoolean(1);
      }
    } catch (SQLException e) {
      throw failure("cannot read pg_settings", e);
    }
  }

  private static PostgresException failure(String what, SQLException e) {
    return new PostgresException(what + " (SQLSTATE " + e.getSQLState() + ")", e);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failure("cannot close a session", e);
    }
  }
}
