package mooring.local.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {
  @TempDir Path directory;

  @AfterEach
  void leaveNoProcess() {
    LeftOverServer.stop(directory.resolve("pgdata"));
  }

  @Test
  void findsItsDataAtTheSameAddressAgain() throws Exception {
    String uri;
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, TestBinaries.ALL, 16)) {
      uri = postgres.uri();
      execute(postgres, "create table kept as select 42 as value");
    }

    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, TestBinaries.ALL, 14)) {
      assertThat(postgres.uri()).isEqualTo(uri);
      execute(postgres, "insert into kept values (43)");
    }
    assertThat(LeftOverServer.postmaster(directory.resolve("pgdata"))).isEmpty();
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("password"))))
        .isEqualTo("rw-------");
  }

  @Test
  void comesBackWhenItsServerIsKilled() {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, TestBinaries.ALL, 16)) {
      long pid = postgres.pid();
      Signals.KILL.send(pid);

      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptions()
          .untilAsserted(
              () -> {
                assertThat(postgres.pid()).isNotEqualTo(pid);
                execute(postgres, "select 1");
              });
    }
  }

  @Test
  void aKilledProgramLeavesOneServerAfterTheNextStart() throws Exception {
    Process program = startProgram(List.of());
    long pid;
    try (BufferedReader output = program.inputReader(StandardCharsets.UTF_8)) {
      pid = number(output, "pid ");
    } finally {
      program.destroyForcibly();
    }
    assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(ProcessHandle.of(pid)).get().matches(ProcessHandle::isAlive);

    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, TestBinaries.ALL, 16)) {
      assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
      execute(postgres, "select 1");
    }
  }

  @Test
  void ctrlCInATerminalReachesTheProgramAndNotItsServer() throws Exception {
    assumeTrue(!OwnSession.commandPrefix().isEmpty(), "no setsid here");
    // Leads a process group as a terminal's foreground job does, and heeds SIGINT in any case.
    Process program = startProgram(List.of("setsid", "env", "--default-signal=INT"));
    long pid;
    int port;
    try (BufferedReader output = program.inputReader(StandardCharsets.UTF_8)) {
      pid = number(output, "pid ");
      port = (int) number(output, "port ");

      assertThat(session(program.pid())).isEqualTo(program.pid());
      assertThat(session(pid)).isEqualTo(pid);
      Signals.INT.send(-program.pid());

      assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      program.destroyForcibly();
    }

    // One that was told to shut down lets nobody in any more.
    execute(port, Files.readString(directory.resolve("password")).trim(), "select 1");
    assertThat(ProcessHandle.of(pid)).get().matches(ProcessHandle::isAlive);
  }

  private Process startProgram(List<String> prefix) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            EmbeddedPostgresMain.class.getName(),
            directory.toString(),
            "16"));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static long number(BufferedReader output, String label) throws IOException {
    String line = output.readLine();
    while (line != null && !line.startsWith(label)) {
      line = output.readLine();
    }
    assertThat(line).isNotNull();
    return Long.parseLong(line.substring(label.length()));
  }

  /** The session of a process: the fourth field behind its name. */
  private static long session(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[3]);
  }

  private static void execute(EmbeddedPostgres postgres, String sql) throws SQLException {
    execute(postgres.port(), postgres.password(), sql);
  }

  private static void execute(int port, String password, String sql) throws SQLException {
    String url = "jdbc:postgresql://127.0.0.1:" + port + "/mooring?connectTimeout=5";
    try (Connection connection = DriverManager.getConnection(url, "mooring", password);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
