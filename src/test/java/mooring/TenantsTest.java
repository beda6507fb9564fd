package mooring;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import mooring.core.AccessKey;
import mooring.core.Accounts;
import mooring.status.AccessKeyDirectory;
import mooring.status.AccountDirectory;
import mooring.status.StatusCache;
import mooring.status.StatusFeed;
import mooring.status.TokenDirectory;
import mooring.store.FreshStore;
import mooring.store.PgStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which variables the clients of a tenant get. */
class TenantsTest {
  private final Vertx vertx = Vertx.vertx();
  private final PgStore store = new FreshStore(vertx).store();
  private final Accounts accounts = Records.accounts(store);
  private final TokenDirectory tokens = new TokenDirectory(Clock.systemUTC());
  private final AccessKeyDirectory accessKeys = new AccessKeyDirectory();
  private final StatusFeed feed =
      new StatusFeed(new StatusCache(), tokens, new AccountDirectory(), accessKeys);
  private final Tenants tenants =
      new Tenants(
          store.tokens(),
          store.accessKeys(),
          accounts,
          "http://here",
          feed::publish,
          feed::publish);

  @AfterEach
  void close() {
    store.close().blockingAwait();
    vertx.close().await();
  }

  @Test
  void oneAccountServesAllApis() {
    Map<String, String> made = tenants.create("shop");
    assertThat(made)
        .containsEntry("IONOS_API_URL", "http://here")
        .containsEntry("IONOS_USERNAME", "shop@mooring.invalid")
        .containsEntry("IONOS_PASSWORD", made.get("CLOUDHEED_PASSWORD"));
    assertThat(works(made.get("IONOS_PASSWORD"))).isTrue();
    Map<String, String> renewed = tenants.renewPassword("shop");
    assertThat(renewed.get("IONOS_PASSWORD")).isEqualTo(renewed.get("CLOUDHEED_PASSWORD"));
    assertThat(works(renewed.get("IONOS_PASSWORD"))).isTrue();
    assertThat(works(made.get("IONOS_PASSWORD"))).isFalse();
  }

  @Test
  void aPasswordThatSomebodyHasGoesOnWorking() {
    // As an installation has it that was made before there was the newer API.
    String known = tenants.create("shop").get("CLOUDHEED_PASSWORD");
    Map<String, String> file = Map.of("CLOUDHEED_PASSWORD", known);
    Map<String, String> completed = new LinkedHashMap<>();
    tenants.ensure("shop", file::get).forEach((name, value) -> completed.put(name, value.get()));
    assertThat(completed)
        .containsEntry("IONOS_PASSWORD", known)
        .containsEntry("CLOUDHEED_PASSWORD", known);
    assertThat(works(known)).isTrue();
  }

  @Test
  void aTenantHasAnAccessKey() {
    Map<String, String> made = tenants.create("shop");
    assertThat(made).containsEntry("EXOSCALE_API_ENDPOINT", "http://here/v2");
    assertThat(made.get("EXOSCALE_API_KEY")).matches("EXO[0-9a-f]{24}");
    assertThat(keys()).containsExactly(made.get("EXOSCALE_API_SECRET"));
    // Whoever has lost one of the two lines gets it again.
    Map<String, String> file = Map.of("EXOSCALE_API_KEY", made.get("EXOSCALE_API_KEY"));
    assertThat(tenants.ensure("shop", file::get).get("EXOSCALE_API_SECRET").get())
        .isEqualTo(made.get("EXOSCALE_API_SECRET"));
    Map<String, String> renewed = tenants.renewAccessKey("shop");
    assertThat(keys()).containsExactly(renewed.get("EXOSCALE_API_SECRET"));
    assertThat(renewed.get("EXOSCALE_API_SECRET")).isNotEqualTo(made.get("EXOSCALE_API_SECRET"));
  }

  @Test
  void whatIsMadeHereIsKnownBeforeTheRecordsTellOfIt() {
    Map<String, String> made = tenants.create("shop");
    assertThat(tokens.authenticate(made.get("MOORING_TOKEN"))).isNotNull();
    assertThat(accessKeys.find(made.get("EXOSCALE_API_KEY"))).isNotNull();
    String renewed = tenants.renewAccessKey("shop").get("EXOSCALE_API_KEY");
    assertThat(accessKeys.find(renewed)).isNotNull();
  }

  private List<String> keys() {
    UUID tenant = store.tokens().tenant("shop").blockingGet().id();
    return store.accessKeys().list(tenant).blockingGet().stream().map(AccessKey::secret).toList();
  }

  private boolean works(String password) {
    return !accounts.check("shop@mooring.invalid", password).isEmpty().blockingGet();
  }
}
