package mooring.local.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import mooring.FreePort;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresServerTest {
  private static final List<String> RULES = List.of("host all all all scram-sha-256");
  private static final Duration PING_LIMIT = Duration.ofSeconds(30);
  private static final List<String> TLS_RULES = List.of("hostssl all all all scram-sha-256");

  @TempDir Path directory;
  private DataDirectory data;
  private int port;
  private PostgresServer server;

  @BeforeEach
  void choosePlace() throws IOException {
    data = new DataDirectory(directory.resolve("pgdata"));
    port = FreePort.next("127.78.0.1");
  }

  @AfterEach
  void leaveNoProcess() {
    if (server != null) {
      server.stop(Duration.ofSeconds(5));
    }
    LeftOverServer.stop(data.path());
  }

  @ParameterizedTest
  @ValueSource(ints = {14, 15, 16})
  void runsEveryMajorWithItsRoleAndDatabase(int major) throws SQLException {
    PostgresInstallation installation = create(major);

    server = PostgresServer.start(installation, data, plain(Map.of("work_mem", "7MB")));

    try (Connection connection = connect("owner", "it's \\ secret", "")) {
      assertThat(ask(connection, "show server_version")).isEqualTo(installation.version());
      assertThat(ask(connection, "show work_mem")).isEqualTo("7MB");
      assertThat(ask(connection, "show fsync")).isEqualTo("on");
      assertThat(ask(connection, "show synchronous_commit")).isEqualTo("on");
      assertThat(ask(connection, "show data_checksums")).isEqualTo("on");
      assertThat(
              ask(
                  connection,
                  "select pg_get_userbyid(datdba) from pg_database where datname='some-db'"))
          .isEqualTo("owner");
      assertThat(
              ask(connection, "select rolsuper::text from pg_roles where rolname = current_user"))
          .isEqualTo("false");
    }
    assertThat(data.major()).hasValue(major);
  }

  @Test
  void refusesAWrongPassword() {
    server = PostgresServer.start(create(16), data, plain(Map.of()));

    assertThatThrownBy(() -> connect("owner", "wrong", "").close())
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("password authentication failed");
  }

  @Test
  void keepsWhatWasCommittedWhenKilled() throws Exception {
    PostgresInstallation installation = create(16);
    server = PostgresServer.start(installation, data, plain(Map.of()));
    try (Connection connection = connect("owner", "it's \\ secret", "")) {
      connection.createStatement().execute("create table kept as select 42 as value");
    }
    Signals.KILL.send(server.pid());
    CompletableFuture<Void> exited = new CompletableFuture<>();
    server.whenExited(() -> exited.complete(null));
    assertThat(exited).succeedsWithin(Duration.ofSeconds(30));
    assertThat(server.isAlive()).isFalse();

    server = PostgresServer.start(installation, data, plain(Map.of()));

    try (Connection connection = connect("owner", "it's \\ secret", "")) {
      assertThat(ask(connection, "select value from kept")).isEqualTo("42");
    }
  }

  @Test
  void aSecondStartEndsTheFirstServer() {
    PostgresInstallation installation = create(16);
    PostgresServer first = PostgresServer.start(installation, data, plain(Map.of()));

    server = PostgresServer.start(installation, data, plain(Map.of()));

    assertThat(first.isAlive()).isFalse();
    assertThat(server.isAlive()).isTrue();
  }

  @Test
  void neverSignalsAStrangerNamedInAStalePidFile() throws Exception {
    PostgresInstallation installation = create(16);
    Process stranger = new ProcessBuilder("sleep", "60").start();
    try {
      Files.writeString(
          data.path().resolve("postmaster.pid"), stranger.pid() + "\n" + data.path() + "\n");

      assertThat(LeftOverServer.stop(data.path())).isFalse();

      assertThat(stranger.isAlive()).isTrue();
    } finally {
      stranger.destroyForcibly();
    }
    assertThat(installation.major()).isEqualTo(16);
  }

  @Test
  void encryptsWithACertificateOfItsAddress() throws Exception {
    Path certificate = directory.resolve("server.crt");
    Path key = directory.resolve("server.key");
    CertificateAuthority authority = CertificateAuthority.in(directory.resolve("ca"));
    ServerNames names = new ServerNames("db-1", Set.of("127.78.0.1"), Set.of("db-1.mooring.svc"));
    assertThat(names.ensureCertified(authority, certificate, key)).isTrue();
    assertThat(names.ensureCertified(authority, certificate, key)).isFalse();
    assertThat(
            new ServerNames("db-1", Set.of("127.78.0.2"), Set.of("db-1.mooring.svc"))
                .ensureCertified(
                    CertificateAuthority.in(directory.resolve("ca")), certificate, key))
        .isTrue();
    assertThat(names.ensureCertified(authority, certificate, key)).isTrue();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    Map<String, String> tls =
        Map.of(
            "ssl", "on", "ssl_cert_file", certificate.toString(), "ssl_key_file", key.toString());

    server =
        PostgresServer.start(
            create(16), data, ServerConfiguration.listeningAt("127.78.0.1", port, tls, TLS_RULES));

    String verified = "&sslmode=verify-full&sslrootcert=" + directory.resolve("ca/ca.crt");
    try (Connection connection = connect("owner", "it's \\ secret", verified)) {
      assertThat(ask(connection, "select version from pg_stat_ssl where pid = pg_backend_pid()"))
          .startsWith("TLSv1.");
    }
    assertThatThrownBy(() -> connect("owner", "it's \\ secret", "&sslmode=disable").close())
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("no pg_hba.conf entry");
  }

  @Test
  void readsChangedSettingsWithoutARestart() throws SQLException {
    server = PostgresServer.start(create(16), data, plain(Map.of("work_mem", "7MB")));
    long pid = server.pid();

    server.reload(plain(Map.of("work_mem", "9MB")));

    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              try (Connection connection = connect("owner", "it's \\ secret", "")) {
                assertThat(ask(connection, "show work_mem")).isEqualTo("9MB");
              }
            });
    assertThat(server.pid()).isEqualTo(pid);
  }

  @Test
  void saysWhyItDoesNotStart() throws IOException {
    PostgresInstallation installation = create(16);
    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getByName("127.78.0.1"))) {
      assertThat(taken.isBound()).isTrue();
      assertThatThrownBy(() -> PostgresServer.start(installation, data, plain(Map.of())))
          .isInstanceOf(PostgresException.class)
          .hasMessageContaining("could not bind")
          .hasMessageContaining("127.78.0.1");
    }
    assertThatThrownBy(
            () -> PostgresServer.start(installation, data, plain(Map.of("work_mem", "lots"))))
        .isInstanceOf(PostgresException.class)
        .hasMessageContaining("work_mem");
    assertThat(LeftOverServer.postmaster(data.path())).isEmpty();
  }

  @Test
  void aFailedCreateLeavesNothingBehind() {
    Bootstrap broken =
        new Bootstrap("pw", "UTF8", "C", "C", false, List.of("create nonsense 'hidden word'"));

    assertThatThrownBy(() -> data.create(TestBinaries.ALL.installation(16), broken))
        .isInstanceOf(PostgresException.class)
        .hasMessageContaining("syntax error")
        .hasMessageNotContaining("hidden word");

    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void stopsManyWithinTheLimitAlthoughAClientIsConnected() throws SQLException {
    server = PostgresServer.start(create(16), data, plain(Map.of()));
    try (Connection connection = connect("owner", "it's \\ secret", "")) {
      assertThat(connection.isValid(30)).isTrue();
      long begin = System.nanoTime();

      PostgresServer.stopAll(List.of(server), Duration.ofMinutes(1));

      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));
    }
    assertThat(server.isAlive()).isFalse();
    assertThat(data.path().resolve("postmaster.pid")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(ints = {14, 16})
  void isSaidToTakeConnectionsOnlyWhileItDoes(int major) throws Exception {
    PostgresInstallation installation = create(major);
    ServerConfiguration open = plain(Map.of());
    assertThat(ServerPing.isAnswered(open, PING_LIMIT)).isFalse(); // nobody is there
    server = PostgresServer.start(installation, data, open);
    assertThat(ServerPing.isAnswered(open, PING_LIMIT)).isTrue();

    signal("STOP");
    assertThat(ServerPing.isAnswered(open, Duration.ofMillis(300))).isFalse();
    signal("CONT");
    assertThat(ServerPing.isAnswered(open, PING_LIMIT)).isTrue();

    try (Connection connection = connect("owner", "it's \\ secret", "")) {
      signal("TERM"); // waits for its clients, and takes no others
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(ServerPing.isAnswered(open, PING_LIMIT)).isFalse());
      assertThat(connection.isValid(30)).isTrue();
    }
    assertThat(Files.readString(directory.resolve("server.log")))
        .contains("the database system is shutting down");
  }

  @Test
  void oneThatRefusesTheQuestionTakesConnections() throws Exception {
    PostgresInstallation installation = create(16);
    ServerConfiguration closed =
        ServerConfiguration.listeningAt(
            "127.78.0.1", port, Map.of(), List.of("host all all 203.0.113.1/32 scram-sha-256"));
    server = PostgresServer.start(installation, data, closed);

    assertThat(ServerPing.isAnswered(closed, PING_LIMIT)).isTrue();
  }

  @Test
  void oneThatHangsIsNotGivenTheTimeOfAShutdown() throws Exception {
    server = PostgresServer.start(create(16), data, plain(Map.of()));
    List<ProcessHandle> family =
        ProcessHandle.of(server.pid()).orElseThrow().descendants().toList();
    signal("STOP");
    long begin = System.nanoTime();

    server.stop(Duration.ofMinutes(1));

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));
    assertThat(server.isAlive()).isFalse();
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> family.stream().noneMatch(ProcessHandle::isAlive));
  }

  private void signal(String name) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(server.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  private PostgresInstallation create(int major) {
    PostgresInstallation installation = TestBinaries.ALL.installation(major);
    data.create(installation, Bootstrap.of("super", "owner", "it's \\ secret", "some-db"));
    return installation;
  }

  private ServerConfiguration plain(Map<String, String> parameters) {
    return ServerConfiguration.listeningAt("127.78.0.1", port, new TreeMap<>(parameters), RULES);
  }

  private Connection connect(String user, String password, String options) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.78.0.1:" + port + "/some-db?connectTimeout=5" + options,
        user,
        password);
  }

  private static String ask(Connection connection, String query) throws SQLException {
    try (var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }
}
