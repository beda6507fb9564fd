package mooring.local.operator;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import mooring.local.postgres.Bootstrap;
import mooring.local.postgres.PostgresException;
import mooring.local.postgres.ServerConfiguration;
import mooring.local.postgres.SqlText;

/** The superuser's session with a server about who follows whom. */
final class ReplicationSession implements AutoCloseable {
  /** The role that standbys log in with, as CloudNativePG names it. */
  static final String ROLE = "streaming_replica";

  /** A standby replays all that it has received before it is a primary. */
  private static final int LIMIT_SECONDS = 300;

  private final Connection connection;

  private ReplicationSession(Connection connection) {
    this.connection = connection;
  }

  static ReplicationSession open(ServerConfiguration server, String password) {
    return new ReplicationSession(Administration.connect(server, password, LIMIT_SECONDS));
  }

  /** Lets standbys log in with a password. */
  void keepRole(String password) {
    String name = SqlText.literal(ROLE);
    String role = SqlText.identifier(ROLE);
    execute(
        "DO "
            + SqlText.literal(
                "BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = "
                    + (name + ") THEN CREATE ROLE " + role + "; END IF; END")));
    execute(
        "ALTER ROLE "
            + role
            + " LOGIN REPLICATION PASSWORD "
            + SqlText.literal(Bootstrap.verifier(password)));
  }

  /** The standbys that have caught up with this server, by name. */
  Set<String> streaming() {
    return standbys("SELECT application_name FROM pg_stat_replication WHERE state = 'streaming'");
  }

  private Set<String> standbys(String query) {
    Set<String> names = new HashSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
      return names;
    } catch (SQLException e) {
      throw Administration.failure("cannot read pg_stat_replication", e);
    }
  }

  /** Up to where this standby has the primary's write-ahead log, in bytes from its beginning. */
  long received() {
    String query =
        "SELECT greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) - '0/0'::pg_lsn";
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getBigDecimal(1).longValueExact();
    } catch (SQLException e) {
      throw Administration.failure("cannot tell what was received", e);
    }
  }

  /** Makes this standby a primary; returns when it is one. */
  void promote() {
    String query = "SELECT pg_promote(true, " + LIMIT_SECONDS + ") OR NOT pg_is_in_recovery()";
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      if (!rows.getBoolean(1)) {
        throw new PostgresException("a standby has not become a primary");
      }
    } catch (SQLException e) {
      throw Administration.failure("cannot promote a standby", e);
    }
  }

  private void execute(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw Administration.failure("cannot keep the role of the standbys", e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw Administration.failure("cannot close a session", e);
    }
  }
}
