package mooring.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What runs in the pods of migrations, in the shells that images have, with servers that lie. */
class MigrationScriptsTest {
  private static final String PSQL =
      """
      #!/bin/sh
      echo "$*" >> "$HERE/asked"
      case "$*" in
        *-h\\ target*) ;;
        *) [ -z "$REFUSED" ] || { printf '%s\\n' "$REFUSED" >&2; exit 2; } ;;
      esac
      case "$*" in
        *pg_largeobject_metadata*) printf '%s\\n' "$FULL" ;;
        *SHOW*-h\\ target* | *-h\\ target*SHOW*) printf '%s\\n' "$OWN" ;;
        *SHOW*) printf '%s\\n' "$NUMBER" ;;
        *) printf 'shop\\nweb site\\n' ;;
      esac
      """;

  private static final String DUMP =
      """
      #!/bin/sh
      [ "$1" != --version ] || { echo "pg_dump (PostgreSQL) 16.4 (Debian)"; exit; }
      echo data
      """;

  /** Of servers that are starting, for as many looks. */
  private static final String READY =
      """
      #!/bin/sh
      echo "$*" >> "$HERE/looks"
      [ "$(wc -l < "$HERE/looks")" -gt "${AWAY:-0}" ]
      """;

  private static final String RESTORE =
      """
      #!/bin/sh
      echo "$*" > "$HERE/restored"
      cat > "$HERE/data"
      printf '%s' "$WRONG" >&2
      [ -z "$WRONG" ]
      """;

  @TempDir Path here;

  @BeforeEach
  void stub() throws IOException {
    program("psql", PSQL);
    program("pg_dump", DUMP);
    program("pg_restore", RESTORE);
    program("pg_isready", READY);
  }

  private void program(String name, String text) throws IOException {
    Path bin = Files.createDirectories(here.resolve("bin"));
    Path file = Files.writeString(bin.resolve(name), text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private int run(String shell, String script, Map<String, String> more)
      throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/bin", shell)), "there is no " + shell);
    ProcessBuilder builder = new ProcessBuilder("/bin/" + shell, "-c", script);
    builder.environment().clear();
    builder
        .environment()
        .putAll(
            Map.of(
                "PATH", here.resolve("bin") + ":/usr/bin:/bin",
                "HERE", here.toString(),
                "RESULT", here.resolve("result").toString(),
                "SOURCE", "host=source",
                "TARGET", "dbname=shop",
                "TARGET_HOST", "target",
                "TARGET_PORT", "5432",
                "TARGET_USER", "owner",
                "TARGET_DATABASE", "shop"));
    builder
        .environment()
        .putAll(
            Map.of(
                "SOURCE_PASSWORD", "s3cret",
                "TARGET_PASSWORD", "s3cret",
                "NUMBER", "150004",
                "OWN", "160002",
                "FULL", "f",
                "WRONG", ""));
    builder.environment().putAll(more);
    Process process =
        builder
            .directory(here.toFile())
            .redirectErrorStream(true)
            .redirectOutput(here.resolve("output").toFile())
            .start();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private String result() throws IOException {
    return Files.readString(here.resolve("result"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sh", "bash", "dash"})
  void whatASourceHasIsListed(String shell) throws Exception {
    assertThat(run(shell, MigrationObjects.LIST, Map.of())).isZero();
    assertThat(result()).isEqualTo("databases 2\nfree shop\nfree web site\n");
    assertThat(run(shell, MigrationObjects.LIST, Map.of("FULL", "t"))).isZero();
    assertThat(result()).isEqualTo("databases 2\nfull shop\nfull web site\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sh", "bash", "dash"})
  void serversThatAreStartingAreWaitedFor(String shell) throws Exception {
    assertThat(run(shell, MigrationObjects.COPY, Map.of("AWAY", "1"))).isZero();
    assertThat(Files.readAllLines(here.resolve("looks")))
        .containsExactly(
            "-q -t 2 -h target -p 5432", "-q -t 2 -h target -p 5432", "-q -t 2 -d host=source");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "incorrect|failed: FATAL:  password authentication failed for user \"joe\"",
        "incorrect|failed: FATAL:  role \"joe\" does not exist",
        "incorrect|failed: fe_sendauth: no password supplied",
        "not-found|failed: FATAL:  database \"shop\" does not exist",
        "unavailable|failed: Connection refused",
        "unavailable|failed: timeout expired",
        "unavailable|failed: FATAL:  the database system is starting up"
      })
  void whyASourceCannotBeAskedIsSaidInAWord(String word, String said) throws Exception {
    String error = "psql: error: connection to server at \"a\" (192.0.2.1), port 5432 " + said;
    assertThat(run("sh", MigrationObjects.LIST, Map.of("REFUSED", error))).isEqualTo(1);
    assertThat(result()).startsWith("mooring: " + word + ": the source ").endsWith(error + "\n");
  }

  /** What a source says is text, and chooses no more than the word. */
  @ParameterizedTest
  @ValueSource(strings = {"sh", "bash", "dash"})
  void whatIsNotKnownIsTold(String shell) throws Exception {
    String other = "psql: error: $(touch \"$HERE/owned\") * %s \\n";
    assertThat(run(shell, MigrationObjects.LIST, Map.of("REFUSED", other))).isEqualTo(1);
    assertThat(result()).isEqualTo(other + "\n");
    String known = other + " Connection refused";
    assertThat(run(shell, MigrationObjects.LIST, Map.of("REFUSED", known))).isEqualTo(1);
    assertThat(result())
        .isEqualTo("mooring: unavailable: the source cannot be reached\n" + known + "\n");
    assertThat(here.resolve("owned")).doesNotExist();
  }

  /** Arithmetic would run what some shells find in it. */
  @ParameterizedTest
  @ValueSource(strings = {"sh", "bash", "dash"})
  void aVersionThatIsNoNumberIsNotReckonedWith(String shell) throws Exception {
    for (String number : List.of("x[$(touch \"$HERE/owned\")]", "", "9999999999999", "1 -le 1")) {
      assertThat(run(shell, MigrationObjects.LIST, Map.of("NUMBER", number))).isEqualTo(1);
      assertThat(result()).isEqualTo("mooring: the source does not tell its version\n");
      assertThat(run(shell, MigrationObjects.LIST, Map.of("OWN", number))).isEqualTo(1);
      assertThat(result()).isEqualTo("mooring: the service does not tell its version\n");
    }
    assertThat(here.resolve("owned")).doesNotExist();
    assertThat(run(shell, MigrationObjects.LIST, Map.of("NUMBER", "170001"))).isEqualTo(1);
    assertThat(result()).startsWith("mooring: unsupported: the source is PostgreSQL 17");
    assertThat(run(shell, MigrationObjects.LIST, Map.of("OWN", "150001"))).isEqualTo(1);
    assertThat(result()).startsWith("mooring: unsupported: the service is PostgreSQL 15");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sh", "bash", "dash"})
  void onlyWhatIsEmptyIsCopiedInto(String shell) throws Exception {
    assertThat(run(shell, MigrationObjects.COPY, Map.of("FULL", "t"))).isEqualTo(1);
    assertThat(result()).isEqualTo("mooring: not empty\n");
    assertThat(here.resolve("restored")).doesNotExist();
    assertThat(run(shell, MigrationObjects.COPY, Map.of("FULL", ""))).isEqualTo(1);
    assertThat(here.resolve("restored")).doesNotExist();

    assertThat(run(shell, MigrationObjects.COPY, Map.of())).isZero();
    assertThat(result()).isEmpty();
    assertThat(here.resolve("data")).hasContent("data");
    assertThat(Files.readString(here.resolve("restored")))
        .contains("--single-transaction")
        .doesNotContain("--clean");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sh", "bash", "dash"})
  void ofAFailureNoRowsAreTold(String shell) throws Exception {
    String wrong =
        """
        pg_restore: error: could not execute query: ERROR:  no such type
        Command was: CREATE FUNCTION secret()
        CONTEXT:  COPY t, line 1: "a row"
        DETAIL:  Key (name)=(somebody) already exists.
        """;
    assertThat(run(shell, MigrationObjects.COPY, Map.of("WRONG", wrong))).isEqualTo(1);
    assertThat(result())
        .isEqualTo("pg_restore: error: could not execute query: ERROR:  no such type\n");
    assertThat(here.resolve("output")).isEmptyFile();
  }
}
