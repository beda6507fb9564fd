package mooring.local.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import mooring.local.postgres.WalArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an object store holds of a server whose data were upgraded. */
class ServerArchiveTest {
  private static final String HISTORY = "00000002.history";
  @TempDir Path directory;

  @Test
  void theLogOfEachMajorHasADirectoryOfItsOwn() throws IOException {
    ServerArchive archive = archive();
    put(archive.madeWal(15), "wal", HISTORY);
    assertThat(archive.wal(16).holds(HISTORY)).isFalse();
    put(archive.madeWal(16), "wal-16", HISTORY);

    assertThat(archive().wal(15).holds(HISTORY)).isTrue();
    assertThat(archive().wal(16).holds(HISTORY)).isTrue();
    assertThat(archive().wal(17).holds(HISTORY)).isFalse();
  }

  @Test
  void oneThatWasBegunWithoutANoteIsOfTheMajorOfItsFirstBackup() throws IOException {
    Files.createDirectories(directory.resolve("wal"));
    copy("20260101T000000", 14, "000000010000000000000003");
    copy("20260102T000000", 15, "000000010000000000000009");
    put(archive().madeWal(15), "wal-15", HISTORY);
    assertThat(archive().wal(14).holds(HISTORY)).isFalse();
  }

  @Test
  void eachIsPrunedByTheBackupsOfItsOwnMajor() throws IOException {
    ServerArchive archive = archive();
    WalArchive before = archive.madeWal(15);
    WalArchive after = archive.madeWal(16);
    for (int segment = 1; segment <= 9; segment++) {
      put(before, "wal", "00000002000000000000000" + segment);
      put(after, "wal-16", "00000001000000000000000" + segment);
    }
    copy("20260101T000000", 15, "000000020000000000000003");
    copy("20260102T000000", 16, "000000010000000000000008");
    archive.prune();

    assertThat(before.holds("000000020000000000000002")).isFalse();
    assertThat(before.holds("000000020000000000000003")).isTrue();
    assertThat(after.holds("000000010000000000000007")).isFalse();
    assertThat(after.holds("000000010000000000000008")).isTrue();
  }

  private ServerArchive archive() {
    return new ServerArchive(new ArchiveTarget("store", "server"), directory);
  }

  private void put(WalArchive archive, String where, String file) throws IOException {
    Path unused = Files.writeString(directory.resolve(where).resolve(file + ".gz"), "x");
    assertThat(archive.holds(file)).isTrue();
  }

  private void copy(String id, int major, String begin) throws IOException {
    Path at = Files.createDirectories(directory.resolve("base").resolve(id));
    Instant time = Instant.parse("2026-01-%sT00:00:00Z".formatted(id.substring(6, 8)));
    new BackupCopy(at, id, major, begin, begin, time, time, time, 1).describe(at);
  }
}
