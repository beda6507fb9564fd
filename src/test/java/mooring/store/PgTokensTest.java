package mooring.store;

import static mooring.store.StoreFixture.get;
import static mooring.store.StoreFixture.problem;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import mooring.core.Problem;
import mooring.core.StoredSecret;
import mooring.core.Tenant;
import mooring.core.Token;
import mooring.core.TokenStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PgTokensTest {
  private StoreFixture fixture;
  private TokenStore tokens;

  @BeforeAll
  void open() {
    fixture = new StoreFixture();
    tokens = fixture.store.tokens();
  }

  @AfterAll
  void close() {
    fixture.close();
  }

  @Test
  void aTenantsNameIsUnique() {
    Tenant tenant = get(tokens.createTenant("unique"));

    assertThat(tenant.name()).isEqualTo("unique");
    assertThat(problem(tokens.createTenant("unique"))).isInstanceOf(Problem.Conflict.class);
  }

  @Test
  void createStoresATokenWithAudit() {
    UUID tenant = get(tokens.createTenant("creating")).id();
    UUID by = UUID.randomUUID();
    Instant expires = Instant.now().plus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.MILLIS);

    Token token =
        get(tokens.create(tenant, "ci", secret(1), Set.of("a:read", "a:write"), expires, by));

    assertThat(token.shortId()).matches("[0-9a-f]{8}");
    assertThat(token.tenant()).isEqualTo(tenant);
    assertThat(token.name()).isEqualTo("ci");
    assertThat(token.secret()).isEqualTo(secret(1));
    assertThat(token.scopes()).containsExactlyInAnyOrder("a:read", "a:write");
    assertThat(token.expiresAt()).isEqualTo(expires);
    assertThat(token.lastUsedAt()).isNull();
    assertThat(token.revokedAt()).isNull();
    assertThat(token.revision()).isPositive();
    assertThat(get(tokens.list(tenant))).containsExactly(token);
    assertThat(
            fixture.texts(
                "SELECT action || ' ' || token || ' ' || outcome FROM audit WHERE subject = '"
                    + token.id()
                    + "'"))
        .containsExactly("CREATE_TOKEN " + by + " SUCCEEDED");
  }

  @Test
  void noScopesAtAllAreNotTheSameAsEveryScope() {
    UUID tenant = get(tokens.createTenant("scopes")).id();

    assertThat(get(tokens.create(tenant, "all", secret(2), null, null, null)).scopes()).isNull();
    assertThat(get(tokens.create(tenant, "none", secret(3), Set.of(), null, null)).scopes())
        .isEmpty();
  }

  @Test
  void listIsNewestFirstAndWithoutTheRevokedAndTheForeign() {
    UUID tenant = get(tokens.createTenant("listing")).id();
    Token old = get(tokens.create(tenant, "old", secret(4), null, null, null));
    Token revoked = get(tokens.create(tenant, "revoked", secret(5), null, null, null));
    Token young = get(tokens.create(tenant, "young", secret(6), null, null, null));
    UUID stranger = get(tokens.createTenant("stranger")).id();
    get(tokens.create(stranger, "foreign", secret(7), null, null, null));
    assertThat(tokens.revoke(tenant, revoked.shortId(), null).blockingGet()).isNotNull();

    assertThat(get(tokens.list(tenant)))
        .extracting(Token::id)
        .containsExactly(young.id(), old.id());
  }

  @Test
  void revokeWorksOnceAndOnlyForItsTenant() {
    UUID tenant = get(tokens.createTenant("revoking")).id();
    UUID stranger = get(tokens.createTenant("revoking stranger")).id();
    Token token = get(tokens.create(tenant, "t", secret(8), null, null, null));

    assertThat(tokens.revoke(stranger, token.shortId(), null).isEmpty().blockingGet()).isTrue();
    Token revoked = tokens.revoke(tenant, token.shortId(), null).blockingGet();
    assertThat(revoked.revokedAt()).isNotNull();
    assertThat(revoked.revision()).isGreaterThan(token.revision());
    assertThat(tokens.revoke(tenant, token.shortId(), null).isEmpty().blockingGet()).isTrue();
    assertThat(tokens.revoke(tenant, "ffffffff", null).isEmpty().blockingGet()).isTrue();
  }

  @Test
  void rotateKeepsTheSecretBeforeForAWhile() {
    UUID tenant = get(tokens.createTenant("rotating")).id();
    UUID stranger = get(tokens.createTenant("rotating stranger")).id();
    UUID by = UUID.randomUUID();
    Token token = get(tokens.create(tenant, "t", secret(20), Set.of("a:read"), null, null));
    Instant until = Instant.parse("2030-01-01T12:00:00Z");

    Token rotated = tokens.rotate(tenant, token.shortId(), secret(21), until, by).blockingGet();
    assertThat(rotated.id()).isEqualTo(token.id());
    assertThat(rotated.secret()).isEqualTo(secret(21));
    assertThat(rotated.previous()).isEqualTo(new Token.Previous(secret(20).hash(), until));
    assertThat(rotated.revision()).isGreaterThan(token.revision());
    assertThat(tokens.find(tenant, token.shortId()).blockingGet()).isEqualTo(rotated);

    Token again = tokens.rotate(tenant, token.shortId(), secret(22), until, by).blockingGet();
    assertThat(again.previous().hash()).isEqualTo(secret(21).hash());
    assertThat(
            tokens.rotate(stranger, token.shortId(), secret(23), until, by).isEmpty().blockingGet())
        .isTrue();
    assertThat(tokens.find(stranger, token.shortId()).isEmpty().blockingGet()).isTrue();
    assertThat(
            fixture.texts(
                "SELECT action FROM audit WHERE subject = '" + token.id() + "' ORDER BY id"))
        .containsExactly("CREATE_TOKEN", "ROTATE_TOKEN", "ROTATE_TOKEN");
  }

  @Test
  void lastUseIsNeverMadeOlder() {
    UUID tenant = get(tokens.createTenant("using")).id();
    Token first = get(tokens.create(tenant, "first", secret(9), null, null, null));
    Token second = get(tokens.create(tenant, "second", secret(10), null, null, null));
    Instant noon = Instant.parse("2030-01-01T12:00:00Z");

    tokens.used(Map.of(first.id(), noon, second.id(), noon)).blockingAwait();
    tokens
        .used(
            Map.of(
                first.id(), noon.minusSeconds(60),
                second.id(), noon.plusSeconds(60),
                UUID.randomUUID(), noon))
        .blockingAwait();

    assertThat(lastUses(tenant))
        .isEqualTo(Map.of(first.id(), noon, second.id(), noon.plusSeconds(60)));
    tokens.used(Map.of()).blockingAwait();
  }

  private Map<UUID, Instant> lastUses(UUID tenant) {
    List<Token> all = get(tokens.list(tenant));
    Map<UUID, Instant> uses = new HashMap<>();
    all.forEach(token -> uses.put(token.id(), token.lastUsedAt()));
    return uses;
  }

  private static StoredSecret secret(int number) {
    return new StoredSecret(String.format("%064x", number), "ch_live_abc");
  }
}
