package mooring.local.pods;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import mooring.core.Engine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A StatefulSet of a real MySQL server. */
@Timeout(480)
@Tag("slow")
class MysqlPodsTest extends PodTestBase {
  /** More than a probe, a question and what the server has yet to notice the end of. */
  private static final int MAX_CONNECTIONS = 10;

  private static final String HOLDING =
      """
      #!/bin/sh
      case "$*" in
      *%STEP%*)
        if [ ! -e '%HELD%' ]; then
          exec 3<&0
          '%MYSQLD%' "$@" <&3 &
          until [ -n "$(ls -A '%DATA%')" ] || ! kill -0 $!; do sleep 0.01; done
          kill -STOP $!
          : > '%HELD%'
          wait
          exit 1
        fi
        ;;
      esac
      exec '%MYSQLD%' "$@"
      """;

  private ServerWithLogin mysql;

  @BeforeEach
  void needMysql() {
    HostServer.version("mysql --version", "(mysql)", List.of("mysql"));
    String version =
        HostServer.version("mysqld --version", "Ver ([0-9]+\\.[0-9]+)", List.of("8.0", "8.4"));
    mysql =
        new ServerWithLogin(
            Engine.MYSQL,
            "docker.io/library/mysql:" + version + ".1",
            "/var/lib/mysql",
            "--defaults-extra-file=",
            """
            [mysqld]
            datadir=/var/lib/mysql/data
            innodb_buffer_pool_size=64M
            max_connections=%d
            disable_log_bin
            """
                .formatted(MAX_CONNECTIONS),
            Map.of("MYSQL_DATABASE", "shop_db", "MYSQL_USER", "app_user"),
            List.of("MYSQL_PASSWORD", "MYSQL_ROOT_PASSWORD"));
  }

  @Test
  void mysqlRunsBehindItsPasswordAtItsAddress() {
    bench.startOperator();
    mysql.create(bench, DB, address);
    bench.awaitReady(DB, 1);

    assertThat(ask("show databases")).contains("shop_db").doesNotContain("sys");
    assertThat(ask("select current_user()")).isEqualTo("app_user@%");
    assertThat(ask("create table t (id int primary key); insert into t values (1)")).isEmpty();
    assertThat(login(address, "app_user", "wrong", "select 1")).contains("Access denied");
    assertThat(login(address, "app_user", "", "select 1")).contains("Access denied");
    assertThat(login(address, "root", PodBench.PASSWORD, "select 1")).contains("Access denied");
    assertThat(login("127.0.0.1", "app_user", PodBench.PASSWORD, "select 1"))
        .doesNotContain("1\n1");
    assertThat(ask("select @@secure_file_priv, length(@@socket)")).isEqualTo("NULL\t0");
    assertThat(bench.processes())
        .allSatisfy(
            process ->
                assertThat(process.info().commandLine().orElse(""))
                    .doesNotContain(PodBench.PASSWORD));
    assertThat(new PodDirectory(bench.config, DB + "-0").log())
        .content()
        .contains("ready for connections")
        .doesNotContain(PodBench.PASSWORD);
  }

  @Test
  void whatItsUserDoesWithTheLoginLeavesItReady() throws IOException {
    bench.startOperator();
    mysql.create(bench, DB, address);
    bench.awaitReady(DB, 1);
    String since = bench.readySince(DB + "-0");

    probeWhileAllConnectionsAreTaken();
    assertThat(bench.readySince(DB + "-0")).isEqualTo(since);

    // Refused as long as the server has not noticed that the others have gone.
    bench.await(() -> assertThat(ask("alter user user() identified by 'changed'")).isEmpty());
    int refused = counted("Aborted_connects", "changed");
    bench.await(
        () -> assertThat(counted("Aborted_connects", "changed") - refused).isGreaterThan(3));
    assertThat(bench.readySince(DB + "-0")).isEqualTo(since);

    bench.restartServer(DB);
    assertThat(login(address, "app_user", "changed", "select 7")).isEqualTo("7");
    assertThat(ask("select 7")).contains("Access denied");
  }

  private void probeWhileAllConnectionsAreTaken() throws IOException {
    var all = new CopyOnWriteArrayList<MysqlSession>();
    try {
      bench.await(
          () -> {
            // A probe may have the place of one.
            MysqlSession.open(address, "app_user", PodBench.PASSWORD).ifPresent(all::add);
            assertThat(all).hasSize(MAX_CONNECTIONS);
          });
      int before = refusals(all.get(0));
      bench.await(() -> assertThat(refusals(all.get(0)) - before).isGreaterThan(3));
    } finally {
      all.forEach(MysqlSession::close);
    }
  }

  private static int refusals(MysqlSession session) throws IOException {
    String answer = session.answer(statusLike("Connection_errors_max_connections"));
    assertThat(answer).as("of the server, on a connection that it keeps").isNotNull();
    return value(answer);
  }

  private int counted(String status, String password) {
    return value(login(address, "app_user", password, statusLike(status)));
  }

  private static String statusLike(String status) {
    return "show global status like '%s'".formatted(status);
  }

  private static int value(String line) {
    return Integer.parseInt(line.substring(line.indexOf('\t') + 1));
  }

  @Tag("slow")
  @Test
  void dataOutlivesTheOperatorAndThePod() {
    bench.startOperator();
    mysql.create(bench, DB, address);
    bench.awaitReady(DB, 1);
    ask("create table t (id int primary key); insert into t values (7)");

    bench.stopOperator();
    bench.awaitNoProcess();
    bench.startOperator();
    bench.awaitReady(DB, 1);
    assertThat(ask("select id from t")).isEqualTo("7");

    bench.processes().forEach(ProcessHandle::destroyForcibly);
    bench.await(() -> assertThat(bench.container(DB + "-0").getRestartCount()).isPositive());
    bench.awaitReady(DB, 1);
    assertThat(ask("select id from t")).isEqualTo("7");

    bench.scale(DB, 0);
    bench.awaitReady(DB, 0);
    bench.awaitNoProcess();
    bench.scale(DB, 1);
    bench.awaitReady(DB, 1);
    assertThat(ask("select id from t")).isEqualTo("7");
  }

  /** Killed once the program that has that word in its arguments has begun. */
  @Tag("slow")
  @ParameterizedTest
  @ValueSource(strings = {"--initialize-insecure", "--init-file"})
  void aFirstStartThatWasBrokenOffIsBegunAnew(String step) throws IOException {
    Path held = directory.resolve("held");
    bench.startOperator(holding(step, held));
    mysql.create(bench, DB, address);
    bench.await(() -> assertThat(held).exists());
    assertThat(unfinished()).exists();
    bench.processes().forEach(ProcessHandle::destroyForcibly);

    bench.awaitReady(DB, 1);
    assertThat(bench.container(DB + "-0").getRestartCount()).isPositive();
    assertThat(ask("show databases")).contains("shop_db");
    assertThat(unfinished()).doesNotExist();
  }

  @Tag("slow")
  @Test
  void aFirstStartWhoseOperatorWasKilledIsBegunAnew() throws Exception {
    Process first = bench.startOperatorProcess();
    mysql.create(bench, DB, address);
    bench.await(() -> assertThat(unfinished()).exists());
    first.destroyForcibly().waitFor();

    bench.startOperator();
    bench.awaitReady(DB, 1);
    assertThat(ask("show databases")).contains("shop_db");
    assertThat(bench.servers()).hasSize(1);
  }

  @Tag("slow")
  @Test
  void aFirstStartThatFailsIsToldAndNeverServes() {
    mysql =
        new ServerWithLogin(
            mysql.engine(),
            mysql.image(),
            mysql.dataPath(),
            mysql.option(),
            mysql.configuration(),
            Map.of("MYSQL_DATABASE", "shop_db", "MYSQL_USER", "longer-than-a-name-may-be-in-mysql"),
            mysql.passwords());
    bench.startOperator();
    mysql.create(bench, DB, address);
    bench.await(
        () -> {
          var container = bench.container(DB + "-0");
          assertThat(container.getState().getWaiting().getReason()).isEqualTo("CrashLoopBackOff");
          assertThat(container.getLastState().getTerminated().getMessage())
              .endsWith("the login could not be made");
        });
    assertThat(unfinished()).exists();
  }

  private String ask(String sql) {
    return login(address, "app_user", PodBench.PASSWORD, sql);
  }

  private static String login(String host, String user, String password, String sql) {
    return HostServer.run(
        Map.of("MYSQL_PWD", password),
        "mysql",
        "--no-defaults",
        "--protocol=TCP",
        "-N",
        "-h",
        host,
        "-u",
        user,
        "-e",
        sql,
        user.equals("root") ? "mysql" : "shop_db");
  }

  /** A mysqld that stops once a step has begun, the first time; a file tells that it has. */
  private PodsConfig holding(String step, Path held) throws IOException {
    String path = bench.config.searchPath();
    Path programs = Files.createDirectory(directory.resolve("programs"));
    Path script =
        Files.writeString(
            programs.resolve("mysqld"),
            HOLDING
                .replace("%MYSQLD%", new HostPrograms(path).find("mysqld").orElseThrow().toString())
                .replace("%STEP%", step)
                .replace("%DATA%", data().toString())
                .replace("%HELD%", held.toString()));
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return new PodsConfig(
        bench.config.directory(),
        bench.namespace,
        programs + File.pathSeparator + path,
        bench.config.longestBackOff());
  }

  private Path data() {
    return bench.config.volumes().resolve("data-" + DB + "-0").resolve("data/data");
  }

  private Path unfinished() {
    return data().resolveSibling("data.unfinished");
  }
}
