package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import generated.ionos.ApiClient;
import generated.ionos.ApiException;
import generated.ionos.api.BackupsApi;
import generated.ionos.api.ClustersApi;
import generated.ionos.api.DatabasesApi;
import generated.ionos.api.UsersApi;
import generated.ionos.api.VersionsApi;
import generated.ionos.model.BackupResponse;
import generated.ionos.model.ClusterResponse;
import generated.ionos.model.CreateClusterRequest;
import generated.ionos.model.CreateDatabaseRequest;
import generated.ionos.model.CreateUserRequest;
import generated.ionos.model.PatchClusterRequest;
import generated.ionos.model.RestoreRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A client that the OpenAPI generator has made of the contract, as others make theirs. */
@Tag("slow")
class IonosClientIT {
  private static final String PASSWORD = "Long-Enough-1";
  private static final Duration LIMIT = Duration.ofSeconds(90);

  @RegisterExtension final Workplace place = new Workplace();
  private ClustersApi clusters;
  private UsersApi users;
  private DatabasesApi databases;
  private BackupsApi backups;
  private VersionsApi versions;

  @BeforeEach
  void connect() {
    Map<String, String> exports = new EmbeddedProduct(place, "127.112.0.0/16").exports();
    String login = exports.get("IONOS_USERNAME") + ":" + exports.get("IONOS_PASSWORD");
    String basic =
        "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    ApiClient client = new ApiClient();
    client.updateBaseUri(exports.get("IONOS_API_URL") + "/databases/postgresql");
    client.setRequestInterceptor(request -> request.header("Authorization", basic));
    clusters = new ClustersApi(client);
    users = new UsersApi(client);
    databases = new DatabasesApi(client);
    backups = new BackupsApi(client);
    versions = new VersionsApi(client);
  }

  @Test
  void aClusterLivesThroughTheGeneratedClient() throws Exception {
    assertThat(versions.versionsGet(null).getData()).isNotEmpty();
    ClusterResponse asked =
        clusters.clustersPost(
            of(CreateClusterRequest.class, IonosClusters.properties("generated")));
    assertThat(state(asked)).isEqualTo("BUSY");
    String id = asked.getId().toString();
    ClusterResponse cluster = available(id);
    Login owner = login(cluster, "owner", "postgres");

    users.usersPost(
        id, of(CreateUserRequest.class, Map.of("username", "reporting", "password", PASSWORD)));
    available(id);
    databases.databasesPost(
        id, of(CreateDatabaseRequest.class, Map.of("name", "orders", "owner", "reporting")));
    available(id);
    assertThat(users.usersList(id, null, null, null, null).getItems()).hasSize(2);
    Login reporting = login(cluster, "reporting", "orders");
    reporting.run("create table orders (id serial)", "insert into orders default values");

    ClusterResponse renamed =
        clusters.clustersPatch(
            id, of(PatchClusterRequest.class, Map.of("displayName", "renamed", "ram", 3072)));
    assertThat(state(renamed)).isEqualTo("BUSY");
    assertThat(renamed.getProperties().getRam()).isEqualTo(3072);
    cluster = available(id);
    assertThat(cluster.getProperties().getDisplayName()).isEqualTo("renamed");

    BackupResponse backup = recoverable(id);
    String moment =
        owner.ask(
            "select to_char(clock_timestamp() at time zone 'UTC',"
                + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
    reporting.run("insert into orders default values");
    assertThat(reporting.ask("select count(*) from orders")).isEqualTo("2");
    backups.clusterRestorePost(
        id,
        read(
            RestoreRequest.class,
            new JsonObject().put("backupId", backup.getId()).put("recoveryTargetTime", moment)));
    available(id);
    assertThat(reporting.ask("select count(*) from orders")).isEqualTo("1");

    databases.databasesDelete(id, "orders");
    awaitGone(() -> databases.databasesGet(id, "orders", null));
    available(id);
    users.usersDelete(id, "reporting");
    awaitGone(() -> users.usersGet(id, "reporting", null));
    assertThatThrownBy(
            () ->
                login(clusters.clustersFindById(id, null), "reporting", "postgres").ask("select 1"))
        .isInstanceOf(SQLException.class);

    assertThat(state(clusters.clustersDelete(id))).isEqualTo("DESTROYING");
    awaitGone(() -> clusters.clustersFindById(id, null));
  }

  @Test
  void whatIsRefusedSaysWhyInWaysTheClientReads() {
    JsonObject odd = IonosClusters.properties("odd").put("ram", 3000);
    assertThatThrownBy(() -> clusters.clustersPost(of(CreateClusterRequest.class, odd)))
        .isInstanceOfSatisfying(
            ApiException.class,
            refused -> {
              assertThat(refused.getCode()).isEqualTo(422);
              JsonArray messages =
                  new JsonObject(refused.getResponseBody()).getJsonArray("messages");
              assertThat(messages.encode()).contains("properties.ram");
            });
  }

  /** A request, by what its properties are. */
  private static <T> T of(Class<T> type, Map<String, Object> properties) {
    return of(type, new JsonObject(properties));
  }

  private static <T> T of(Class<T> type, JsonObject properties) {
    return read(type, new JsonObject().put("properties", properties));
  }

  private static <T> T read(Class<T> type, JsonObject request) {
    try {
      return ApiClient.createDefaultObjectMapper().readValue(request.encode(), type);
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  private ClusterResponse available(String id) {
    return await("AVAILABLE")
        .atMost(LIMIT)
        .until(
            () -> clusters.clustersFindById(id, null),
            cluster -> state(cluster).equals("AVAILABLE"));
  }

  /** The backup that goes on, once something can be recovered from it. */
  private BackupResponse recoverable(String id) {
    List<BackupResponse> found =
        await("a backup")
            .atMost(LIMIT)
            .until(
                () -> backups.clusterBackupsGet(id, null, null, null).getItems(),
                all -> all.stream().anyMatch(IonosClientIT::isRecoverable));
    return found.stream().filter(IonosClientIT::isRecoverable).findFirst().orElseThrow();
  }

  private static boolean isRecoverable(BackupResponse backup) {
    // Told in whole seconds, so its earliest moment may still be to come.
    OffsetDateTime earliest = backup.getProperties().getEarliestRecoveryTargetTime();
    return Boolean.TRUE.equals(backup.getProperties().getIsActive())
        && earliest != null
        && earliest.isBefore(OffsetDateTime.now(ZoneOffset.UTC));
  }

  private static void awaitGone(Lookup lookup) {
    await("404")
        .atMost(LIMIT)
        .until(
            () -> {
              try {
                lookup.run();
                return false;
              } catch (ApiException e) {
                return e.getCode() == 404;
              }
            });
  }

  private static String state(ClusterResponse cluster) {
    return cluster.getMetadata().getState().getValue();
  }

  private static Login login(ClusterResponse cluster, String user, String database) {
    return new Login(cluster.getProperties().getDnsName(), 5432, user, PASSWORD, database);
  }

  private interface Lookup {
    Object run() throws ApiException;
  }
}
