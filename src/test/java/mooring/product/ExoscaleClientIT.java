package mooring.product;

import static mooring.product.ExoscaleClient.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import generated.exoscale.ApiException;
import generated.exoscale.model.AllowReplication;
import generated.exoscale.model.CreateDatabase;
import generated.exoscale.model.CreatePool;
import generated.exoscale.model.CreateService;
import generated.exoscale.model.CreateUser;
import generated.exoscale.model.LogsRequest;
import generated.exoscale.model.MetricsRequest;
import generated.exoscale.model.Operation;
import generated.exoscale.model.Plan;
import generated.exoscale.model.ResetPassword;
import generated.exoscale.model.Service;
import generated.exoscale.model.ServiceConnectionPoolsInner;
import generated.exoscale.model.Task;
import generated.exoscale.model.UpdatePool;
import generated.exoscale.model.UpdateService;
import generated.exoscale.model.UpgradeCheck;
import generated.exoscale.model.User;
import generated.exoscale.model.ZoneListZonesInner;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import mooring.HostPrograms;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The whole API, asked by a client that was generated from the contract. */
@Tag("slow")
class ExoscaleClientIT {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String ORDERS = "orders";
  private static final String PASSWORD = "chosen-by-hand-1";

  @RegisterExtension final Workplace place = new Workplace();
  private EmbeddedProduct mooring;
  private Map<String, String> exports;
  private String endpoint;
  private ExoscaleClient client;

  @BeforeEach
  void connect() throws ApiException {
    mooring = new EmbeddedProduct(place, "127.110.0.0/16");
    exports = mooring.exports();
    ZoneListZonesInner zone =
        ExoscaleClient.unsigned(exports.get("EXOSCALE_API_ENDPOINT"))
            .catalogue
            .listZones(null)
            .getZones()
            .get(0);
    endpoint = zone.getApiEndpoint();
    client = ExoscaleClient.of(endpoint, exports);
  }

  @AfterEach
  void stop() {
    mooring.product.stop();
  }

  @Test
  void aServiceLivesThroughTheGeneratedClient() throws Exception {
    readsTheCatalogue();
    Operation made =
        client.services.createDbaasServicePg(
            ORDERS,
            new CreateService()
                .plan("hobbyist-2")
                .version("16")
                .workMem(6)
                .pgSettings(Map.of("deadlock_timeout", 2000)));
    assertThat(made.getState()).isEqualTo(Operation.StateEnum.PENDING);
    client.done(made);
    isOnlyForItsOwner(made.getId());

    servesUsersAndDatabases();
    sharesConnections();
    changesItsSettings();
    isLookedAfter();
    isForked();

    client.done(client.databases.deleteDbaasPgDatabase(ORDERS, "shop"));
    assertThat(client.get(ORDERS).getDatabases()).containsExactly("defaultdb");
    client.done(client.users.deleteDbaasPostgresUser(ORDERS, "web"));
    refused(404, "user", () -> client.users.revealDbaasPostgresUserPassword(ORDERS, "web"));
    client.done(client.services.deleteDbaasServicePg(ORDERS));
    refused(404, "service not found", () -> client.get(ORDERS));
    assertThat(client.services.listDbaasServices(null).getDbaasServices()).isEmpty();
    mooring.awaitNothing();
  }

  private void readsTheCatalogue() throws ApiException {
    Plan smallest =
        client.catalogue.getDbaasServiceType("pg", null).getPlans().stream()
            .filter(plan -> plan.getName().equals("hobbyist-2"))
            .findFirst()
            .orElseThrow();
    assertThat(smallest.getNodeMemory()).isEqualTo(2L << 30);
    assertThat(client.catalogue.listDbaasServiceTypes(null).getDbaasServiceTypes()).hasSize(1);
    Object schema = client.catalogue.getDbaasSettingsPg(null).getSettings().getPg();
    assertThat(JsonObject.mapFrom(schema).getJsonObject("properties").fieldNames())
        .contains("deadlock_timeout");
    assertThat(client.catalogue.listDbaasIntegrationTypes().getDbaasIntegrationTypes()).isEmpty();
  }

  private void isOnlyForItsOwner(UUID operation) throws Exception {
    ExoscaleClient other = ExoscaleClient.of(endpoint, anotherTenant());
    await() // made by another process: this one has to hear of its key first
        .atMost(LIMIT)
        .ignoreExceptionsMatching(failure -> isRefused(failure, 403))
        .until(() -> other.services.listDbaasServices(null), Objects::nonNull);
    assertThat(other.services.listDbaasServices(null).getDbaasServices()).isEmpty();
    refused(404, "not found", () -> other.operations.getOperation(operation.toString(), null));
    refused(404, "service not found", () -> other.get(ORDERS));
    String key = exports.get("EXOSCALE_API_KEY");
    ExoscaleClient guessing = ExoscaleClient.signed(endpoint, key, "guessed");
    refused(403, "signature", () -> guessing.services.listDbaasServices(null));
    refused(
        403,
        "signature",
        () ->
            guessing.services.createDbaasServicePg("new", new CreateService().plan("hobbyist-2")));
    refused(401, "", () -> ExoscaleClient.unsigned(endpoint).services.listDbaasServices(null));
  }

  private static boolean isRefused(Throwable failure, int status) {
    return failure instanceof ApiException refused && refused.getCode() == status;
  }

  /** Made as the operator of a product makes one, on the records of the one that runs. */
  private Map<String, String> anotherTenant() throws IOException {
    Path data = mooring.product.directory().resolve("data");
    Map<String, String> settings = new HashMap<>();
    settings.put("MOORING_DATABASE_URL", mooring.ledger().uri());
    settings.put(
        "MOORING_ENCRYPTION_KEYSET", Files.readString(data.resolve("keyset.json")).strip());
    Child command = Product.run(place, settings, "tenant", "create", "other");
    assertThat(command.awaitExit(LIMIT)).as(command.output()).isZero();
    return Exports.of(command.output());
  }

  private void servesUsersAndDatabases() throws Exception {
    client.done(
        client.databases.createDbaasPgDatabase(ORDERS, new CreateDatabase().databaseName("shop")));
    client.done(client.users.createDbaasPostgresUser(ORDERS, new CreateUser().username("web")));
    Service service = client.get(ORDERS);
    assertThat(service.getDatabases()).containsExactly("defaultdb", "shop");
    assertThat(service.getUsers()).extracting(User::getUsername).containsExactly("avnadmin", "web");
    assertThat(service.getConnectionInfo().getParams().get(0)).containsEntry("port", "5432");

    Login made = client.login(ORDERS, "web", "shop");
    Path authority = place.directory("client").resolve("ca.pem");
    Files.writeString(authority, client.catalogue.getDbaasCaCertificate().getCertificate());
    assertThat(made.ask("select current_user || current_database()", authority))
        .isEqualTo("webshop");
    client.done(
        client.users.resetDbaasPostgresUserPassword(
            ORDERS, "web", new ResetPassword().password(PASSWORD)));
    Login reset = client.login(ORDERS, "web", "shop");
    assertThat(reset.password()).isEqualTo(PASSWORD);
    assertThat(reset.ask("select 1")).isEqualTo("1");
    assertThatThrownBy(() -> made.ask("select 1")).isInstanceOf(SQLException.class);

    AllowReplication yes = new AllowReplication().allowReplication(true);
    List<User> users =
        await() // refused for now where the servers take long; it goes on all the same
            .atMost(LIMIT)
            .ignoreExceptionsMatching(failure -> isRefused(failure, 503))
            .until(
                () ->
                    client.users.updateDbaasPostgresAllowReplication(ORDERS, "web", yes).getUsers(),
                Objects::nonNull);
    assertThat(users)
        .filteredOn(User::getAllowReplication)
        .extracting(User::getUsername)
        .containsExactly("web");
    reset.awaits("select rolreplication from pg_roles where rolname = current_user", "t");
    refused(403, "admin", () -> client.users.deleteDbaasPostgresUser(ORDERS, "avnadmin"));
  }

  private void sharesConnections() throws Exception {
    if (!HostPrograms.have("pgbouncer")) {
      System.err.println("there is no pgbouncer: connection pools are left out");
      return;
    }
    client.done(
        client.pools.createDbaasPgConnectionPool(
            ORDERS, new CreatePool().name("site").databaseName("shop").username("web").size(3)));
    ServiceConnectionPoolsInner pool = client.get(ORDERS).getConnectionPools().get(0);
    URI uri = URI.create(pool.getConnectionUri());
    Login pooled = new Login(uri.getHost(), uri.getPort(), "web", PASSWORD, "shop");
    assertThat(pooled.ask("select current_user || inet_server_port()")).isEqualTo("web5432");
    refused(409, "site", () -> client.databases.deleteDbaasPgDatabase(ORDERS, "shop"));
    refused(409, "site", () -> client.users.deleteDbaasPostgresUser(ORDERS, "web"));
    client.done(
        client.pools.updateDbaasPgConnectionPool(
            ORDERS, "site", new UpdatePool().mode(UpdatePool.ModeEnum.SESSION).size(4)));
    pool = client.get(ORDERS).getConnectionPools().get(0);
    assertThat(pool.getMode() + pool.getSize()).isEqualTo("session4");
    pooled.awaits("select 1", "1");
    client.done(client.pools.deleteDbaasPgConnectionPool(ORDERS, "site"));
    assertThat(client.get(ORDERS).getConnectionPools()).isEmpty();
    // It ends by itself, once who runs it has heard that it is not wanted any more.
    pooled.awaitsRefusal("refused");
  }

  private void changesItsSettings() throws Exception {
    Login admin = client.login(ORDERS, "avnadmin", "defaultdb");
    assertThat(admin.ask("show deadlock_timeout")).isEqualTo("2s");
    client.done(
        client.services.updateDbaasServicePg(
            ORDERS, new UpdateService().workMem(8).ipFilter(List.of("127.0.0.0/8", "10.0.0.0/8"))));
    client.done(
        client.services.updateDbaasServicePg(
            ORDERS,
            new UpdateService().pgSettings(Map.of("wal", Map.of("wal_writer_delay", 100)))));
    Service service = client.get(ORDERS);
    assertThat(service.getIpFilter()).as("left alone").hasSize(2);
    assertThat(service.getWorkMem()).isEqualTo(8);
    admin.awaits("show work_mem", "8MB");
    admin.awaits("show wal_writer_delay", "100ms");
    refused(
        400,
        "deadlock_timeout",
        () ->
            client.services.updateDbaasServicePg(
                ORDERS, new UpdateService().pgSettings(Map.of("deadlock_timeout", 1))));
  }

  private void isLookedAfter() throws Exception {
    protectedFromDeletion(true);
    refused(409, "protected", () -> client.services.deleteDbaasServicePg(ORDERS));
    refused(409, "protected", () -> client.services.deleteDbaasService(ORDERS));
    protectedFromDeletion(false);

    client.done(client.services.startDbaasPgMaintenance(ORDERS));
    assertThat(client.login(ORDERS, "avnadmin", "defaultdb").ask("show work_mem")).isEqualTo("8MB");
    Task task =
        client.services.createDbaasPgUpgradeCheck(
            ORDERS, new UpgradeCheck().targetVersion(UpgradeCheck.TargetVersionEnum._17));
    boolean programs =
        Stream.of("16", "17")
            .allMatch(major -> Files.exists(Path.of("/usr/lib/postgresql", major, "bin/postgres")));
    assertThat(task.getSuccess()).as(task.getResult()).isEqualTo(programs);
    if (!programs) {
      assertThat(task.getResult()).contains("programs of PostgreSQL 16 and 17 are not in");
    }
    assertThat(client.services.getDbaasTask(ORDERS, task.getId().toString())).isEqualTo(task);
    refused(404, "no migration", () -> client.services.getDbaasMigrationStatus(ORDERS));
    assertThat(client.services.getDbaasServiceLogs(ORDERS, new LogsRequest().limit(50)).getLogs())
        .isNotEmpty();
    assertThat(client.services.getDbaasServiceMetrics(ORDERS, new MetricsRequest()).getMetrics())
        .isNotNull();
    assertThat(client.services.listDbaasExternalIntegrations(ORDERS).getExternalIntegrations())
        .isEmpty();
  }

  private void protectedFromDeletion(boolean wanted) throws ApiException {
    client.done(
        client.services.updateDbaasServicePg(
            ORDERS, new UpdateService().terminationProtection(wanted)));
    assertThat(client.get(ORDERS).getTerminationProtection()).isEqualTo(wanted);
  }

  private void isForked() throws Exception {
    client
        .login(ORDERS, "avnadmin", "defaultdb")
        .run("create table words (word text)", "insert into words values ('kept')");
    await("a backup").atMost(LIMIT).until(() -> !client.get(ORDERS).getBackups().isEmpty());
    client.done(
        client.services.createDbaasServicePg(
            "copy", new CreateService().plan("hobbyist-2").forkFromService(ORDERS)));
    assertThat(client.login("copy", "avnadmin", "defaultdb").ask("select word from words"))
        .isEqualTo("kept");
    assertThat(client.services.listDbaasServices(null).getDbaasServices()).hasSize(2);
    client.done(client.services.deleteDbaasService("copy"));
    refused(404, "service not found", () -> client.get("copy"));
  }
}
