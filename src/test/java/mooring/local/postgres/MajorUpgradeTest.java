package mooring.local.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * PostgreSQL's upgrade program is there for one version on the machines that build this; it also
 * takes data from a version to the same one.
 */
@Tag("slow")
class MajorUpgradeTest {
  private static final int MAJOR = 15;
  private static final Path PROGRAMS = Path.of("/usr/lib/postgresql/15/bin");

  @TempDir Path directory;
  private DataDirectory data;

  @BeforeEach
  void makeData() throws Exception {
    assumeTrue(Files.isExecutable(PROGRAMS.resolve("pg_upgrade")), "no pg_upgrade 15");
    data = new DataDirectory(directory.resolve("pgdata"));
    data.create(
        TestBinaries.ALL.installation(MAJOR), Bootstrap.of("super", "app", "secret", "my_app"));
  }

  @Test
  void theDataIsThereAfterwards() throws SQLException {
    String before = asking("create table kept as select 42 as value");
    assertThat(before).isEmpty();

    new MajorUpgrade(PROGRAMS, PROGRAMS).run(data);

    assertThat(data.major()).hasValue(MAJOR);
    assertThat(asking("select value from kept")).isEqualTo("42");
    assertThat(directory).isDirectoryNotContaining("glob:**pgdata.*");
  }

  @Test
  void aFailureLeavesTheDataAsItWas() throws Exception {
    assertThat(asking("create table kept as select 42 as value")).isEmpty();
    Path broken = Files.createDirectory(directory.resolve("bin"));
    for (String program : List.of("initdb", "postgres")) {
      Files.createSymbolicLink(broken.resolve(program), PROGRAMS.resolve(program));
    }
    Path upgrade =
        Files.writeString(broken.resolve("pg_upgrade"), "#!/bin/sh\necho error: no\nexit 1\n");
    assertThat(upgrade.toFile().setExecutable(true)).isTrue();

    assertThatThrownBy(() -> new MajorUpgrade(PROGRAMS, broken).run(data))
        .isInstanceOf(PostgresException.class)
        .hasMessageContaining("error: no");

    assertThat(asking("select value from kept")).isEqualTo("42");
    assertThat(directory).isDirectoryNotContaining("glob:**pgdata.*");
  }

  @Test
  void aMachineWithoutTheProgramsOfBothVersionsCannot() {
    assertThat(MajorUpgrade.between(MAJOR, MAJOR)).isEmpty();
    assertThat(MajorUpgrade.between(MAJOR, 99)).isEmpty();
    assertThat(MajorUpgrade.between(99, MAJOR)).isEmpty();
  }

  private String asking(String query) throws SQLException {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    String host = "127.88." + random.nextInt(1, 255) + "." + random.nextInt(1, 255);
    ServerConfiguration configuration =
        ServerConfiguration.listeningAt(
            host, 5432, Map.of(), List.of("host all all 127.0.0.0/8 scram-sha-256"));
    PostgresServer server =
        PostgresServer.start(TestBinaries.ALL.installation(MAJOR), data, configuration);
    try (Connection connection =
            DriverManager.getConnection("jdbc:postgresql://" + host + "/my_app", "app", "secret");
        Statement statement = connection.createStatement()) {
      if (!statement.execute(query)) {
        return "";
      }
      try (ResultSet rows = statement.getResultSet()) {
        assertThat(rows.next()).isTrue();
        return rows.getString(1);
      }
    } finally {
      server.stop(Duration.ofSeconds(20));
    }
  }
}
