package mooring.local.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Roles that a Cluster describes, and their passwords. */
class OperatorRolesTest extends OperatorTestBase {

  @Test
  void rolesAreMadeAndTheirPasswordsReportedOnceTheyHold() throws SQLException {
    bench.startOperator();
    bench.createSecret(DB, OperatorBench.PASSWORD);
    bench.createService(DB, address, 5432);
    bench.createCluster(
        DB,
        16,
        Map.of(
            "managed",
            Map.of(
                "roles",
                List.of(
                    Map.of(
                        "name",
                        "app_user",
                        "ensure",
                        "present",
                        "login",
                        true,
                        "createdb",
                        true,
                        "createrole",
                        true,
                        "passwordSecret",
                        Map.of("name", DB + "-app")),
                    Map.of(
                        "name",
                        "reader",
                        "login",
                        true,
                        "passwordSecret",
                        Map.of("name", "reader-secret")),
                    Map.of("name", "pg_mine", "login", true)))));
    bench.awaitHealthy(DB);
    assertThat(ask("select rolcreatedb and rolcreaterole from pg_roles where rolname = user"))
        .isEqualTo("t");
    assertThat(bench.status(DB, "managedRolesStatus", "byStatus"))
        .isEqualTo(
            Map.of(
                "reconciled", List.of("app_user"),
                "pending-reconciliation", List.of("reader"),
                "reserved", List.of("pg_mine")));
    assertThat(passwordVersion("app_user")).isEqualTo(versionOf(DB + "-app"));

    putSecret("reader-secret", "reader", "first");
    bench.await(() -> assertThat(passwordVersion("reader")).isEqualTo(versionOf("reader-secret")));
    login("reader", "first").close();

    Connection open = login("reader", "first");
    putSecret("reader-secret", "reader", "second");
    bench.await(() -> assertThat(passwordVersion("reader")).isEqualTo(versionOf("reader-secret")));
    login("reader", "second").close();
    assertThatThrownBy(() -> login("reader", "first"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("password authentication failed");
    assertThat(open.isValid(30)).isTrue();
    open.close();

    bench.createSecret(DB, "third-password");
    bench.await(() -> assertThat(passwordVersion("app_user")).isEqualTo(versionOf(DB + "-app")));
    assertThat(OperatorBench.ask(address, "third-password", "select 1")).isEqualTo("1");
    assertThatThrownBy(() -> ask("select 1")).isInstanceOf(SQLException.class);
    long version = version();
    Awaitility.await() // what has been said is not said again and again
        .during(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(version()).isEqualTo(version));
  }

  @Test
  void aRoleThatCannotBeDroppedIsNamed() throws SQLException {
    bench.startOperator();
    bench.createDatabase(DB, 16, address);
    bench.awaitHealthy(DB);
    roles(Map.of("name", "app_user", "ensure", "absent"));
    bench.await(
        () ->
            assertThat(bench.status(DB, "managedRolesStatus", "cannotReconcile", "app_user"))
                .asString()
                .contains("cannot drop"));
    assertThat(ask("select 1")).isEqualTo("1");

    roles(Map.of("name", "app_user", "ensure", "present", "login", true));
    bench.await(
        () ->
            assertThat(bench.status(DB, "managedRolesStatus", "byStatus", "reconciled"))
                .isEqualTo(List.of("app_user")));
    assertThat(bench.status(DB, "managedRolesStatus", "cannotReconcile", "app_user")).isNull();
  }

  @Test
  void nothingOfATenantsTakesPartInASessionOfTheSuperuser() throws SQLException {
    bench.startOperator();
    bench.createSecret(DB, OperatorBench.PASSWORD);
    bench.createService(DB, address, 5432);
    bench.createCluster(
        DB,
        16,
        Map.of(
            "bootstrap",
            Map.of(
                "initdb",
                Map.of(
                    "database", "postgres",
                    "owner", "app_user",
                    "secret", Map.of("name", DB + "-app")))));
    bench.awaitHealthy(DB);
    try (Connection connection = login("postgres", "app_user", OperatorBench.PASSWORD);
        Statement statement = connection.createStatement()) {
      for (String type : List.of("name", "text", "varchar")) {
        statement.execute(
            "create function public.trap(name, %s) returns boolean language plpgsql as "
                    .formatted(type)
                + "$$begin raise exception 'trapped'; end$$");
        statement.execute(
            "create operator public.= (leftarg = name, rightarg = %s, function = public.trap)"
                .formatted(type));
      }
      assertThatThrownBy(
              () -> statement.execute("select 'a'::name operator(public.=) 'a'::varchar"))
          .hasMessageContaining("trapped");
      for (String setting :
          List.of(
              "search_path = public, pg_catalog",
              "role = app_user",
              "default_transaction_read_only = on",
              "statement_timeout = 1",
              "lock_timeout = 1",
              "idle_session_timeout = 1",
              "idle_in_transaction_session_timeout = 1")) {
        statement.execute("alter database postgres set " + setting);
      }
    }

    bench.createSecret(DB, "second-password");

    bench.await(() -> login("postgres", "app_user", "second-password").close());
    assertThatThrownBy(() -> login("postgres", "app_user", OperatorBench.PASSWORD))
        .hasMessageContaining("password authentication failed");
  }

  private void roles(Map<String, Object> role) {
    bench.patchCluster(DB, Map.of("spec", Map.of("managed", Map.of("roles", List.of(role)))));
  }

  private Object passwordVersion(String role) {
    return bench.status(DB, "managedRolesStatus", "passwordStatus", role, "resourceVersion");
  }

  private String versionOf(String secret) {
    Secret found = bench.client.secrets().inNamespace(bench.namespace).withName(secret).get();
    return found.getMetadata().getResourceVersion();
  }

  private void putSecret(String name, String user, String password) {
    bench
        .client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(bench.namespace)
                .endMetadata()
                .addToStringData("username", user)
                .addToStringData("password", password)
                .build())
        .createOr(existing -> existing.update());
  }

  private Connection login(String user, String password) throws SQLException {
    return login("my_app", user, password);
  }

  private Connection login(String database, String user, String password) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://" + address + ":5432/" + database + "?sslmode=require", user, password);
  }
}
