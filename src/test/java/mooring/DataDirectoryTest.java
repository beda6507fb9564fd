package mooring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @TempDir Path path;

  @Test
  void makesNoNewKeysetBesideRecords() throws Exception {
    try (DataDirectory directory = DataDirectory.open(path)) {
      Records.secrets(directory);
      String keyset = directory.read("keyset.json");
      Files.createDirectories(path.resolve("records/pgdata"));
      Records.secrets(directory);
      assertThat(directory.read("keyset.json")).isEqualTo(keyset);

      Files.delete(path.resolve("keyset.json"));
      assertThatThrownBy(() -> Records.secrets(directory))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining(path.resolve("keyset.json").toString());
      assertThat(path.resolve("keyset.json")).doesNotExist();
    }
  }

  @Test
  void addsCredentialsOnALineOfTheirOwn() throws Exception {
    try (DataDirectory directory = DataDirectory.open(path)) {
      directory.writePrivately(CredentialsFile.NAME, "export MOORING_URL=mine");
      new CredentialsFile(directory)
          .complete(Map.of("MOORING_URL", () -> "theirs", "MOORING_TOKEN", () -> "t"));
      assertThat(directory.read(CredentialsFile.NAME))
          .isEqualTo("export MOORING_URL=mine\nexport MOORING_TOKEN=t\n");
      assertThat(new CredentialsFile(directory).value("MOORING_URL")).isEqualTo("mine");
      assertThat(new CredentialsFile(directory).value("MOORING")).isNull();
    }
    assertThat(CredentialsFile.quoted("/a/b-c.env")).isEqualTo("/a/b-c.env");
    assertThat(CredentialsFile.quoted("/a b/it's")).isEqualTo("'/a b/it'\\''s'");
  }
}
