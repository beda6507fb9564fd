package mooring.store;

import static mooring.store.StoreFixture.get;
import static mooring.store.StoreFixture.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivex.rxjava3.observers.TestObserver;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
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
    assertThat(accounts.open(account, token(1)).isEmpty().blockingGet()).isFalse();

    assertThat(accounts.renew(hash(1), token(2)).blockingGet()).isEqualTo(account);
    assertThat(accounts.renew(hash(2), token(3)).blockingGet()).isEqualTo(account);
    assertThat(refused(99)).isTrue();
  }

  @Test
  void oneUsedTwiceEndsItsFamilyAndNoOther() {
    Account account = create("copied");
    assertThat(accounts.open(account, token(11)).isEmpty().blockingGet()).isFalse();
    assertThat(accounts.open(account, token(12)).isEmpty().blockingGet()).isFalse();
    assertThat(accounts.renew(hash(11), token(13)).blockingGet()).isNotNull();

    assertThat(refused(11)).isTrue();
    assertThat(refused(13)).isTrue();
    assertThat(accounts.renew(hash(12), token(14)).blockingGet()).isNotNull();
  }

  @Test
  void anExpiredOneDoesNotWorkAndIsForgotten() {
    Account account = create("expired");
    Instant past = Instant.now().minusSeconds(1);
    assertThat(accounts.open(account, new RefreshToken(hash(21), past)).isEmpty().blockingGet())
        .isFalse();

    assertThat(refused(21)).isTrue();
    assertThat(accounts.open(account, token(22)).isEmpty().blockingGet()).isFalse();
    assertThat(hashes(account)).containsExactly(hash(22));
  }

  @Test
  void aNewPasswordEndsTheSessions() {
    Account account = create("changed");
    assertThat(accounts.open(account, token(31)).isEmpty().blockingGet()).isFalse();

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
  void aLoginThatWasCheckedAgainstTheOldPasswordBeginsNoSession() {
    Account account = create("late");
    assertThat(accounts.setPassword(fixture.tenant, account.email(), "other").blockingGet())
        .isNotNull();

    assertThat(accounts.open(account, token(41)).isEmpty().blockingGet()).isTrue();
    assertThat(hashes(account)).isEmpty();
  }

  @Test
  void aNewPasswordAlsoEndsASessionThatIsRenewedAtThatMoment() throws Exception {
    Account account = create("raced");
    assertThat(accounts.open(account, token(51)).isEmpty().blockingGet()).isFalse();

    TestObserver<Account> renewal;
    TestObserver<Account> change;
    try (Connection holder = TestPostgres.jdbc(fixture.uri)) {
      holder.setAutoCommit(false);
      try (Statement statement = holder.createStatement()) {
        assertThat(statement.execute("SELECT hash FROM refresh_token FOR UPDATE")).isTrue();
      }
      renewal = accounts.renew(hash(51), token(52)).test();
      fixture.awaitWaiting(1);
      change = accounts.setPassword(fixture.tenant, account.email(), "other").test();
      fixture.awaitWaiting(2);
      holder.rollback();
    }
    assertThat(renewal.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(change.await(20, TimeUnit.SECONDS)).isTrue();
    renewal.assertValueCount(1);
    change.assertValueCount(1);
    assertThat(hashes(account)).isEmpty();
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
