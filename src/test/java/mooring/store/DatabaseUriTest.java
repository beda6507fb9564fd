package mooring.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.pgclient.SslMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUriTest {

  @Test
  void readsEveryPart() {
    assertThat(
            DatabaseUri.parse(
                "postgresql://us%40er:p%3Ass%2Fw%20rd+%25@db_1.example:6432/moo%20ring"
                    + "?sslmode=verify-full&sslrootcert=/etc/ca.pem"))
        .isEqualTo(
            new DatabaseUri(
                "db_1.example",
                6432,
                "moo ring",
                "us@er",
                "p:ss/w rd+%",
                SslMode.VERIFY_FULL,
                "/etc/ca.pem"));
  }

  @Test
  void hasDefaults() {
    assertThat(DatabaseUri.parse("postgres://user@[::1]/mooring"))
        .isEqualTo(new DatabaseUri("::1", 5432, "mooring", "user", "", SslMode.PREFER, null));
  }

  @ParameterizedTest
  @CsvSource({
    "disable,DISABLE",
    "prefer,PREFER",
    "require,REQUIRE",
    "verify-ca,VERIFY_CA",
    "verify-full,VERIFY_FULL"
  })
  void knowsTheModes(String text, SslMode mode) {
    assertThat(DatabaseUri.parse("postgresql://u:p@h/d?sslmode=" + text).sslMode()).isEqualTo(mode);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hunter2",
        "mysql://user:hunter2@host/db",
        "postgresql://user:hunter2@host",
        "postgresql://user:hunter2@host/",
        "postgresql://user:hunter2@host:0/db",
        "postgresql://user:hunter2@host:70000/db",
        "postgresql://user:hunter2@host:port/db",
        "postgresql://user:hunter2@@host/db",
        "postgresql://user:hunter2%zz@host/db",
        "postgresql://user:hunter2/x@host/db",
        "postgresql://user:hunter2@host/db?sslmode=allow",
        "postgresql://user:hunter2@host/db?sslmode=hunter2",
        "postgresql://user:hunter2@host/db?hunter2=1",
        "postgresql://:hunter2@host/db",
      })
  void refusesWithoutRepeatingAPassword(String text) {
    assertThatThrownBy(() -> DatabaseUri.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void textHasNoPassword() {
    assertThat(DatabaseUri.parse("postgresql://user:hunter2@host/db"))
        .hasToString("postgresql://user@host:5432/db");
  }
}
