package mooring.local.operator;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import mooring.local.postgres.PostgresException;
import mooring.local.postgres.ServerConfiguration;

/**
 * A backup that a running server knows of: from its beginning to its end the files may be copied,
 * and the write-ahead log of that time is kept for it by a slot that ends with the session.
 */
final class BackupSession implements AutoCloseable {
  /** The checkpoint at the beginning has to write everything that is only in memory. */
  private static final int LIMIT_SECONDS = 600;

  private static final int NEW_NAMES = 15;

  private final Connection connection;
  private final int major;

  private BackupSession(Connection connection, int major) {
    this.connection = connection;
    this.major = major;
  }

  /**
   * How a backup ended.
   *
   * @param label what has to be put into the copy as {@code backup_label}
   * @param beginWal the first segment it needs
   * @param endWal the last one
   * @param consistentAt the server's time when everything it needs was written
   */
  record End(String label, String beginWal, String endWal, Instant consistentAt) {}

  static BackupSession begin(ServerConfiguration server, String password, String label) {
    Connection connection = Administration.connect(server, password, LIMIT_SECONDS);
    try {
      int major = connection.getMetaData().getDatabaseMajorVersion();
      BackupSession session = new BackupSession(connection, major);
      session.ask(
          "SELECT pg_create_physical_replication_slot("
              + "'mooring_backup_' || pg_backend_pid(), true, true)");
      String start =
          major < NEW_NAMES
              ? "SELECT pg_start_backup(?, true, false)"
              : "SELECT pg_backup_start(?, true)";
      try (PreparedStatement statement = connection.prepareStatement(start)) {
        statement.setString(1, label);
        statement.executeQuery().close();
      }
      return session;
    } catch (SQLException e) {
      new BackupSession(connection, 0).close();
      throw Administration.failure("cannot begin a backup", e);
    }
  }

  int major() {
    return major;
  }

  End end() {
    String stop = major < NEW_NAMES ? "pg_stop_backup(false, false)" : "pg_backup_stop(false)";
    String query = "SELECT labelfile, spcmapfile, pg_walfile_name(lsn) FROM " + stop;
    try (Statement statement = connection.createStatement()) {
      String label;
      String endWal;
      try (ResultSet rows = statement.executeQuery(query)) {
        rows.next();
        label = rows.getString(1);
        endWal = rows.getString(3);
        if (rows.getString(2) != null && !rows.getString(2).isBlank()) {
          throw new PostgresException("the database has tablespaces of its own");
        }
      }
      try (ResultSet rows = statement.executeQuery("SELECT clock_timestamp()")) {
        rows.next();
        Instant time = rows.getObject(1, OffsetDateTime.class).toInstant();
        return new End(label, beginWal(label), endWal, time);
      }
    } catch (SQLException e) {
      throw Administration.failure("cannot end a backup", e);
    }
  }

  /** From its first line: {@code START WAL LOCATION: 0/2000028 (file 000000010000000000000002)}. */
  private static String beginWal(String label) {
    int begin = label.indexOf("(file ") + "(file ".length();
    return label.substring(begin, label.indexOf(')', begin));
  }

  private void ask(String query) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(query);
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
