package mooring.api.cloudheed;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import mooring.api.ContractClient;
import mooring.api.ContractClient.Answer;
import mooring.api.ExercisedOperations;
import mooring.api.RateLimiter;
import mooring.core.Caller;
import mooring.core.Tenant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The operations under /v1/auth over a real store, each test with a tenant of its own. */
@ExtendWith(ExercisedOperations.class)
class CloudheedAuthTest {
  private static final String LOGIN = "/v1/auth/login";
  private static final String REFRESH = "/v1/auth/refresh";
  private static final String ME = "/v1/auth/me";
  private static final String KEYS = "/v1/auth/api-keys";
  private static final String PASSWORD = "Correct-Horse-9";

  private static CloudheedBench bench;
  private static ContractClient anyone;

  private Tenant tenant;
  private String email;

  @BeforeAll
  static void start() {
    bench = new CloudheedBench();
    anyone = bench.api.client(null);
  }

  @AfterAll
  static void stop() {
    bench.close();
  }

  @BeforeEach
  void tenant() {
    tenant = bench.store.tokens().createTenant(UUID.randomUUID().toString()).blockingGet();
    email = tenant.name() + "@mooring.invalid";
  }

  private ContractClient root() {
    return anyone.as(rootKey());
  }

  private String rootKey() {
    Caller root = new Caller(tenant.id(), null, null);
    return bench.api.tokens.create(root, "dkc_live_", "root", null, null).blockingGet().secret();
  }

  private static JsonObject newKey(String... scopes) {
    return new JsonObject().put("name", "deploy").put("scopes", new JsonArray(List.of(scopes)));
  }

  private void account() {
    assertThat(
            bench
                .api
                .accounts
                .create(tenant.id(), email, tenant.name(), PASSWORD)
                .blockingGet()
                .email())
        .isEqualTo(email);
  }

  private JsonObject credentials(String password) {
    return new JsonObject().put("email", email).put("password", password);
  }

  @Test
  void aLoginGivesATokenForEverything() {
    account();

    Answer answer = anyone.post(LOGIN, credentials(PASSWORD));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("cache-control")).isEqualTo("no-store");
    JsonObject user = answer.json().getJsonObject("user");
    assertThat(user.getString("email")).isEqualTo(email);
    assertThat(user.getString("name")).isEqualTo(tenant.name());

    ContractClient client = anyone.as(answer.json().getString("token"));
    assertThat(client.get(ME).json()).isEqualTo(user);
    Answer key = client.post(KEYS, newKey("databases:read", "org:write"));
    assertThat(key.status()).isEqualTo(201);
    assertThat(anyone.as(key.json().getString("api_key")).get(ME).json()).isEqualTo(user);
    Caller caller = bench.api.directory.authenticate(answer.json().getString("token"));
    assertThat(caller.tenant()).isEqualTo(tenant.id());
    assertThat(caller.mayAll()).isTrue();
  }

  @Test
  void anEmailAddressIsTheSameInCapitalsAndTheCodeMeansNothing() {
    account();
    JsonObject body =
        new JsonObject()
            .put("email", " " + email.toUpperCase(java.util.Locale.ROOT))
            .put("password", PASSWORD)
            .put("totp_code", "123456");
    assertThat(anyone.post(LOGIN, body).status()).isEqualTo(200);
  }

  @Test
  void wrongCredentialsAndUnknownAccountsLookTheSame() {
    account();

    Answer wrong = anyone.post(LOGIN, credentials("wrong"));
    Answer unknown =
        anyone.post(LOGIN, credentials(PASSWORD).put("email", "nobody@mooring.invalid"));
    for (Answer answer : List.of(wrong, unknown)) {
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.code()).isEqualTo("invalid_token");
      assertThat(answer.header("www-authenticate")).isEqualTo("Bearer");
    }
    assertThat(wrong.error()).isEqualTo(unknown.error());
  }

  @Test
  void manyFailuresHaveToWaitEvenWithTheRightPassword() {
    account();
    // To check a password can take longer than the first wait.
    bench.api.attempts.set(Instant.now());
    try {
      for (int i = 0; i < 5; i++) {
        assertThat(anyone.post(LOGIN, credentials("wrong")).status()).isEqualTo(401);
      }
      Answer refused = anyone.post(LOGIN, credentials(PASSWORD));
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.code()).isEqualTo("rate_limit_exceeded");
      assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(1, 65);
    } finally {
      bench.api.attempts.set(null);
    }
  }

  @Test
  void aRefreshTokenWorksOnceAndItsCopyEndsTheSession() {
    account();
    JsonObject login = anyone.post(LOGIN, credentials(PASSWORD)).json();
    String first = login.getString("refresh_token");

    Answer renewed = refresh(first);
    assertThat(renewed.status()).isEqualTo(200);
    assertThat(anyone.as(renewed.json().getString("token")).get(ME).status()).isEqualTo(200);
    String second = renewed.json().getString("refresh_token");
    assertThat(second).isNotEqualTo(first);
    Answer copied = refresh(first);
    assertThat(copied.status()).isEqualTo(401);
    assertThat(copied.code()).isEqualTo("invalid_token");
    assertThat(refresh(second).status()).isEqualTo(401);
    assertThat(refresh("ch_refresh_none").status()).isEqualTo(401);
  }

  private static Answer refresh(String token) {
    return anyone.post(REFRESH, new JsonObject().put("refresh_token", token));
  }

  @Test
  void aKeyIsShownOnceAndListedByItsPrefix() {
    ContractClient root = root();
    JsonObject body = newKey("databases:write", "databases:read").put("expires_in", "365d");
    Answer created = root.post(KEYS, body);

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.header("cache-control")).isEqualTo("no-store");
    JsonObject key = created.json().copy();
    String secret = (String) key.remove("api_key");
    assertThat(secret).matches("ch_live_[A-Za-z0-9_-]{43}");
    assertThat(key.getString("id")).matches("key-[0-9a-f]{8}");
    assertThat(key.getString("prefix")).isEqualTo(secret.substring(0, 11));
    assertThat(key.getString("key_prefix")).isEqualTo(secret.substring(0, 11));
    assertThat(key.getJsonArray("scopes"))
        .isEqualTo(new JsonArray(List.of("databases:read", "databases:write")));
    assertThat(Instant.parse(key.getString("expires_at")))
        .isBetween(
            Instant.now().plus(Duration.ofDays(364)), Instant.now().plus(Duration.ofDays(366)));
    String path = KEYS + "/" + key.getString("id");
    assertThat(created.header("location")).isEqualTo(path);
    assertThat(root.get(path).json()).isEqualTo(key);
    JsonArray listed = root.get(KEYS).json().getJsonArray("api_keys");
    assertThat(listed).hasSize(2).contains(key);
    JsonObject first = listed.getJsonObject(1);
    assertThat(first.getString("prefix")).startsWith("dkc_live_");
    assertThat(first.getJsonArray("scopes")).hasSize(7);
    assertThat(first.getString("expires_at")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name       | null            | name must be a string",
        "name       | \"\"            | name must be 1 to 63 characters long",
        "scopes     | []              | scopes must name at least one scope",
        "scopes     | [\"compute:*\"] | scopes[0] must be one of databases:read,",
        "scopes     | \"org:read\"    | scopes must be an array",
        "expires_in | \"365\"         | expires_in must be a number of days or hours",
        "expires_in | \"0d\"          | expires_in must be a number of days or hours",
        "expires_in | \"3651d\"       | expires_in must be a number of days or hours",
        "expires_in | 365             | expires_in must be a string"
      })
  void refusesBadValuesByName(String field, String value, String message) {
    ContractClient root = root();
    String body = newKey("org:read").put(field, "@@").encode().replace("\"@@\"", value);
    Answer answer = root.post(KEYS, body);
    assertThat(answer.status()).as(body).isEqualTo(422);
    assertThat(answer.code()).isEqualTo("validation_error");
    assertThat(answer.error()).startsWith(message);
    assertThat(root.get(KEYS).json().getJsonArray("api_keys")).hasSize(1);
  }

  @Test
  void aLoginNeedsBothFields() {
    Answer answer = anyone.post(LOGIN, new JsonObject().put("email", "a@mooring.invalid"));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.error()).isEqualTo("password is required");
    assertThat(anyone.post(LOGIN, "{").status()).isEqualTo(400);
  }

  @Test
  void noKeyReachesBeyondItsScopes() {
    ContractClient root = root();
    JsonObject weak = root.post(KEYS, newKey("databases:read")).json();
    JsonObject strong = root.post(KEYS, newKey("databases:read", "databases:write")).json();
    ContractClient client = anyone.as(weak.getString("api_key"));

    Answer more = client.post(KEYS, newKey("databases:read", "org:write"));
    assertThat(more.status()).isEqualTo(403);
    assertThat(more.code()).isEqualTo("insufficient_permissions");
    String path = KEYS + "/" + strong.getString("id");
    assertThat(client.post(path + "/rotate").status()).isEqualTo(403);
    assertThat(client.delete(path).status()).isEqualTo(403);
    assertThat(client.post(KEYS, newKey("databases:read")).status()).isEqualTo(201);
    assertThat(client.delete(KEYS + "/" + weak.getString("id")).status()).isEqualTo(204);
    assertThat(client.get(KEYS).status()).isEqualTo(401);
    assertThat(anyone.as(strong.getString("api_key")).get(KEYS).status()).isEqualTo(200);
  }

  @Test
  void aRotatedKeyHasTwoSecretsForAnHour() {
    ContractClient root = root();
    JsonObject key = root.post(KEYS, newKey("databases:read")).json();
    String path = KEYS + "/" + key.getString("id");

    Answer rotated = root.post(path + "/rotate");
    assertThat(rotated.status()).isEqualTo(200);
    assertThat(rotated.header("cache-control")).isEqualTo("no-store");
    String secret = rotated.json().getString("token");
    assertThat(secret).startsWith(rotated.json().getString("prefix"));
    assertThat(rotated.json().getString("id")).isEqualTo(key.getString("id"));
    assertThat(Instant.parse(rotated.json().getString("previous_token_valid_until")))
        .isBetween(Instant.now().plusSeconds(3500), Instant.now().plusSeconds(3601));
    assertThat(anyone.as(secret).get(KEYS).status()).isEqualTo(200);
    assertThat(anyone.as(key.getString("api_key")).get(KEYS).status()).isEqualTo(200);
    assertThat(root.get(KEYS).json().getJsonArray("api_keys")).hasSize(2);

    assertThat(root.delete(path).status()).isEqualTo(204);
    assertThat(anyone.as(secret).get(KEYS).status()).isEqualTo(401);
    assertThat(anyone.as(key.getString("api_key")).get(KEYS).status()).isEqualTo(401);
  }

  @Test
  void whatIsNotThereIsNotFound() {
    ContractClient root = root();
    String id = root.post(KEYS, newKey("org:read")).json().getString("id");
    tenant();
    ContractClient stranger = root();
    for (String path : List.of(KEYS + "/" + id, KEYS + "/key-00000000", KEYS + "/tok_00000000")) {
      assertThat(stranger.get(path).status()).isEqualTo(404);
      assertThat(stranger.delete(path).status()).isEqualTo(404);
      Answer rotated = stranger.post(path + "/rotate");
      assertThat(rotated.code()).isEqualTo("resource_not_found");
    }
    assertThat(stranger.get(ME).status()).isEqualTo(404);
    assertThat(anyone.get(KEYS).code()).isEqualTo("invalid_token");
    assertThat(anyone.as("a.b.c").get(ME).status()).isEqualTo(401);
  }

  @Test
  void aLimitIsTold() {
    RateLimiter limiter =
        new RateLimiter(3, Clock.fixed(Instant.parse("2030-01-01T12:00:20Z"), ZoneOffset.UTC));
    ContractClient stranger = bench.api.serve(bench.api.cloudheed.limitedBy(limiter));
    String token = rootKey();
    ContractClient client = stranger.as(token);

    Answer first = client.get(KEYS);
    assertThat(first.status()).isEqualTo(200);
    assertThat(first.header("x-ratelimit-limit")).isEqualTo("3");
    assertThat(first.header("x-ratelimit-remaining")).isEqualTo("2");
    assertThat(first.header("x-ratelimit-reset"))
        .isEqualTo(Long.toString(Instant.parse("2030-01-01T12:01:00Z").getEpochSecond()));
    assertThat(client.get(KEYS + "/x").header("x-ratelimit-remaining")).isEqualTo("1");
    assertThat(client.get(KEYS).status()).isEqualTo(200);
    Answer refused = client.get(KEYS);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.code()).isEqualTo("rate_limit_exceeded");
    assertThat(refused.header("retry-after")).isEqualTo("40");
    assertThat(refused.header("x-ratelimit-remaining")).isEqualTo("0");

    assertThat(stranger.post(LOGIN, credentials("x")).status()).isEqualTo(401);
    assertThat(stranger.post(LOGIN, credentials("x")).status()).isEqualTo(429);
    assertThat(anyone.as(token).get(KEYS).header("x-ratelimit-limit")).isNull();
  }
}
