package mooring.local.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What PostgreSQL says of settings, and what is no word of it. */
class ServerConfigurationTest {
  private final PostgresInstallation real = TestBinaries.ALL.installation(16);
  @TempDir Path directory;

  @Test
  void aRefusalTellsNoPlaceOnThisMachineHoweverLongItIs() throws IOException {
    Path deep = directory.resolve("a".repeat(200)).resolve("b".repeat(200));
    DataDirectory data = new DataDirectory(Directories.createPrivate(deep.resolve("pgdata")));

    assertThatThrownBy(() -> with("no_such_setting", "1").check(real, data))
        .isInstanceOf(RefusedSettingsException.class)
        .hasMessage(
            "PostgreSQL refuses a setting: unrecognized configuration parameter"
                + " \"no_such_setting\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kill -9 $$",
        "echo 'unshare: unshare failed: No space left on device'; exit 1",
        "echo 'FATAL:  out of memory'; exit 1",
        "echo 'postgres: error while loading shared libraries'; exit 127"
      })
  void whatKeepsPostgresqlFromJudgingIsNoRefusal(String end) throws IOException {
    PostgresInstallation hindered = ending(end);

    assertThatThrownBy(() -> with("work_mem", "8MB").check(hindered, data()))
        .isInstanceOf(PostgresException.class)
        .isNotInstanceOf(RefusedSettingsException.class);
    PostgresException failure = new PostgresException("its own words");
    assertThat(with("work_mem", "8MB").reason(hindered, data(), failure)).isSameAs(failure);
    assertThat(failure.getSuppressed()).hasSize(1);
  }

  @Test
  void aStartThatFailedForASettingIsARefusal() throws IOException {
    PostgresException failure = new PostgresException("its own words");
    assertThat(with("work_mem", "much").reason(real, data(), failure))
        .isInstanceOf(RefusedSettingsException.class)
        .hasMessageContaining("\"work_mem\"");
    assertThat(with("work_mem", "8MB").reason(real, data(), failure)).isSameAs(failure);
  }

  @Test
  void aRecoveryWithARefusedSettingFailsBeforeItCopies() {
    DataRecovery recovery =
        new DataRecovery(
            directory.resolve("no-backup"),
            List.of(new WalArchive(directory.resolve("no-archive"))),
            Map.of(),
            Map.of("work_mem", "much"),
            List.of());

    assertThatThrownBy(() -> recovery.into(real, new DataDirectory(directory.resolve("pgdata"))))
        .isInstanceOf(RefusedSettingsException.class)
        .hasMessageContaining("\"work_mem\"");
    assertThat(directory.resolve("pgdata.recovering")).doesNotExist();
  }

  private DataDirectory data() throws IOException {
    return new DataDirectory(Directories.createPrivate(directory.resolve("pgdata")));
  }

  private static ServerConfiguration with(String setting, String value) {
    return ServerConfiguration.listeningAt("127.78.0.1", 5432, Map.of(setting, value), List.of());
  }

  /** A PostgreSQL that ends so whenever it is to judge settings. */
  private PostgresInstallation ending(String end) throws IOException {
    Path program = Directories.createPrivate(directory.resolve("bin")).resolve("postgres");
    Files.writeString(program, "#!/bin/sh\ncase \"$*\" in *candidate*) " + end + ";; esac\n");
    assertThat(Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------")))
        .isEqualTo(program);
    return new PostgresInstallation(16, "16.0", directory);
  }
}
