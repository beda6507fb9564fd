package mooring.local.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mooring.local.postgres.ServerConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** DatabaseRoles and Databases of a Cluster, on a real server. */
class OperatorContentsTest extends OperatorTestBase {

  private Resource<GenericKubernetesResource> object(ResourceDefinitionContext kind, String name) {
    return bench
        .client
        .genericKubernetesResources(kind)
        .inNamespace(bench.namespace)
        .withName(name);
  }

  private Resource<GenericKubernetesResource> role(String name) {
    return object(CustomResources.DATABASE_ROLES, name);
  }

  private Resource<GenericKubernetesResource> database(String name) {
    return object(CustomResources.DATABASES, name);
  }

  private void create(ResourceDefinitionContext kind, String name, Map<String, Object> more) {
    Map<String, Object> spec = new HashMap<>(Map.of("cluster", Map.of("name", DB)));
    spec.putAll(more);
    GenericKubernetesResource object = new GenericKubernetesResource();
    object.setApiVersion("postgresql.cnpg.io/v1");
    object.setKind(kind.getKind());
    object.setMetadata(
        new ObjectMetaBuilder().withName(name).withNamespace(bench.namespace).build());
    object.setAdditionalProperty("spec", spec);
    bench.client.resource(object).create();
  }

  private void createRole(String name) {
    create(
        CustomResources.DATABASE_ROLES,
        name,
        Map.of(
            "name",
            name,
            "login",
            true,
            "passwordSecret",
            Map.of("name", name + "-secret"),
            "databaseRoleReclaimPolicy",
            "delete"));
  }

  private void createDatabase(String name, String owner) {
    create(
        CustomResources.DATABASES,
        name,
        Map.of("name", name, "owner", owner, "databaseReclaimPolicy", "delete"));
  }

  private static void spec(Resource<GenericKubernetesResource> object, Map<String, Object> fields) {
    object.patch(
        PatchContext.of(PatchType.JSON_MERGE), Serialization.asJson(Map.of("spec", fields)));
  }

  private void putSecret(String role, String password) {
    bench
        .client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(role + "-secret")
                .withNamespace(bench.namespace)
                .addToLabels("cnpg.io/reload", "true")
                .endMetadata()
                .withType("kubernetes.io/basic-auth")
                .addToStringData("username", role)
                .addToStringData("password", password)
                .build())
        .createOr(existing -> existing.update());
  }

  private void awaitApplied(Resource<GenericKubernetesResource> object) {
    bench.await(
        () -> {
          GenericKubernetesResource now = object.get();
          assertThat(now.<Object>get("status", "message")).isNull();
          assertThat(now.<Object>get("status", "applied")).isEqualTo(true);
          assertThat(((Number) now.get("status", "observedGeneration")).longValue())
              .isEqualTo(now.getMetadata().getGeneration());
        });
  }

  private void awaitRefused(Resource<GenericKubernetesResource> object, String message) {
    bench.await(
        () -> {
          assertThat(object.get().<Object>get("status", "applied")).isEqualTo(false);
          assertThat(object.get().<String>get("status", "message")).contains(message);
        });
  }

  private Connection login(String role, String password, String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://" + address + ":5432/" + database + "?sslmode=require&connectTimeout=5",
        role,
        password);
  }

  private void run(String role, String password, String database, String sql) throws SQLException {
    try (Connection connection = login(role, password, database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void rolesAndDatabasesLiveAndGoAsTheirObjectsDo() throws SQLException {
    bench.startOperator();
    bench.createDatabase(DB, 16, address);
    // A role waits for its Secret, a database for its owner.
    createDatabase("orders", "reporting");
    createRole("reporting");
    bench.awaitHealthy(DB);
    awaitRefused(role("reporting"), "no Secret");
    putSecret("reporting", "first-Secret");
    awaitApplied(role("reporting"));
    awaitApplied(database("orders"));
    assertThat(role("reporting").get().<String>get("status", "secretResourceVersion")).isNotEmpty();
    run("reporting", "first-Secret", "orders", "create table mine (id int)");

    putSecret("reporting", "second-Secret");
    bench.await(() -> login("reporting", "second-Secret", "orders").close());
    assertThatThrownBy(() -> login("reporting", "first-Secret", "orders"))
        .hasMessageContaining("password authentication failed");

    // What owns something stays, and says what it owns.
    role("reporting").delete();
    awaitRefused(role("reporting"), "cannot be dropped because some objects depend on it");
    login("reporting", "second-Secret", "orders").close();

    // A database in use stays; unused it can be taken away and be brought again, empty.
    try (Connection open = login("reporting", "second-Secret", "orders")) {
      spec(database("orders"), Map.of("ensure", "absent"));
      awaitRefused(database("orders"), "is being accessed by other users");
      assertThat(open.isValid(30)).isTrue();
      assertThat(database("orders").get().<Object>get("status", "observedGeneration"))
          .as("what is refused, which may be asked for again")
          .isEqualTo(database("orders").get().getMetadata().getGeneration().intValue());
    }
    awaitApplied(database("orders"));
    assertThat(ask("select count(*) from pg_database where datname = 'orders'")).isEqualTo("0");

    // With that the role owns nothing any more.
    bench.await(() -> assertThat(role("reporting").get()).isNull());
    assertThatThrownBy(() -> login("reporting", "second-Secret", "my_app"))
        .isInstanceOf(SQLException.class);
    assertThat(ask("select count(*) from pg_roles where rolname = 'reporting'")).isEqualTo("0");

    spec(database("orders"), Map.of("ensure", "present", "owner", "app_user"));
    awaitApplied(database("orders"));
    database("orders").delete();
    bench.await(() -> assertThat(database("orders").get()).isNull());
    assertThat(ask("select count(*) from pg_database where datname = 'orders'")).isEqualTo("0");
  }

  @Test
  @Tag("slow")
  void whatIsNotItsOwnIsLeftAloneAndAllGoWithTheCluster() throws SQLException {
    bench.startOperator();
    bench.createDatabase(DB, 16, address);
    bench.awaitHealthy(DB);
    create(
        CustomResources.DATABASE_ROLES,
        "owner",
        Map.of("name", "app_user", "databaseRoleReclaimPolicy", "delete"));
    awaitRefused(role("owner"), "the Cluster manages the role");
    role("owner").delete();
    bench.await(() -> assertThat(role("owner").get()).isNull());
    assertThat(ask("select 1")).isEqualTo("1");

    createDatabase("kept", "app_user");
    awaitApplied(database("kept"));
    spec(database("kept"), Map.of("databaseReclaimPolicy", "retain"));
    awaitApplied(database("kept"));
    database("kept").delete();
    bench.await(() -> assertThat(database("kept").get()).isNull());
    assertThat(ask("select count(*) from pg_database where datname = 'kept'")).isEqualTo("1");

    createDatabase("more", "app_user");
    awaitApplied(database("more"));
    bench.clusters().withName(DB).delete();
    bench.await(() -> assertThat(bench.clusters().withName(DB).get()).isNull());
    database("more").delete();
    bench.await(() -> assertThat(database("more").get()).isNull());
  }

  @Test
  @Tag("slow")
  void whatAFailoverHasLostIsMadeAgain() throws SQLException {
    bench.startOperator();
    bench.createSecret(DB, OperatorBench.PASSWORD);
    bench.createService(DB, address, 5432);
    bench.createCluster(DB, 16, Map.of("instances", 2));
    putSecret("reporting", "first-Secret");
    createRole("reporting");
    createDatabase("orders", "reporting");
    bench.awaitHealthy(DB, 2);
    awaitApplied(role("reporting"));
    awaitApplied(database("orders"));
    lose("orders", "reporting");

    long server = bench.servers(DB, 1).get(0);
    assertThat(ProcessHandle.of(server).orElseThrow().destroyForcibly()).isTrue();

    bench.await(() -> assertThat(bench.status(DB, "currentPrimary")).isEqualTo(DB + "-2"));
    bench.await(() -> login("reporting", "first-Secret", "orders").close());
    bench.awaitHealthy(DB, 2);
  }

  /** As if the standby that takes over had not got them. */
  private void lose(String database, String role) {
    String password = new InstanceFiles(bench.data(DB, 1).getParent()).superuserPassword();
    try (Administration session =
        Administration.open(
            ServerConfiguration.listeningAt(address, 5432, Map.of(), List.of()), password)) {
      session.dropDatabase(database);
      session.dropRole(role);
    }
  }
}
