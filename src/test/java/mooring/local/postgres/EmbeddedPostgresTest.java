package mooring.local.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
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
          .atMost(Duration.ofSeconds(20))
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
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                EmbeddedPostgresMain.class.getName(),
                directory.toString(),
                "16")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long pid;
    try (BufferedReader output = program.inputReader(StandardCharsets.UTF_8)) {
      String line = output.readLine();
      while (line != null && !line.startsWith("pid ")) {
        line = output.readLine();
      }
      assertThat(line).isNotNull();
      pid = Long.parseLong(line.substring(4));
    } finally {
      program.destroyForcibly();
    }
    assertThat(program.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(ProcessHandle.of(pid)).get().matches(ProcessHandle::isAlive);

    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, TestBinaries.ALL, 16)) {
      assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
      execute(postgres, "select 1");
    }
  }

  private static void execute(EmbeddedPostgres postgres, String sql) throws SQLException {
    String url =
        "jdbc:postgresql://" + postgres.host() + ":" + postgres.port() + "/" + postgres.database();
    try (Connection connection =
            DriverManager.getConnection(url, postgres.user(), postgres.password());
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
