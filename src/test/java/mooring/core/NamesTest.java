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
    "POSTGRESQL,main-postgres,main_postgres",
    "POSTGRESQL,postgres,db_postgres",
    "POSTGRESQL,template1,db_template1",
    "POSTGRESQL,pg-stat,db_pg_stat",
    "POSTGRESQL,mysql,mysql",
    "MYSQL,mysql,db_mysql",
    "MYSQL,information-schema,db_information_schema",
    "MYSQL,postgres,postgres",
    "MONGODB,admin,db_admin"
  })
  void databases(Engine engine, String handle, String database) {
    assertThat(Names.database(engine, handle)).isEqualTo(database);
  }

  @Test
  void countsCharactersAndNotTheirHalves() {
    String longest = "x".repeat(62);
    assertThat(Names.handle(longest + "\uD83D\uDE00")).isEqualTo(longest);
  }

  @Test
  void refusesWhatMakesNoLabel() {
    for (String name :
        new String[] {"", "---", "x".repeat(64), "x".repeat(63) + "\uD83D\uDE00", "a\u0007b"}) {
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
