package mooring.local.pods;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import mooring.core.Engine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A StatefulSet of a real MongoDB server. */
@Timeout(480)
class MongodbPodsTest extends PodTestBase {
  private static final String USER = "app_user";
  private ServerWithLogin mongodb;

  @BeforeEach
  void needMongodb() {
    HostServer.version("command -v mongosh", "(mongosh)", List.of("mongosh"));
    String version =
        HostServer.version(
            "mongod --version", "db version v([0-9]+\\.[0-9]+)", List.of("6.0", "7.0"));
    mongodb =
        new ServerWithLogin(
            Engine.MONGODB,
            "docker.io/library/mongo:" + version + ".1",
            "/data/db",
            "--config=",
            """
            storage:
              dbPath: /data/db
            security:
              authorization: enabled
            """,
            Map.of("MONGO_INITDB_ROOT_USERNAME", USER),
            List.of("MONGO_INITDB_ROOT_PASSWORD"));
  }

  @Test
  void mongodbKeepsItsDataBehindItsPassword() {
    bench.startOperator();
    mongodb.create(bench, DB, address);
    bench.awaitReady(DB, 1);
    assertThat(ask(PodBench.PASSWORD, "db.t.insertOne({_id: 7}).acknowledged")).isEqualTo("true");
    assertThat(ask("wrong", "db.t.countDocuments()")).contains("Authentication failed");
    assertThat(
            HostServer.run(
                Map.of(),
                "mongosh",
                "--quiet",
                "--host",
                address,
                "--eval",
                "db.t.countDocuments()"))
        .contains("requires authentication");
    assertThat(new PodDirectory(bench.config, DB + "-0").log())
        .content()
        .doesNotContain(PodBench.PASSWORD);

    bench.stopOperator();
    bench.awaitNoProcess();
    bench.startOperator();
    bench.awaitReady(DB, 1);
    assertThat(ask(PodBench.PASSWORD, "db.t.countDocuments()")).isEqualTo("1");
  }

  @Test
  void aFirstStartThatWasBrokenOffIsBegunAnew() {
    bench.startOperator();
    mongodb.create(bench, DB, address);
    bench.await(
        () ->
            assertThat(bench.processes())
                .anySatisfy(
                    process ->
                        assertThat(process.info().commandLine().orElse(""))
                            .contains("--unixSocketPrefix")));
    bench.processes().forEach(ProcessHandle::destroyForcibly);
    bench.awaitReady(DB, 1);
    assertThat(ask(PodBench.PASSWORD, "db.t.countDocuments()")).isEqualTo("0");
  }

  private String ask(String password, String script) {
    return HostServer.run(
        Map.of(),
        "mongosh",
        "--quiet",
        "mongodb://" + USER + ":" + password + "@" + address + ":27017/shop?authSource=admin",
        "--eval",
        script);
  }
}
