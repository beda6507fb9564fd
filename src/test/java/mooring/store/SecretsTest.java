package mooring.store;

import static mooring.store.StoreFixture.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import mooring.core.Instance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SecretsTest {
  private StoreFixture fixture;

  @BeforeEach
  void open() {
    fixture = new StoreFixture();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void noTableHoldsAPasswordInTheClear() {
    fixture.create("sealed");
    String hex = HexFormat.of().formatHex(StoreFixture.PASSWORD.getBytes(StandardCharsets.UTF_8));

    assertThat(fixture.dump("instance_secret")).isNotEmpty();
    for (String table :
        fixture.texts("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")) {
      assertThat(fixture.dump(table))
          .noneMatch(row -> row.contains(StoreFixture.PASSWORD) || row.contains(hex));
    }
  }

  @Test
  void equalPasswordsAreSealedDifferently() {
    fixture.create("equal-1");
    fixture.create("equal-2");

    assertThat(fixture.texts("SELECT password::text FROM instance_secret"))
        .hasSizeGreaterThanOrEqualTo(2)
        .doesNotHaveDuplicates();
  }

  @Test
  void anotherKeysetFailsClearly() {
    Instance created = fixture.create("other-keyset");
    PgStore other =
        new PgStore(
            fixture.vertx,
            fixture.uri,
            SecretBox.of(SecretBox.newKeyset()),
            StoreFixture.derived());

    assertThatThrownBy(() -> get(other.instances().credentials(created)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("does not open with this encryption keyset")
        .hasMessageContaining(created.id().toString());
    other.close().blockingAwait();
  }

  @Test
  void theKeysetIsCheckedAtTheStart() {
    fixture.store.checkKeyset().blockingAwait();
    PgStore same = fixture.replica();
    PgStore other =
        new PgStore(
            fixture.vertx,
            fixture.uri,
            SecretBox.of(SecretBox.newKeyset()),
            StoreFixture.derived());

    assertThatCode(() -> same.checkKeyset().blockingAwait()).doesNotThrowAnyException();
    assertThatThrownBy(() -> other.checkKeyset().blockingAwait())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is not the one that this database's secrets are sealed with");
    same.close().blockingAwait();
    other.close().blockingAwait();
  }

  @Test
  void aSecretCopiedToAnotherRowDoesNotOpenThere() {
    Instance mine = fixture.create("mine");
    Instance theirs = fixture.create("theirs");
    fixture.execute(
        "UPDATE instance_secret SET password = (SELECT password FROM instance_secret WHERE instance"
            + " = '"
            + theirs.id()
            + "') WHERE instance = '"
            + mine.id()
            + "'");

    assertThatThrownBy(() -> get(fixture.store.instances().credentials(mine)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatIsNoKeysetIsRefusedWithoutRepeatingIt() {
    for (String text : new String[] {"", "secret-text", "{\"primaryKeyId\": \"secret-text\"}"}) {
      assertThatThrownBy(() -> SecretBox.of(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasNoCause()
          .hasMessageNotContaining("secret-text");
    }
  }
}
