package mooring.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTest {
  @ParameterizedTest
  @CsvSource({
    "main-postgres,main-postgres",
    "'  Main  Postgres! ',main-postgres",
    "a.b_c,a-b-c",
    "--x--,x",
    "Größe 1,gr-e-1"
  })
  void slugs(String name, String slug) {
    assertThat(Names.handle(name)).isEqualTo(slug);
  }

  @ParameterizedTest
  @CsvSource({
    "main-postgres,main_postgres",
    "postgres,db_postgres",
    "template1,db_template1",
    "pg-stat,db_pg_stat"
  })
  void databases(String handle, String database) {
    assertThat(Names.database(handle)).isEqualTo(database);
  }

  @Test
  void refusesWhatMakesNoLabel() {
    for (String name : new String[] {"", "---", "x".repeat(64), "a\u0007b"}) {
      assertThatThrownBy(() -> Names.handle(name))
          .isInstanceOfSatisfying(
              ProblemException.class,
              refused ->
                  assertThat(refused.problem())
                      .isInstanceOfSatisfying(
                          Problem.Invalid.class,
                          invalid -> assertThat(invalid.field()).isEqualTo(Field.NAME)));
    }
  }
}
