package mooring.store;

import static mooring.store.StoreFixture.get;
import static mooring.store.StoreFixture.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import mooring.core.Account;
import mooring.core.AccountStore;
import mooring.core.AccountStore.RefreshToken;
import mooring.core.Caller;
import mooring.core.Problem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PgAccountsTest {
  private final Instant later =
      Instant.now().plus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.MILLIS);

  private StoreFixture fixture;
  private AccountStore accounts;

  @BeforeAll
  void open() {
    fixture = new StoreFixture();
    accounts = fixture.store.accounts();
  }

  @AfterAll
  void close() {
    fixture.close();
  }

  @Test
  void createStoresAnAccountWithAudit() {
    Account account = create("made");

    assertThat(account.tenant()).isEqualTo(fixture.tenant);
    assertThat(account.email()).isEqualTo("made@mooring.invalid");
    assertThat(account.passwordHash()).isEqualTo("hash");
    assertThat(accounts.find("made@mooring.invalid").blockingGet()).isEqualTo(account);
    assertThat(accounts.find("none@mooring.invalid").isEmpty().blockingGet()).isTrue();
    assertThat(fixture.texts("SELECT action FROM audit WHERE subject = '" + account.id() + "'"))
        .containsExactly("CREATE_ACCOUNT");
    assertThat(account.toString()).doesNotContain("hash");
  }

  @Test
  void anEmailAddressIsUnique() {
    Account account = create("unique");

    assertThat(problem(accounts.create(fixture.tenant, account.email(), "other", "hash")))
        .isInstanceOf(Problem.Conflict.class);
    assertThat(problem(accounts.create(UUID.randomUUID(), "x@mooring.invalid", "x", "hash")))
        .isInstanceOf(Problem.NotFound.class);
  }

  @Test
  void aCallerStandsForItsOwnAccountOrTheTenantsFirst() {
    UUID tenant = get(fixture.store.tokens().createTenant("callers")).id();
    Account first = get(accounts.create(tenant, "first@mooring.invalid", "first", "hash"));
    Account second = get(accounts.create(tenant, "second@mooring.invalid", "second", "hash"));

    assertThat(accounts.find(new Caller(tenant, second.id(), null)).blockingGet())
        .isEqualTo(second);
    assertThat(accounts.find(new Caller(tenant, UUID.randomUUID(), Set.of())).blockingGet())
        .isEqualTo(first);
    assertThat(accounts.find(new Caller(tenant, null, null)).blockingGet()).isEqualTo(first);
    assertThat(
            accounts.find(new Caller(UUID.randomUUID(), second.id(), null)).isEmpty().blockingGet())
        .isTrue();
  }

  @Test
  void aRefreshTokenWorksOnce() {
    Account account = create("refreshing");
    accounts.open(account.id(), token(1)).blockingAwait();

    assertThat(accounts.renew(hash(1), token(2)).blockingGet()).isEqualTo(account);
    assertThat(accounts.renew(hash(2), token(3)).blockingGet()).isEqualTo(account);
    assertThat(refused(99)).isTrue();
  }

  @Test
  void oneUsedTwiceEndsItsFamilyAndNoOther() {
    Account account = create("copied");
    accounts.open(account.id(), token(11)).blockingAwait();
    accounts.open(account.id(), token(12)).blockingAwait();
    assertThat(accounts.renew(hash(11), token(13)).blockingGet()).isNotNull();

    assertThat(refused(11)).isTrue();
    assertThat(refused(13)).isTrue();
    assertThat(accounts.renew(hash(12), token(14)).blockingGet()).isNotNull();
  }

  @Test
  void anExpiredOneDoesNotWorkAndIsForgotten() {
    Account account = create("expired");
    Instant past = Instant.now().minusSeconds(1);
    accounts.open(account.id(), new RefreshToken(hash(21), past)).blockingAwait();

    assertThat(refused(21)).isTrue();
    accounts.open(account.id(), token(22)).blockingAwait();
    assertThat(hashes(account)).containsExactly(hash(22));
  }

  @Test
  void aNewPasswordEndsTheSessions() {
    Account account = create("changed");
    accounts.open(account.id(), token(31)).blockingAwait();

    assertThat(accounts.setPassword(fixture.tenant, account.email(), "other").blockingGet())
        .extracting(Account::passwordHash)
        .isEqualTo("other");
    assertThat(refused(31)).isTrue();
    assertThat(
            accounts
                .setPassword(UUID.randomUUID(), account.email(), "third")
                .isEmpty()
                .blockingGet())
        .isTrue();
  }

  @Test
  void theFirstSigningKeyIsKeptSealed() {
    StoreFixture own = new StoreFixture();
    PgStore replica = own.replica();

    assertThat(get(own.store.signingKey(() -> "first key"))).isEqualTo("first key");
    assertThat(get(replica.signingKey(() -> "second key"))).isEqualTo("first key");
    assertThat(own.dump("signing_key")).singleElement().asString().doesNotContain("first key");
    PgStore stranger =
        new PgStore(
            own.vertx, own.uri, SecretBox.of(SecretBox.newKeyset()), StoreFixture.derived());
    assertThatThrownBy(() -> get(stranger.signingKey(() -> "third key")))
        .isInstanceOf(IllegalStateException.class);
    stranger.close().blockingAwait();
    replica.close().blockingAwait();
    own.close();
  }

  private Account create(String name) {
    return get(accounts.create(fixture.tenant, name + "@mooring.invalid", name, "hash"));
  }

  private boolean refused(int number) {
    return accounts.renew(hash(number), token(number + 1000)).isEmpty().blockingGet();
  }

  private List<String> hashes(Account account) {
    return fixture.texts("SELECT hash FROM refresh_token WHERE account = '" + account.id() + "'");
  }

  private RefreshToken token(int number) {
    return new RefreshToken(hash(number), later);
  }

  private static String hash(int number) {
    return String.format("%064x", number);
  }
}
