package mooring.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import mooring.core.StoredSecret;
import mooring.core.Token;
import org.junit.jupiter.api.Test;

class TokenDirectoryTest {
  private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

  private Instant now = NOON;
  private final InstantSource time = () -> now;
  private final Clock clock = time.withZone(ZoneOffset.UTC);
  private final TokenDirectory directory = new TokenDirectory(clock);
  private final UUID id = UUID.randomUUID();

  @Test
  void anExchangedSecretWorksUntilItsTime() {
    directory.put(token("old", null, NOON.plusSeconds(7200), 1));
    directory.put(token("new", previous("old", 3600), NOON.plusSeconds(7200), 2));

    assertThat(works("old", "new")).isTrue();
    now = NOON.plusSeconds(3600);
    assertThat(works("new")).isTrue();
    assertThat(works("old")).isFalse();
    now = NOON.plusSeconds(7200);
    assertThat(works("new")).isFalse();
  }

  @Test
  void aSecretExchangedTwiceIsForgotten() {
    directory.put(token("first", null, null, 1));
    directory.put(token("second", previous("first", 3600), null, 2));
    directory.put(token("third", previous("second", 3600), null, 3));

    assertThat(works("second", "third")).isTrue();
    assertThat(works("first")).isFalse();
    directory.put(token("first", null, null, 1));
    assertThat(works("first")).isFalse();
  }

  @Test
  void withAStoreThatWasPutBackTheSecretsAreThoseOfThen() {
    directory.put(token("new", null, null, 100));
    directory.replaceAll(List.of(token("old", null, null, 40)));
    assertThat(works("old")).isTrue();
    assertThat(works("new")).isFalse();
    directory.put(token("newer", null, null, 41));
    assertThat(works("newer")).isTrue();
  }

  @Test
  void bothSecretsEndWithTheirToken() {
    directory.put(token("new", previous("old", 3600), null, 1));
    directory.replaceAll(List.of());
    assertThat(works("new")).isFalse();
    assertThat(works("old")).isFalse();
  }

  @Test
  void theLaterUseOfBothSecretsIsTold() {
    directory.put(token("new", previous("old", 3600), null, 1));
    assertThat(works("new")).isTrue();
    now = NOON.plusSeconds(60);
    assertThat(works("old")).isTrue();
    assertThat(directory.drainLastUsed()).isEqualTo(Map.of(id, NOON.plusSeconds(60)));
    assertThat(directory.drainLastUsed()).isEmpty();
  }

  @Test
  void aUseIsKnownToTheSecondAndToldAfterEachQuestion() {
    directory.put(token("one", null, null, 1));
    assertThat(works("one")).isTrue();
    now = NOON.plusMillis(500);
    assertThat(works("one")).isTrue();
    assertThat(directory.drainLastUsed()).isEqualTo(Map.of(id, NOON));
    assertThat(works("one")).isTrue();
    now = NOON.plusMillis(1500);
    assertThat(works("one")).isTrue();
    assertThat(directory.drainLastUsed()).isEqualTo(Map.of(id, now));
  }

  private boolean works(String... secrets) {
    for (String secret : secrets) {
      if (directory.authenticate(secret) == null) {
        return false;
      }
    }
    return true;
  }

  private static Token.Previous previous(String secret, long seconds) {
    return new Token.Previous(TokenDirectory.hash(secret), NOON.plusSeconds(seconds));
  }

  private Token token(String secret, Token.Previous previous, Instant expires, long revision) {
    return new Token(
        id,
        "0a1b2c3d",
        new UUID(0, 1),
        "t",
        new StoredSecret(TokenDirectory.hash(secret), ""),
        previous,
        Set.of(),
        NOON,
        expires,
        null,
        null,
        revision);
  }
}
