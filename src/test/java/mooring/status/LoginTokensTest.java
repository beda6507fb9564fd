package mooring.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.UUID;
import mooring.core.Account;
import mooring.core.Caller;
import org.junit.jupiter.api.Test;

class LoginTokensTest {
  private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

  private Instant now = NOON;
  private final InstantSource time = () -> now;
  private final Clock clock = time.withZone(ZoneOffset.UTC);
  private final String keyset = LoginTokens.newKeyset();
  private final LoginTokens logins = LoginTokens.of(keyset, clock);
  private final TokenDirectory directory = new TokenDirectory(clock, logins);
  private final Account account =
      new Account(UUID.randomUUID(), UUID.randomUUID(), "a@mooring.invalid", "a", "hash", NOON, 1);

  @Test
  void oneWorksForAnHourWithEveryScope() {
    String token = logins.issue(account);

    assertThat(token).matches("[^.]+\\.[^.]+\\.[^.]+");
    Caller caller = directory.authenticate(token);
    assertThat(caller).isEqualTo(new Caller(account.tenant(), account.id(), null));
    assertThat(directory.authenticate(token)).isSameAs(caller);
    now = NOON.plusSeconds(3599);
    assertThat(directory.authenticate(token)).isNotNull();
    now = NOON.plusSeconds(3600);
    assertThat(directory.authenticate(token)).isNull();
    assertThat(directory.authenticate(token)).isNull();
  }

  @Test
  void everyReplicaKnowsThem() {
    TokenDirectory replica = new TokenDirectory(clock, LoginTokens.of(keyset, clock));
    assertThat(replica.authenticate(logins.issue(account))).isNotNull();
  }

  @Test
  void thoseOfAnotherKeyAndChangedOnesDoNotWork() {
    LoginTokens other = LoginTokens.of(LoginTokens.newKeyset(), clock);
    String token = logins.issue(account);
    assertThat(directory.authenticate(other.issue(account))).isNull();
    assertThat(directory.authenticate(token.substring(0, token.length() - 2))).isNull();
    assertThat(directory.authenticate(token + "x")).isNull();
    // {"alg":"none"}
    String unsigned =
        "eyJhbGciOiJub25lIn0."
            + token.substring(token.indexOf('.') + 1, token.lastIndexOf('.'))
            + ".";
    assertThat(directory.authenticate(unsigned)).isNull();
    assertThat(directory.authenticate("no.such.token")).isNull();
  }

  @Test
  void manyAreChecked() {
    for (int i = 0; i < 10_100; i++) {
      assertThat(directory.authenticate(logins.issue(account))).isNotNull();
    }
  }

  @Test
  void whatIsNoKeysetIsRefusedWithoutRepeatingIt() {
    assertThatThrownBy(() -> LoginTokens.of("secret-text", clock))
        .isInstanceOf(IllegalStateException.class)
        .hasNoCause()
        .hasMessageNotContaining("secret-text");
  }
}
