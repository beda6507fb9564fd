package mooring.store;

import static mooring.store.StoreFixture.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;
import mooring.core.AccessKey;
import mooring.core.AccessKeyStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PgAccessKeysTest {
  private static final String SECRET = "a-secret-of-access-keys";

  private StoreFixture fixture;
  private AccessKeyStore keys;

  @BeforeAll
  void open() {
    fixture = new StoreFixture();
    keys = fixture.store.accessKeys();
  }

  @AfterAll
  void close() {
    fixture.close();
  }

  private UUID tenant(String name) {
    return get(fixture.store.tokens().createTenant(name)).id();
  }

  @Test
  void aKeyIsReadAsItWasMadeAndSealedAtRest() {
    UUID tenant = tenant("made");
    AccessKey made = get(keys.create(tenant, "EXO1", SECRET));
    assertThat(made.tenant()).isEqualTo(tenant);
    assertThat(made.name()).isEqualTo("EXO1");
    assertThat(made.secret()).isEqualTo(SECRET);
    assertThat(made.works()).isTrue();
    assertThat(made.toString()).doesNotContain(SECRET);
    assertThat(get(keys.list(tenant))).containsExactly(made);
    String hex = HexFormat.of().formatHex(SECRET.getBytes(StandardCharsets.UTF_8));
    assertThat(fixture.dump("access_key"))
        .isNotEmpty()
        .noneMatch(row -> row.contains(SECRET) || row.contains(hex));
    assertThat(fixture.texts("SELECT action FROM audit WHERE subject = '" + made.id() + "'"))
        .containsExactly("CREATE_ACCESS_KEY");
  }

  @Test
  void aKeyInThePlaceOfOthersIsTheOnlyOneThatWorks() {
    UUID tenant = tenant("replaced");
    UUID other = tenant("other");
    AccessKey before = get(keys.create(tenant, "EXO2", SECRET));
    AccessKey theirs = get(keys.create(other, "EXO3", SECRET));
    AccessKey after = get(keys.replace(tenant, "EXO4", SECRET));
    assertThat(get(keys.list(tenant))).containsExactly(after);
    assertThat(get(keys.list(other))).containsExactly(theirs);
    assertThat(after.revision()).isGreaterThan(before.revision());
    assertThat(
            fixture.texts(
                "SELECT (revoked_at IS NOT NULL AND revision > "
                    + theirs.revision()
                    + ")::text FROM access_key WHERE name = 'EXO2'"))
        .as("told by the feed")
        .containsExactly("true");
  }
}
