package mooring.local.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import mooring.local.postgres.Directories;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A Cluster that follows another one, until it is promoted. */
class OperatorReplicaTest extends OperatorTestBase {
  private static final String REPLICA = "db-9f8e7d6c";

  private final String elsewhere = OperatorBench.freshAddress();

  @Test
  void itHasWhatItsSourceHasUntilItIsPromoted() throws Exception {
    bench.startOperator();
    source(1);
    ask("create table kept as select 42 as value");

    replica(1);
    assertThat(there("select value from kept")).isEqualTo("42");
    assertThatThrownBy(() -> there("insert into kept values (1)"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("read-only transaction");
    assertThat(there("show max_connections")).isEqualTo(ask("show max_connections"));
    ask("insert into kept values (43)");
    bench.await(() -> assertThat(there("select count(*) from kept")).isEqualTo("2"));
    ask("alter role app_user password 'another-password'");
    bench.await(
        () ->
            assertThat(OperatorBench.ask(elsewhere, "another-password", "select 1"))
                .isEqualTo("1"));
    ask("alter role app_user password '" + OperatorBench.PASSWORD + "'", "another-password");

    List<Object> phases = new CopyOnWriteArrayList<>();
    try (var watch =
        bench
            .clusters()
            .withName(REPLICA)
            .watch(new StatusWatch(status -> phases.add(status.get("phase"))))) {
      assertThat(watch).isNotNull();
      promote();
      bench.await(() -> assertThat(there("select pg_is_in_recovery()")).isEqualTo("f"));
      bench.awaitHealthy(REPLICA);
      bench.await(() -> assertThat(phases).contains("Promoting to primary cluster"));
    }
    assertThat(there("insert into kept values (44)")).isEmpty();
    assertThat(ask("select count(*) from kept")).isEqualTo("2");

    bench.clusters().withName(DB).delete();
    bench.await(() -> assertThat(bench.clusters().withName(DB).get()).isNull());
    assertThat(there("select count(*) from kept")).isEqualTo("3");
  }

  @Test
  @Tag("slow")
  void itGoesOnWhileItsSourceIsDownAndFollowsWhoTakesOver() throws Exception {
    Process operator = bench.startOperatorProcess();
    source(2);
    ask("create table kept as select 42 as value");
    replica(1);
    ask("insert into kept values (43)");
    bench.await(() -> assertThat(there("select count(*) from kept")).isEqualTo("2"));

    operator.destroyForcibly().waitFor();
    long before = bench.servers(DB).get(0);
    assertThat(ProcessHandle.of(before).orElseThrow().destroyForcibly()).isTrue();
    assertThat(there("select count(*) from kept")).isEqualTo("2");
    bench.startOperator();
    bench.awaitHealthy(DB, 2);
    bench.awaitHealthy(REPLICA);
    ask("insert into kept values (44)");
    bench.await(() -> assertThat(there("select count(*) from kept")).isEqualTo("3"));

    long primary = bench.servers(DB, primary()).get(0);
    assertThat(ProcessHandle.of(primary).orElseThrow().destroyForcibly()).isTrue();
    bench.await(() -> assertThat(bench.servers(DB, primary())).doesNotContain(primary));
    bench.awaitHealthy(DB, 2);
    bench.await(() -> ask("insert into kept values (45)"));
    bench.await(() -> assertThat(there("select max(value) from kept")).isEqualTo("45"));
    bench.awaitHealthy(REPLICA);
  }

  @Test
  @Tag("slow")
  void whatWasPromotedIsNeverCopiedAgain() throws Exception {
    bench.startOperator();
    source(1);
    ask("create table kept as select 42 as value");
    replica(1);
    promote();
    bench.await(() -> assertThat(there("select pg_is_in_recovery()")).isEqualTo("f"));
    bench.awaitHealthy(REPLICA);
    assertThat(there("insert into kept values (43)")).isEmpty();

    bench.stopOperator();
    bench.startOperator();
    bench.awaitHealthy(REPLICA);
    assertThat(there("select count(*) from kept")).isEqualTo("2");

    bench.stopOperator();
    Directories.delete(bench.data(REPLICA));
    bench.startOperator();
    bench.await(
        () -> {
          assertThat(bench.status(REPLICA, "phase"))
              .isEqualTo("Cluster is unrecoverable and needs manual intervention");
          assertThat(bench.status(REPLICA, "phaseReason")).isEqualTo("its data directory is gone");
        });
    assertThat(bench.servers(REPLICA)).isEmpty();
  }

  @Test
  @Tag("slow")
  void itHasStandbysOfItsOwn() throws Exception {
    bench.startOperator();
    source(1);
    long unused =
        bench.patchCluster(
            DB,
            Map.of(
                "spec",
                Map.of("postgresql", Map.of("parameters", Map.of("max_connections", "150")))));
    bench.await(() -> assertThat(ask("show max_connections")).isEqualTo("150"));
    replica(2, "160");
    assertThat(there("show max_connections")).isEqualTo("160");
    assertThat(bench.status(REPLICA, "readyInstances")).isEqualTo(2);
    ask("create table kept as select 42 as value");
    bench.await(() -> assertThat(there("select value from kept")).isEqualTo("42"));
    bench.awaitHealthy(REPLICA, 2);

    long killed = bench.servers(REPLICA, 1).get(0);
    assertThat(ProcessHandle.of(killed).orElseThrow().destroyForcibly()).isTrue();
    bench.await(
        () -> assertThat(bench.status(REPLICA, "currentPrimary")).isEqualTo(REPLICA + "-2"));
    bench.awaitHealthy(REPLICA, 2);
    assertThat(there("select pg_is_in_recovery()")).isEqualTo("t");
    ask("insert into kept values (43)");
    bench.await(() -> assertThat(there("select count(*) from kept")).isEqualTo("2"));

    promote();
    bench.await(() -> assertThat(there("select pg_is_in_recovery()")).isEqualTo("f"));
    bench.awaitHealthy(REPLICA, 2);
    assertThat(there("insert into kept values (44)")).isEmpty();
  }

  private int primary() {
    String name = String.valueOf(bench.status(DB, "currentPrimary"));
    return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
  }

  private void source(int instances) {
    bench.createSecret(DB, OperatorBench.PASSWORD);
    // Who takes over has all that was committed.
    Map<String, Object> confirmed =
        Map.of(
            "parameters",
            Map.of("shared_buffers", "16MB"),
            "synchronous",
            Map.of("method", "any", "number", 1, "dataDurability", "required"));
    bench.createCluster(
        DB,
        17,
        instances == 1
            ? Map.of("instances", 1)
            : Map.of("instances", instances, "postgresql", confirmed));
    bench.createService(DB, address, 5432);
    bench.awaitHealthy(DB, instances);
    if (instances > 1) {
      awaitConfirming(2);
    }
  }

  private void replica(int instances) {
    replica(instances, "100");
  }

  private void replica(int instances, String connections) {
    Map<String, Object> spec = new HashMap<>();
    spec.put("instances", instances);
    spec.put(
        "bootstrap",
        Map.of(
            "pg_basebackup",
            Map.of(
                "source",
                "origin",
                "database",
                "my_app",
                "owner",
                "app_user",
                "secret",
                Map.of("name", REPLICA + "-app"))));
    spec.put("replica", Map.of("enabled", true, "source", "origin"));
    spec.put(
        "externalClusters",
        List.of(
            Map.of(
                "name",
                "origin",
                "connectionParameters",
                Map.of("host", DB + "-rw", "user", "streaming_replica", "dbname", "postgres"))));
    spec.put(
        "postgresql",
        Map.of("parameters", Map.of("shared_buffers", "16MB", "max_connections", connections)));
    bench.createSecret(REPLICA, OperatorBench.PASSWORD);
    bench.createCluster(REPLICA, 17, spec);
    bench.createService(REPLICA, elsewhere, 5432);
    bench.awaitHealthy(REPLICA, instances);
  }

  private void promote() {
    long unused =
        bench.patchCluster(REPLICA, Map.of("spec", Map.of("replica", Map.of("enabled", false))));
  }

  private void ask(String query, String password) throws SQLException {
    String unused = OperatorBench.ask(address, password, query);
  }

  private String there(String query) throws SQLException {
    return OperatorBench.ask(elsewhere, OperatorBench.PASSWORD, query);
  }
}
