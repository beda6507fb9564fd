package mooring.local.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A Pooler of a connection pool lets one role into one database, with its settings. */
class OperatorPoolTest extends OperatorTestBase {
  private static final String POOL = DB + "-pool-1";
  private static final int PORT = 6433;

  @Test
  void runsAPgBouncerForEachPoolWithItsRulesAndSettings() throws Exception {
    assumeTrue(installed(), "there is no pgbouncer");
    allow("127.0.0.9/32");
    bench.startOperator();
    bench.createDatabase(DB, 16, address);
    pooler("\"my_app\" \"app_user\"");
    service(DB + "-p1");
    bench.awaitHealthy(DB);
    bench.await(() -> assertThat(phase()).isEqualTo("active"));
    bench.await(
        () ->
            assertThat(poolers().get().getMetadata().getAnnotations())
                .containsEntry("mooring/observed-generation", "1"));
    assertThat(bench.client.services().inNamespace(bench.namespace).withName(POOL).get())
        .as("what CloudNativePG makes as well")
        .satisfies(own -> assertThat(own.getSpec().getType()).isEqualTo("ClusterIP"));
    assertThat(pooledFrom("127.0.0.9", "my_app")).isEqualTo("app_user");
    assertThatThrownBy(() -> pooled("my_app")).isInstanceOf(SQLException.class);
    assertThatThrownBy(() -> ask("select 1")).hasMessageContaining("client certificate");
    allow("127.0.0.0/8");
    bench.await(() -> assertThat(pooled("my_app")).isEqualTo("app_user"));
    assertThatThrownBy(() -> pooled("postgres")).isInstanceOf(SQLException.class);
    bench.createSecret(DB, "second-password");
    bench.await(
        () ->
            assertThat(bench.status(DB, "secretsResourceVersion", "applicationSecretVersion"))
                .isEqualTo(secretVersion()));
    assertThat(pooledFrom("127.0.0.1", "my_app", "second-password")).isEqualTo("app_user");
    assertThatThrownBy(() -> pooled("my_app")).isInstanceOf(SQLException.class);
    assertThat(directory.resolve("connection_poolers").resolve(bench.namespace).resolve(POOL))
        .isDirectoryContaining("glob:**/pgbouncer.ini");
    assertThat(
            directory
                .resolve("connection_poolers")
                .resolve(bench.namespace)
                .resolve(POOL)
                .resolve("pgbouncer.ini"))
        .content()
        .contains("default_pool_size = 7\n", "server_lifetime = 120\n");

    var unused =
        poolers()
            .patch(
                PatchContext.of(PatchType.JSON_MERGE),
                "{\"spec\":{\"pgbouncer\":{\"pg_hba\":[\"host all all 0.0.0.0/0 reject\"]}}}");
    bench.await(
        () ->
            assertThatThrownBy(() -> pooledFrom("127.0.0.1", "my_app", "second-password"))
                .isInstanceOf(SQLException.class));
    bench.await(
        () -> assertThat(observed()).isEqualTo(poolers().get().getMetadata().getGeneration()));
    poolers().delete();
    bench.await(() -> assertThatThrownBy(() -> pooled("my_app")).hasMessageContaining("refused"));
  }

  @Test
  void aPoolerWhoseNameAnotherServiceHasFails() {
    bench.startOperator();
    service(POOL);
    pooler("\"my_app\" \"app_user\"");
    bench.await(
        () ->
            assertThat(poolers().get().<String>get("status", "phaseReason"))
                .contains("the Service " + POOL));
    assertThat(phase()).isEqualTo("failed");
    bench.await(
        () ->
            assertThat(poolers().get().getMetadata().getAnnotations())
                .containsEntry("mooring/observed-generation", "1"));
  }

  private void allow(String block) {
    assertThat(
            bench
                .client
                .resource(OperatorAccessTest.policy(block))
                .inNamespace(bench.namespace)
                .createOr(existing -> existing.update()))
        .isNotNull();
  }

  private long observed() {
    String observed =
        poolers().get().getMetadata().getAnnotations().get("mooring/observed-generation");
    return Long.parseLong(observed);
  }

  private String pooled(String database) throws SQLException {
    return pooledFrom("127.0.0.1", database);
  }

  private String secretVersion() {
    return bench
        .client
        .secrets()
        .inNamespace(bench.namespace)
        .withName(DB + "-app")
        .get()
        .getMetadata()
        .getResourceVersion();
  }

  private String pooledFrom(String source, String database) throws SQLException {
    return pooledFrom(source, database, OperatorBench.PASSWORD);
  }

  private String pooledFrom(String source, String database, String password) throws SQLException {
    String url = "jdbc:postgresql://" + address + ":" + PORT + "/" + database;
    try (Connection connection =
            DriverManager.getConnection(
                url + "?sslmode=require&connectTimeout=5&localSocketAddress=" + source,
                "app_user",
                password);
        var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select current_user")) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  private void pooler(String let) {
    GenericKubernetesResource pooler = new GenericKubernetesResource();
    pooler.setApiVersion("postgresql.cnpg.io/v1");
    pooler.setKind("Pooler");
    pooler.setMetadata(new ObjectMetaBuilder().withName(POOL).build());
    pooler.setAdditionalProperty(
        "spec",
        Map.of(
            "cluster",
            Map.of("name", DB),
            "type",
            "rw",
            "instances",
            1,
            "pgbouncer",
            Map.of(
                "poolMode",
                "transaction",
                "parameters",
                Map.of("default_pool_size", "7", "server_lifetime", "120"),
                "pg_hba",
                List.of(
                    "hostssl " + let + " 0.0.0.0/0 scram-sha-256",
                    "host all all 0.0.0.0/0 reject"))));
    assertThat(
            bench
                .client
                .genericKubernetesResources(CustomResources.POOLERS)
                .inNamespace(bench.namespace)
                .resource(pooler)
                .create())
        .isNotNull();
  }

  private io.fabric8.kubernetes.client.dsl.Resource<GenericKubernetesResource> poolers() {
    return bench
        .client
        .genericKubernetesResources(CustomResources.POOLERS)
        .inNamespace(bench.namespace)
        .withName(POOL);
  }

  private Object phase() {
    return poolers().get().get("status", "phase");
  }

  private void service(String name) {
    assertThat(
            bench
                .client
                .resource(
                    new ServiceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(bench.namespace)
                        .endMetadata()
                        .withNewSpec()
                        .withType("LoadBalancer")
                        .withLoadBalancerIP(address)
                        .addToSelector("cnpg.io/poolerName", POOL)
                        .addNewPort()
                        .withName("pgbouncer")
                        .withPort(PORT)
                        .endPort()
                        .endSpec()
                        .build())
                .create())
        .isNotNull();
  }

  private static boolean installed() throws InterruptedException {
    try {
      return new ProcessBuilder("pgbouncer", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
