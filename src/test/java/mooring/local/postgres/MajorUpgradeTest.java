package mooring.local.postgres;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
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

  /** As pg_upgrade does, and then it takes its time. */
  private static final String STARTS_A_SERVER =
      """
      #!/bin/sh
      for word; do case $word in
        --old-datadir=*) data=${word#*=};; --socketdir=*) sockets=${word#*=};;
      esac; done
      %s/pg_ctl -w -D "$data" -l "$sockets/log" -o "-k $sockets -c listen_addresses=''" start
      sleep 600
      """;

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
    Path broken = programs("#!/bin/sh\necho error: no\nexit 1\n");

    assertThatThrownBy(() -> new MajorUpgrade(PROGRAMS, broken).run(data))
        .isInstanceOf(PostgresException.class)
        .hasMessageContaining("error: no");

    assertThat(asking("select value from kept")).isEqualTo("42");
    assertThat(directory).isDirectoryNotContaining("glob:**pgdata.*");
  }

  @Test
  void aStopInItsMiddleLeavesNoServer() throws Exception {
    assertThat(asking("create table kept as select 42 as value")).isEmpty();
    Path programs = programs(STARTS_A_SERVER.formatted(PROGRAMS));
    AtomicReference<Throwable> failure = new AtomicReference<>();
    AtomicBoolean interrupted = new AtomicBoolean();
    Thread upgrade =
        new Thread(
            () -> {
              try {
                new MajorUpgrade(PROGRAMS, programs).run(data);
              } catch (PostgresException e) {
                failure.set(e);
                interrupted.set(Thread.currentThread().isInterrupted());
              }
            });
    upgrade.start();
    await()
        .atMost(60, SECONDS)
        .until(() -> PostmasterPid.read(data.path()).filter(PostmasterPid::isReady).isPresent());
    upgrade.interrupt();
    upgrade.join(60_000);

    assertThat(failure.get()).hasMessageContaining("interrupted");
    assertThat(interrupted).isTrue();
    assertThat(LeftOverServer.postmaster(data.path())).isEmpty();
    assertThat(data.isShutDown()).as("in order").isTrue();
    assertThat(asking("select value from kept")).isEqualTo("42");
    assertThat(directory).isDirectoryNotContaining("glob:**pgdata.*");
  }

  @Test
  void whatAnEarlierRunHasLeftIsEnded() throws Exception {
    Path unfinished = Files.createDirectory(directory.resolve("pgdata.upgrading"));
    Process left =
        new ProcessBuilder("sh", "-c", "sleep 600; :", "pg_upgrade", "--new-datadir=" + unfinished)
            .start();
    try {
      assertThat(MajorUpgrade.stopLeftOver(directory.resolve("other"))).isFalse();
      assertThat(left.isAlive()).isTrue();
      assertThat(MajorUpgrade.stopLeftOver(data.path())).as("a server").isFalse();
      assertThat(left.waitFor(30, SECONDS)).isTrue();
    } finally {
      left.descendants().forEach(ProcessHandle::destroyForcibly);
      Process unused = left.destroyForcibly();
    }
  }

  /** Those of the version, but for an upgrade that is a script. */
  private Path programs(String script) throws IOException {
    Path programs = Files.createDirectory(directory.resolve("bin"));
    for (String program : List.of("initdb", "postgres")) {
      Path unused = Files.createSymbolicLink(programs.resolve(program), PROGRAMS.resolve(program));
    }
    Path upgrade = Files.writeString(programs.resolve("pg_upgrade"), script);
    assertThat(upgrade.toFile().setExecutable(true)).isTrue();
    return programs;
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
