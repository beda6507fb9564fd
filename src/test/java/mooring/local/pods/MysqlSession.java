package mooring.local.pods;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.util.Optional;

/** A connection to MySQL that stays open, so that what others are refused can be counted on it. */
final class MysqlSession implements AutoCloseable {
  private final Process client;
  private final BufferedWriter asked;
  private final BufferedReader said;

  private MysqlSession(Process client) {
    this.client = client;
    this.asked = client.outputWriter();
    this.said = client.inputReader();
  }

  /** Empty if the server refuses it. */
  static Optional<MysqlSession> open(String host, String user, String password) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                "mysql",
                "--no-defaults",
                "--protocol=TCP",
                "--batch",
                "--unbuffered",
                "-N",
                "-h",
                host,
                "-u",
                user)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("MYSQL_PWD", password);
    var session = new MysqlSession(builder.start());
    boolean open = false;
    try {
      open = "1".equals(session.answer("select 1"));
    } finally {
      if (!open) {
        session.close();
      }
    }
    return open ? Optional.of(session) : Optional.empty();
  }

  /** The only line of an answer; null from a server that has ended the connection. */
  String answer(String sql) throws IOException {
    try {
      asked.write(sql + ";");
      asked.newLine();
      asked.flush();
    } catch (IOException e) {
      return null; // the client has ended already
    }
    return said.readLine();
  }

  /** Ends the connection; its place is free soon after. */
  @Override
  public void close() {
    try {
      asked.close();
    } catch (IOException e) {
      // the client has ended already
    }
    client.destroy();
  }
}
