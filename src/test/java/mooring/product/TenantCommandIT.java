package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import mooring.FreePort;
import mooring.api.ContractClient;
import mooring.api.ContractClient.Answer;
import mooring.api.exoscale.Signing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Setting up on an external database, and the starts that are refused. */
class TenantCommandIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String UNREACHABLE = "postgresql://mooring:hidden-word@127.0.0.1:%d/mooring";

  @RegisterExtension final Workplace place = new Workplace();
  private final Map<String, String> settings = new HashMap<>();
  private Records records;

  @BeforeEach
  void startRecords() {
    records = place.closing(new Records(place));
    settings.put("MOORING_DATABASE_URL", records.uri());
  }

  @Test
  void printsExportLinesThatWork() {
    assertThat(refused("tenant", "create", "shop"))
        .contains("MOORING_ENCRYPTION_KEYSET must be a Tink AEAD keyset");
    settings.put("MOORING_ENCRYPTION_KEYSET", done("keyset").strip());
    settings.put("MOORING_ADDRESS_POOL", "127.83.0.0/16");
    Product product = new Product(place, "mooring", settings);
    settings.put("MOORING_HTTP_PORT", Integer.toString(product.port));

    Map<String, String> exports = Exports.of(done("tenant", "create", "shop"));
    product.start();

    assertThat(exports)
        .containsOnlyKeys(
            "MOORING_URL",
            "CLOUDHEED_EMAIL",
            "CLOUDHEED_PASSWORD",
            "IONOS_API_URL",
            "IONOS_USERNAME",
            "IONOS_PASSWORD",
            "EXOSCALE_API_ENDPOINT",
            "EXOSCALE_API_KEY",
            "EXOSCALE_API_SECRET",
            "MOORING_TOKEN");
    assertThat(exports.get("CLOUDHEED_EMAIL")).isEqualTo("shop@mooring.invalid");
    assertThat(exports.get("MOORING_URL")).isEqualTo("http://127.0.0.1:" + product.port);
    String token = exports.get("MOORING_TOKEN");
    assertThat(new Databases(product.client(token)).listed()).isEmpty();
    assertThat(product.client("dkc_live_other").get(Databases.ALL).status()).isEqualTo(401);

    assertThat(refused("tenant", "create", "shop")).contains("already exists");
    assertThat(refused("tenant", "create", " ")).contains("the name of a tenant");
    // As a crash between a tenant and its first token leaves it.
    records.ask("insert into tenant (id, name) values (gen_random_uuid(), 'cut') returning id");
    assertThat(Exports.of(done("tenant", "create", "cut"))).containsKey("MOORING_TOKEN");
    assertThat(refused("tenant", "create", "cut")).contains("already exists");
    String second = Exports.of(done("tenant", "create", "office")).get("MOORING_TOKEN");
    assertThat(second).isNotEqualTo(token);
    assertThat(product.output())
        .doesNotContain(
            token,
            exports.get("CLOUDHEED_PASSWORD"),
            exports.get("EXOSCALE_API_SECRET"),
            records.password());

    settings.put("MOORING_ENCRYPTION_KEYSET", done("keyset").strip());
    assertThat(refused("tenant", "create", "third")).contains("keyset is not the one");
    product.stop();
    assertThat(refused()).contains("keyset is not the one");
  }

  @Test
  @Tag("slow")
  void replacesThePasswordOfAnAccountAndMakesAMissingOne() {
    settings.put("MOORING_ENCRYPTION_KEYSET", done("keyset").strip());
    settings.put("MOORING_ADDRESS_POOL", "127.83.0.0/16");
    Map<String, String> first = Exports.of(done("tenant", "create", "shop"));
    // As a tenant that was made before there were accounts.
    records.ask("insert into tenant (id, name) values (gen_random_uuid(), 'old') returning id");
    Product product = new Product(place, "mooring", settings).start();
    ContractClient client = product.client(null);
    Answer session = login(client, first);
    assertThat(session.status()).isEqualTo(200);
    assertThat(clusters(client, first).status()).isEqualTo(200);

    Map<String, String> second = Exports.of(done("tenant", "password", "shop"));

    assertThat(second)
        .containsOnlyKeys(
            "CLOUDHEED_EMAIL", "CLOUDHEED_PASSWORD", "IONOS_USERNAME", "IONOS_PASSWORD");
    assertThat(second.get("IONOS_PASSWORD")).isEqualTo(second.get("CLOUDHEED_PASSWORD"));
    assertThat(second.get("CLOUDHEED_EMAIL")).isEqualTo(first.get("CLOUDHEED_EMAIL"));
    await().until(() -> clusters(client, first).status() == 401);
    assertThat(clusters(client, second).status()).isEqualTo(200);
    assertThat(login(client, first).status()).isEqualTo(401);
    assertThat(login(client, second).status()).isEqualTo(200);
    JsonObject refresh =
        new JsonObject().put("refresh_token", session.json().getString("refresh_token"));
    assertThat(client.post("/v1/auth/refresh", refresh).status()).isEqualTo(401);

    assertThat(login(client, Exports.of(done("tenant", "password", "old"))).status())
        .isEqualTo(200);
    assertThat(refused("tenant", "password", "nobody")).contains("there is no such tenant");
    assertThat(product.output()).doesNotContain(second.get("CLOUDHEED_PASSWORD"));
  }

  @Test
  @Tag("slow")
  void replacesTheAccessKeyOfATenant() {
    settings.put("MOORING_ENCRYPTION_KEYSET", done("keyset").strip());
    settings.put("MOORING_ADDRESS_POOL", "127.83.0.0/16");
    Map<String, String> first = Exports.of(done("tenant", "create", "shop"));
    Product product = new Product(place, "mooring", settings).start();
    assertThat(services(product, first).status()).isEqualTo(200);

    Map<String, String> second = Exports.of(done("tenant", "key", "shop"));

    assertThat(second.get("EXOSCALE_API_ENDPOINT")).endsWith("/v2");
    await().until(() -> services(product, first).status() == 403);
    await().until(() -> services(product, second).status() == 200);
    assertThat(refused("tenant", "key", "nobody")).contains("there is no such tenant");
    assertThat(product.output()).doesNotContain(second.get("EXOSCALE_API_SECRET"));
  }

  private static Answer services(Product product, Map<String, String> exports) {
    return product
        .client(null)
        .signed(Signing.with(exports.get("EXOSCALE_API_KEY"), exports.get("EXOSCALE_API_SECRET")))
        .get("/v2/dbaas-service");
  }

  private static Answer login(ContractClient client, Map<String, String> account) {
    return client.post(
        "/v1/auth/login",
        new JsonObject()
            .put("email", account.get("CLOUDHEED_EMAIL"))
            .put("password", account.get("CLOUDHEED_PASSWORD")));
  }

  private static Answer clusters(ContractClient client, Map<String, String> account) {
    return client
        .as(account.get("IONOS_USERNAME"), account.get("IONOS_PASSWORD"))
        .get("/databases/postgresql/clusters");
  }

  @Test
  void startsOnNothingThatIsNotThere() {
    settings.put("MOORING_ENCRYPTION_KEYSET", done("keyset").strip());
    settings.put("MOORING_DATABASE_URL", UNREACHABLE.formatted(FreePort.next()));
    assertThat(refused()).contains("cannot be used").doesNotContain("hidden-word");
    settings.put("MOORING_DATABASE_URL", "mysql://hidden-word@127.0.0.1/mooring");
    assertThat(refused()).contains("MOORING_DATABASE_URL").doesNotContain("hidden-word");
    settings.put("MOORING_DATABASE_URL", records.uri());
    settings.put("MOORING_ENCRYPTION_KEYSET", "hidden-word");
    assertThat(refused()).contains("MOORING_ENCRYPTION_KEYSET").doesNotContain("hidden-word");

    settings.clear();
    assertThat(refused("tenant", "create", "shop")).contains("MOORING_DATABASE_URL must be set");
    assertThat(refused("tenant", "remove", "shop")).contains("unknown command", "usage:");
    assertRefused("MOORING_HTTP_PROT", "8080", "unknown setting MOORING_HTTP_PROT");
    assertRefused("MOORING_HTTP_PORT", "http", "MOORING_HTTP_PORT must be a TCP port");
    assertRefused("MOORING_KUBERNETES", "k3s", "MOORING_KUBERNETES must be embedded, kubeconfig");
    assertRefused("MOORING_CREATE_DEADLINE", "soon", "MOORING_CREATE_DEADLINE must be a duration");
    assertRefused(
        "MOORING_ADDRESS_POOL", "127.83.0.0", "MOORING_ADDRESS_POOL must be an IPv4 CIDR");
  }

  private void assertRefused(String name, String value, String words) {
    settings.clear();
    settings.put(name, value);
    assertThat(refused()).contains(words);
  }

  private String done(String... arguments) {
    return ended(0, arguments);
  }

  private String refused(String... arguments) {
    return ended(1, arguments);
  }

  private String ended(int status, String... arguments) {
    Child child = Product.run(place, settings, arguments);
    assertThat(child.awaitExit(LIMIT)).as(child.output()).isEqualTo(status);
    return child.output();
  }
}
