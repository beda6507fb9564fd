package mooring.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.reactivex.rxjava3.core.Single;
import io.vertx.rxjava3.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import mooring.FreePort;
import mooring.core.Address;
import mooring.core.Credentials;
import mooring.core.Desired;
import mooring.core.Instance;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.ReplicaServer;
import mooring.core.Samples;
import mooring.core.ServerInventory;
import mooring.core.SourceSilentException;
import mooring.local.postgres.Bootstrap;
import mooring.local.postgres.CertificateAuthority;
import mooring.local.postgres.DataDirectory;
import mooring.local.postgres.PostgresException;
import mooring.local.postgres.PostgresInstallation;
import mooring.local.postgres.PostgresServer;
import mooring.local.postgres.ServerConfiguration;
import mooring.local.postgres.ServerNames;
import mooring.local.postgres.TestBinaries;
import mooring.local.postgres.WalArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that archives as CloudNativePG has it do: what was written, after a while, and nothing
 * when nothing was.
 */
@Tag("slow")
class ServerLogTest {
  private static final String HOST = "127.78.0.1";
  private static final Credentials LOGIN = new Credentials("owner", "s3cret", "shop");
  private static final String NOT_REACHED =
      "recovery ended before configured recovery target was reached";

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final PostgresInstallation installation = TestBinaries.ALL.installation(16);
  private WalArchive archive;
  private PostgresServer server;
  private PostgresServer recovered;
  private Instance source;
  private ServerLog log;

  @BeforeEach
  void startTheSource() throws IOException, SQLException {
    DataDirectory data = new DataDirectory(folder("source").resolve("pgdata"));
    data.create(
        installation, Bootstrap.of("super", LOGIN.username(), LOGIN.password(), LOGIN.database()));
    copy(data.path(), directory.resolve("backup"));
    archive = new WalArchive(directory.resolve("archive"));
    archive.create();
    CertificateAuthority authority = CertificateAuthority.in(directory.resolve("ca"));
    Path certificate = directory.resolve("server.crt");
    Path key = directory.resolve("server.key");
    assertThat(
            new ServerNames("db-1", Set.of(), Set.of("db-1-rw"))
                .ensureCertified(authority, certificate, key))
        .isTrue();
    Map<String, String> settings =
        Map.of(
            "ssl",
            "on",
            "ssl_cert_file",
            certificate.toString(),
            "ssl_key_file",
            key.toString(),
            "archive_mode",
            "on",
            "archive_command",
            archive.archiveCommand(),
            "archive_timeout",
            "1s",
            // It commits, too, a minute after the start.
            "autovacuum",
            "off");
    server =
        PostgresServer.start(
            installation, data, listening(settings, "hostssl all all all scram-sha-256"));
    try (Connection connection = connect(server, Bootstrap.SUPERUSER, "super");
        var statement = connection.createStatement()) {
      // Until its first checkpoint, a server looks at archive_timeout every 5 minutes only.
      statement.execute("checkpoint");
    }
    source = sourceAt(server.configuration().port());
    log = asking("ca");
  }

  @AfterEach
  void stop() {
    PostgresServer.stopAll(
        Stream.of(server, recovered).filter(one -> one != null).toList(), Duration.ofSeconds(5));
    vertx.close().blockingAwait();
  }

  @Test
  void aMomentAfterTheLastCommitIsReachedByTheMarkOnly() throws Exception {
    Instant moment = written(1);
    // Whoever looks at the source commits nothing.
    String last = lastSegment();
    await().until(() -> archived(last));
    assertThatThrownBy(() -> rowsAt(moment, "too-early"))
        .isInstanceOf(PostgresException.class)
        .hasMessageContaining(NOT_REACHED);

    String mark = log.mark(source, LOGIN, moment).blockingGet();
    await().until(() -> archived(mark));
    assertThat(archive.holds(mark)).isTrue();
    assertThat(written(2)).isAfter(moment);

    assertThat(rowsAt(moment, "in-time")).isEqualTo("1");
  }

  @Test
  void noMarkIsMadeForAMomentThatIsStillToCome() {
    Instant later = Instant.now().plus(Duration.ofHours(1));
    assertThat(log.mark(source, LOGIN, later).blockingGet()).isNull();
  }

  @Test
  void aServerTellsWhatAnUpgradeHasToDealWith() throws SQLException {
    try (Connection connection = connect(server, Bootstrap.SUPERUSER, "super");
        var statement = connection.createStatement()) {
      statement.execute("create database closed");
      statement.execute("revoke connect on database closed from public");
    }
    ServerInventory.Inventory seen =
        new PostgresInventory(connections("ca")).of(source, LOGIN).blockingGet();
    assertThat(seen.restartPending()).isFalse();
    assertThat(seen.prepared()).isFalse();
    assertThat(seen.databases())
        .contains(
            new ServerInventory.Within("closed", false, List.of()),
            new ServerInventory.Within("shop", true, List.of("plpgsql")));
  }

  @Test
  void whatIsStillToBeWrittenIsNotArchived() {
    assertThat(archived("0000000100000000000000FF")).isFalse();
  }

  @Test
  void aServerThatAnotherAuthorityCertifiedIsToldNothing() {
    assertThat(CertificateAuthority.in(directory.resolve("other"))).isNotNull();
    ServerLog misled = asking("other");
    assertThatThrownBy(() -> misled.mark(source, LOGIN, Instant.EPOCH).blockingGet())
        .hasMessageContaining("SSL");
  }

  @Test
  void aServerThatIsDownIsAFailure() {
    server.stop(Duration.ofSeconds(5));
    assertThatThrownBy(() -> log.mark(source, LOGIN, Instant.EPOCH).blockingGet())
        .hasMessageContaining("refused");
  }

  @Test
  void aServerSaysHowItStandsAndWhomItRefuses() throws SQLException {
    ReplicaStanding standing = new ReplicaStanding(connections("ca"));
    assertThat(standing.standing(source, LOGIN).blockingGet())
        .isEqualTo(ReplicaServer.Standing.PRIMARY);
    Credentials wrong = new Credentials("owner", "another", "shop");
    assertThatThrownBy(() -> standing.standing(source, wrong).blockingGet())
        .isInstanceOfSatisfying(
            SourceSilentException.class, e -> assertThat(e.answered()).isTrue());
    try (Connection connection = connect(server, Bootstrap.SUPERUSER, "super");
        var statement = connection.createStatement()) {
      statement.execute("alter system set max_prepared_transactions = 7");
      statement.execute("select pg_reload_conf()");
    }
    await()
        .until(
            () ->
                standing.standing(source, LOGIN).blockingGet()
                    == ReplicaServer.Standing.RESTARTING);
    server.stop(Duration.ofSeconds(5));
    assertThatThrownBy(() -> standing.standing(source, LOGIN).blockingGet())
        .isInstanceOfSatisfying(
            SourceSilentException.class, e -> assertThat(e.answered()).isFalse());
  }

  @Test
  void theOwnersFunctionsDoNotAnswer() throws Exception {
    try (Connection connection = connect(server);
        var statement = connection.createStatement()) {
      statement.execute("create schema own");
      statement.execute(
          "create function own.pg_walfile_name(pg_lsn) returns text language sql"
              + " as 'select repeat(''x'', 1000)'");
      statement.execute("alter role owner set search_path = own, pg_catalog");
    }

    assertThat(log.mark(source, LOGIN, Instant.EPOCH).blockingGet()).matches("[0-9A-F]{24}");
  }

  @Test
  void aServerThatAcceptsAndSaysNothingIsGivenUpSoon() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
      assertThatThrownBy(
              () -> log.mark(sourceAt(silent.getLocalPort()), LOGIN, Instant.EPOCH).blockingGet())
          .isInstanceOf(SourceSilentException.class)
          .hasMessageContaining("within 3 s");
    }
  }

  private ServerLog asking(String folder) {
    return new ServerLog(connections(folder));
  }

  private ServerConnections connections(String folder) {
    return new ServerConnections(
        vertx,
        unused -> Single.fromCallable(() -> authority(folder)),
        one -> Single.just(one.address()));
  }

  private String authority(String folder) throws IOException {
    return Files.readString(directory.resolve(folder).resolve("ca.crt"));
  }

  private boolean archived(String segment) {
    return log.archived(source, LOGIN, segment).blockingGet();
  }

  /** One more row; returns a moment after its commit, by the server's clock. */
  private Instant written(int row) throws SQLException {
    try (Connection connection = connect(server)) {
      try (var statement = connection.createStatement()) {
        statement.execute("create table if not exists orders (id int)");
        statement.execute("insert into orders values (" + row + ")");
      }
      try (var statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("select clock_timestamp()")) {
        assertThat(rows.next()).isTrue();
        return rows.getObject(1, OffsetDateTime.class).toInstant();
      }
    }
  }

  private String lastSegment() throws SQLException {
    try (Connection connection = connect(server)) {
      return ask(connection, "select pg_walfile_name(pg_current_wal_insert_lsn() - 1)");
    }
  }

  /** What a server has that was recovered to a moment. */
  private String rowsAt(Instant moment, String name) throws Exception {
    DataDirectory data = new DataDirectory(folder(name).resolve("pgdata"));
    copy(directory.resolve("backup"), data.path());
    Files.createFile(data.path().resolve("recovery.signal"));
    Map<String, String> settings =
        Map.of(
            "restore_command",
            WalArchive.restoreCommand(List.of(archive)),
            "recovery_target_time",
            // As CloudNativePG writes it; PostgreSQL takes no Z here.
            moment.toString().replace("Z", "+00").replace("T", " "),
            "recovery_target_action",
            "promote",
            "hot_standby",
            "off");
    recovered =
        PostgresServer.start(
            installation, data, listening(settings, "host all all all scram-sha-256"));
    try (Connection connection = connect(recovered)) {
      return ask(connection, "select count(*) from orders");
    }
  }

  private static ServerConfiguration listening(Map<String, String> settings, String rule)
      throws IOException {
    return ServerConfiguration.listeningAt(
        HOST, FreePort.next(HOST), new TreeMap<>(settings), List.of(rule));
  }

  private Path folder(String name) throws IOException {
    return Files.createDirectory(directory.resolve(name));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path unused =
            Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  private static Connection connect(PostgresServer server) throws SQLException {
    return connect(server, LOGIN.username(), LOGIN.password());
  }

  private static Connection connect(PostgresServer server, String user, String password)
      throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://" + HOST + ":" + server.configuration().port() + "/" + LOGIN.database(),
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

  private static Instance sourceAt(int port) {
    Instance any =
        Samples.instance(
            Desired.RUNNING, Samples.operation(OperationKind.CREATE, Outcome.SUCCEEDED, 1L));
    return new Instance(
        any.id(),
        any.shortId(),
        any.tenant(),
        any.origin(),
        any.name(),
        any.handle(),
        any.spec(),
        new Address(HOST, port),
        LOGIN.username(),
        LOGIN.database(),
        any.desired(),
        any.setup(),
        any.contents(),
        null,
        any.attributes(),
        any.createdAt(),
        any.deletedAt(),
        any.revision(),
        any.operation());
  }
}
