package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The product as it comes: one command, all parts embedded. */
class EmbeddedDefaultIT {
  private static final Map<String, String> SETTINGS =
      Map.of("MOORING_ADDRESS_POOL", "127.79.0.0/16");

  @RegisterExtension final Workplace place = new Workplace();
  private Product product;
  private Path data;

  @BeforeEach
  void choosePlace() {
    product = new Product(place, "mooring", SETTINGS);
    data = product.directory().resolve("data");
  }

  @Test
  void databasesSurviveEveryKindOfStop() throws Exception {
    Map<String, String> variables = firstStart();
    Map<String, JsonObject> credentials = createOneOfEachVersion();

    product.stop();
    assertThat(place.servers(data).running()).isEmpty();

    variables.forEach(product::with);
    startAndFindAll(credentials);

    product.kill();
    startAndFindAll(credentials);

    product.kill();
    place.servers(data).killAll();
    startAndFindAll(credentials);

    String gone = credentials.keySet().iterator().next();
    deleteAndFindNothing(gone, Login.of(credentials.remove(gone)));
    assertNothingLeaked(credentials);

    product.interrupt(place.servers(data));
    assertThat(place.servers(data).running()).isEmpty();
    startAndFindAll(credentials);
  }

  @Test
  @Tag("slow")
  void databasesGetAPortEachWhereAddressesCannotBeBound() throws Exception {
    product.with("MOORING_ADDRESS_POOL", "127.87.0.0/16");
    JsonObject credentials;
    String id;
    try (ServerSocket taken = new ServerSocket(5432, 1, InetAddress.getByName("127.87.0.1"))) {
      assertThat(taken.isBound()).isTrue();
      product.start();
      id = databases().create("orders");
      credentials = databases().credentials(id);
      databases().awaitStatus(id, "running");
      product.stop();
    }
    assertThat(product.output()).contains("databases get a port each instead");
    assertThat(credentials.getString("host")).isEqualTo("127.0.0.1");
    assertThat(credentials.getInteger("port")).isNotEqualTo(5432);

    product.start();
    databases().awaitStatus(id, "running");
    assertThat(databases().credentials(id)).isEqualTo(credentials);
    assertThat(Login.of(credentials).ask("select 1")).isEqualTo("1");
  }

  @Test
  void aSecondInstanceFollowsTheFirstAndOneProcessHoldsTheData() {
    product.start();
    Databases databases = databases();
    String id = databases.create(Databases.body("pair").put("replicas", 2));
    databases.awaitStatus(id, "running");
    assertThat(databases.get(id).getInteger("replicas")).isEqualTo(2);
    assertThat(place.servers(data).running()).hasSize(3);

    Child second =
        Product.run(place, Map.of("MOORING_DATA_DIR", data.toString(), "MOORING_HTTP_PORT", "0"));
    assertThat(second.awaitExit(Product.READY_LIMIT)).isEqualTo(1);
    assertThat(second.output()).contains("MOORING_DATA_DIR", "in use by another process");
    assertThat(product.ready()).isTrue();
  }

  @Test
  @Tag("slow")
  void stopsWhatItHasStartedWhenToldToBeforeItIsReady() throws Exception {
    // What lies in the working directory under the contract's name means nothing.
    Path stray = product.directory().resolve("openapi").resolve("uncloud.yaml");
    Files.createDirectories(stray.getParent());
    Files.writeString(stray, "no contract");
    Child child;
    int tries = 0;
    do { // it may be quicker than who stops it, but not each time
      child = stoppedOnceAServerRuns();
      assertThat(place.servers(data).running()).isEmpty();
      tries++;
    } while (child.output().contains("is ready at") && tries < 5);
    assertThat(child.output()).doesNotContain("is ready at");

    product.start();
    product.stop();
    assertThat(place.servers(data).running()).isEmpty();
  }

  private Child stoppedOnceAServerRuns() {
    Child child = product.launch();
    Awaitility.await()
        .atMost(Product.READY_LIMIT)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> !place.servers(data).running().isEmpty() || !child.isAlive());
    child.stop();
    return child;
  }

  private Map<String, String> firstStart() throws IOException {
    product.launch().awaitOutput("Mooring is ready at", Product.READY_LIMIT);
    assertThat(product.ready()).isTrue();
    assertThat(mode("credentials.env")).isEqualTo("rw-------");
    assertThat(mode("kubeconfig")).isEqualTo("rw-------");
    assertThat(mode("keyset.json")).isEqualTo("rw-------");
    Map<String, String> variables = exports();
    assertThat(variables.get("MOORING_URL")).isEqualTo("http://127.0.0.1:" + product.port);
    return variables;
  }

  private Map<String, JsonObject> createOneOfEachVersion() throws SQLException {
    Databases databases = databases();
    Map<String, JsonObject> credentials = new LinkedHashMap<>();
    for (String version : new String[] {"14", "15", "16"}) {
      JsonObject body = Databases.body("postgres-" + version).put("version", version);
      String id = databases.create(body);
      credentials.put(id, databases.credentials(id));
    }
    assertThat(databases.listed()).containsExactlyInAnyOrderElementsOf(credentials.keySet());
    for (String id : credentials.keySet()) {
      databases.awaitStatus(id, "running");
      JsonObject shown = databases.get(id);
      Login login = Login.of(credentials.get(id));
      assertThat(databases.credentials(id)).isEqualTo(credentials.get(id));
      assertThat(login.ask("show server_version")).startsWith(shown.getString("version") + ".");
      login.run("create table t (i int)", "insert into t values (" + login.port() + ")");
    }
    return credentials;
  }

  private void startAndFindAll(Map<String, JsonObject> credentials) throws SQLException {
    product.start();
    Databases databases = databases();
    assertThat(databases.listed()).containsExactlyInAnyOrderElementsOf(credentials.keySet());
    for (Map.Entry<String, JsonObject> known : credentials.entrySet()) {
      databases.awaitStatus(known.getKey(), "running");
      assertThat(databases.credentials(known.getKey())).isEqualTo(known.getValue());
      Login login = Login.of(known.getValue());
      assertThat(login.ask("select i from t")).isEqualTo(Integer.toString(login.port()));
    }
    assertThat(place.servers(data).serversByDirectory())
        .hasSize(credentials.size() + 1)
        .allSatisfy((directory, servers) -> assertThat(servers).isEqualTo(1));
  }

  private void deleteAndFindNothing(String id, Login login) throws IOException {
    Databases databases = databases();
    String name = id.replace('_', '-');
    Path files = data.resolve("databases").resolve("default").resolve(name + "-1");
    assertThat(files).isDirectory();

    databases.delete(id);
    databases.awaitGone(id);

    assertThat(databases.listed()).doesNotContain(id);
    assertThat(files).doesNotExist();
    assertThat(place.servers(files).running()).isEmpty();
    assertThatThrownBy(() -> login.ask("select 1")).isInstanceOf(SQLException.class);
  }

  private void assertNothingLeaked(Map<String, JsonObject> credentials) throws IOException {
    String output = product.output();
    assertThat(output).contains("Mooring is ready at");
    assertThat(output)
        .doesNotContain(
            exports().get("MOORING_TOKEN"),
            exports().get("CLOUDHEED_PASSWORD"),
            exports().get("EXOSCALE_API_SECRET"));
    credentials.forEach(
        (id, login) -> assertThat(output).doesNotContain(login.getString("password")));
  }

  private Databases databases() {
    try {
      return new Databases(product.client(exports().get("MOORING_TOKEN")));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Map<String, String> exports() throws IOException {
    return Exports.of(Files.readString(data.resolve("credentials.env")));
  }

  private String mode(String file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(file)));
  }
}
