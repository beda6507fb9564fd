package mooring.local.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresBinariesTest {
  @TempDir Path cache;

  @Test
  void offersEveryMajorThatTheBuildFetched() {
    PostgresBinaries binaries = new PostgresBinaries(cache);

    assertThat(binaries.majors().keySet()).containsExactly(14, 15, 16, 17, 18);
    assertThat(binaries.majors().get(16)).matches("16\\.\\d+");
  }

  @Test
  void unpacksOnFirstUseAndOnlyOnce() throws IOException {
    PostgresInstallation first = new PostgresBinaries(cache).installation(16);
    Path program = first.home().resolve("bin/postgres");
    Object unpacked = Files.readAttributes(program, "unix:ino").get("ino");

    PostgresInstallation second = new PostgresBinaries(cache).installation(16);

    assertThat(Files.isExecutable(program)).isTrue();
    assertThat(second).isEqualTo(first);
    assertThat(Files.readAttributes(program, "unix:ino").get("ino")).isEqualTo(unpacked);
    try (Stream<Path> entries = Files.list(cache)) {
      assertThat(entries).containsExactly(first.home());
    }
  }

  @Test
  void namesWhatIsMissing() {
    assertThatThrownBy(() -> new PostgresBinaries(cache).installation(9))
        .isInstanceOf(PostgresException.class)
        .hasMessageContaining("PostgreSQL 9")
        .hasMessageContaining("16");
    assertThatThrownBy(() -> new PostgresBinaries(cache.resolve("none"), cache))
        .isInstanceOf(PostgresException.class)
        .hasMessageContaining("none");
  }

  @Test
  void aBrokenArchiveLeavesNothingBehind() throws IOException {
    Path archives = Files.createDirectory(cache.resolve("archives"));
    Files.writeString(archives.resolve("postgres-16.1.0.jar"), "not a jar");
    Path target = cache.resolve("unpacked");

    assertThatThrownBy(() -> new PostgresBinaries(archives, target).installation(16))
        .isInstanceOf(PostgresException.class);

    try (Stream<Path> entries = Files.list(target)) {
      assertThat(entries).isEmpty();
    }
  }
}
