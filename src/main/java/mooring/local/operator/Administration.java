package mooring.local.operator;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.OptionalLong;
import java.util.Properties;
import mooring.local.postgres.Bootstrap;
import mooring.local.postgres.PostgresException;
import mooring.local.postgres.ServerConfiguration;
import mooring.local.postgres.SqlText;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** The superuser's session with a running server. Every call is bounded to some seconds. */
final class Administration implements AutoCloseable {
  /**
   * A tenant may own the database, and with it its functions and its settings: none of them is to
   * take part. What a client says itself comes before what is set for the database.
   */
  private static final String OWN_SETTINGS =
      "-c search_path=pg_catalog"
          + " -c role=none"
          + " -c default_transaction_read_only=off"
          // What it does is done anew after a failover; it waits for no standby.
          + " -c synchronous_commit=local"
          + " -c statement_timeout=0"
          + " -c lock_timeout=0"
          + " -c idle_session_timeout=0"
          + " -c idle_in_transaction_session_timeout=0";

  private final Connection connection;

  private Administration(Connection connection) {
    this.connection = connection;
  }

  static Administration open(ServerConfiguration server, String password) {
    return new Administration(connect(server, password, 10));
  }

  /** A superuser's connection whose statements may take so many seconds. */
  static Connection connect(ServerConfiguration server, String password, int seconds) {
    Properties properties = new Properties();
    properties.setProperty("user", Bootstrap.SUPERUSER);
    properties.setProperty("password", password);
    properties.setProperty("sslmode", "require");
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", Integer.toString(seconds));
    properties.setProperty("ApplicationName", "mooring-operator");
    properties.setProperty("options", OWN_SETTINGS);
    String host = server.host().contains(":") ? "[" + server.host() + "]" : server.host();
    try {
      return DriverManager.getConnection(
          "jdbc:postgresql://" + host + ":" + server.port() + "/postgres", properties);
    } catch (SQLException e) {
      throw failure("cannot reach the server at " + server.host() + ":" + server.port(), e);
    }
  }

  /** Makes a role or changes it, its password with it, in one statement. */
  void keepRole(String role, String attributes, String password) {
    boolean exists = roleTransaction(role).isPresent();
    String change = attributes.isEmpty() ? "" : " " + attributes;
    if (password != null) {
      change += " PASSWORD " + SqlText.literal(Bootstrap.verifier(password));
    }
    if (exists && change.isEmpty()) {
      return;
    }
    String verb = exists ? "ALTER ROLE " : "CREATE ROLE ";
    execute(verb + SqlText.identifier(role) + change, "cannot change a role");
  }

  void dropRole(String role) {
    executeOpenly("DROP ROLE IF EXISTS " + SqlText.identifier(role), "cannot drop the role");
  }

  /**
   * Makes a database, or gives it its owner.
   *
   * @param options of a new one: as SQL, such as {@code TEMPLATE template0}; empty for none
   */
  void keepDatabase(String name, String owner, String options) {
    String now = ownerOf(name);
    String to = SqlText.identifier(owner);
    if (now == null) {
      executeOpenly(
          "CREATE DATABASE " + SqlText.identifier(name) + " OWNER " + to + options,
          "cannot create the database");
    } else if (!now.equals(owner)) {
      executeOpenly(
          "ALTER DATABASE " + SqlText.identifier(name) + " OWNER TO " + to,
          "cannot change the database's owner");
    }
  }

  /** Fails as {@link #dropDatabase} does, but at once: it waits 5 s for sessions to end. */
  void requireUnused(String database) {
    String query =
        "SELECT count(*) FROM pg_stat_activity"
            + " WHERE datname = ? AND backend_type <> 'autovacuum worker'";
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, database);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        if (rows.getLong(1) > 0) {
          throw new PostgresException(
              "cannot drop the database: database \""
                  + database
                  + "\" is being accessed by other users");
        }
      }
    } catch (SQLException e) {
      throw failure("cannot read pg_stat_activity", e);
    }
  }

  void dropDatabase(String name) {
    executeOpenly(
        "DROP DATABASE IF EXISTS " + SqlText.identifier(name), "cannot drop the database");
  }

  /** Null when there is no such database. */
  private String ownerOf(String database) {
    String query = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = ?";
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, database);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? rows.getString(1) : null;
      }
    } catch (SQLException e) {
      throw failure("cannot read pg_database", e);
    }
  }

  /** For a statement without a secret: what the server says of it may be told. */
  private void executeOpenly(String sql, String failure) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw failure(failure + said(e), e);
    }
  }

  private static String said(SQLException e) {
    ServerErrorMessage message =
        e instanceof PSQLException refusal ? refusal.getServerErrorMessage() : null;
    if (message == null) {
      return "";
    }
    String detail = message.getDetail() == null ? "" : " (" + message.getDetail() + ")";
    return ": " + message.getMessage() + detail.replace("\n", ", ");
  }

  /** The transaction that changed a role last; empty when there is no such role. */
  OptionalLong roleTransaction(String role) {
    String query = "SELECT xmin::text::bigint FROM pg_authid WHERE rolname = ?";
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, role);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? OptionalLong.of(rows.getLong(1)) : OptionalLong.empty();
      }
    } catch (SQLException e) {
      throw failure("cannot read pg_authid", e);
    }
  }

  /** Who can log in with a password, and its verifier, a line each as PgBouncer reads them. */
  String verifiers() {
    String query =
        "SELECT rolname, rolpassword FROM pg_authid WHERE rolcanlogin AND NOT rolsuper"
            + " AND rolpassword LIKE 'SCRAM-SHA-256$%' AND rolname !~ '[\\n\\r]' ORDER BY 1";
    StringBuilder lines = new StringBuilder();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        String role = rows.getString(1).replace("\"", "\"\"");
        lines.append('"').append(role).append("\" \"").append(rows.getString(2)).append("\"\n");
      }
    } catch (SQLException e) {
      throw failure("cannot read pg_authid", e);
    }
    return lines.toString();
  }

  private void execute(String sql, String failure) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw failure(failure, e);
    }
  }

  /**
   * Ends the segment of write-ahead log that is written now, after a commit of its own: a recovery
   * to any time before finds a later one in it.
   *
   * @return the name of the segment
   */
  String endSegment() {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_logical_emit_message(true, 'mooring', 'recovery')");
      try (ResultSet rows = statement.executeQuery("SELECT pg_walfile_name(pg_switch_wal())")) {
        rows.next();
        return rows.getString(1);
      }
    } catch (SQLException e) {
      throw failure("cannot end a segment", e);
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

  static PostgresException failure(String what, SQLException e) {
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
