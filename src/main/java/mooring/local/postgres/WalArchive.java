package mooring.local.postgres;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * A directory of finished write-ahead log. PostgreSQL fills it by its {@code archive_command}: a
 * file appears there whole and on disk, or not at all, and is never replaced by a different one.
 * Files are compressed: a segment that was ended early is 16 MiB, nearly all of it zeros.
 */
public final class WalArchive {
  private static final Pattern SEGMENT = Pattern.compile("[0-9A-F]{24}(\\..*)?");
  private static final int TIMELINE = 8;
  private static final String READY = ".ready";

  private final Path directory;

  /**
   * Names an archive, whether it exists yet or not.
   *
   * @param directory where it is or will be
   */
  public WalArchive(Path directory) {
    this.directory = directory.toAbsolutePath().normalize();
  }

  /**
   * Makes the directory.
   *
   * @throws PostgresException when that is impossible
   */
  public void create() {
    try {
      Path unused = Directories.createPrivate(directory);
    } catch (IOException e) {
      throw new PostgresException("cannot make " + directory, e);
    }
  }

  /** Returns the {@code archive_command} that fills it. */
  public String archiveCommand() {
    String script =
        """
        d=%s; if [ -f "$d/%%f.gz" ]; then gzip -dc "$d/%%f.gz" | cmp -s "%%p"; else \
        gzip -1c "%%p" > "$d/unfinished-%%f" && { sync "$d/unfinished-%%f" || sync; } \
        && mv "$d/unfinished-%%f" "$d/%%f.gz" && { sync "$d" || sync; }; fi""";
    return script.formatted(quoted(directory));
  }

  /**
   * The {@code restore_command} that looks for a file in several archives.
   *
   * @param archives in the order they are asked
   * @return the command; it fails when none has the file
   */
  public static String restoreCommand(List<WalArchive> archives) {
    String directories =
        archives.stream()
            .map(archive -> quoted(archive.directory))
            .collect(Collectors.joining(" "));
    return "for d in "
        + directories
        + "; do if [ -f \"$d/%f.gz\" ]; then gzip -dc \"$d/%f.gz\" > \"%p\"; exit; fi; done; exit 1";
  }

  /** For the shell, and with PostgreSQL's own placeholder character doubled. */
  private static String quoted(Path path) {
    return "'" + path.toString().replace("'", "'\\''").replace("%", "%%") + "'";
  }

  /** Returns whether a file has arrived. */
  public boolean holds(String file) {
    return Files.exists(compressed(file));
  }

  /**
   * Takes what a server was going to archive and did not; the server does not run any more.
   *
   * @param data the server's data
   * @throws PostgresException when something cannot be taken
   */
  public void takeOver(DataDirectory data) {
    Path wal = data.path().resolve("pg_wal");
    Path states = wal.resolve("archive_status");
    try (Stream<Path> waiting = Files.list(states)) {
      for (Path state : waiting.filter(path -> path.toString().endsWith(READY)).sorted().toList()) {
        String marked = state.getFileName().toString();
        String name = marked.substring(0, marked.length() - READY.length());
        if (!holds(name) && Files.exists(wal.resolve(name))) {
          take(wal.resolve(name));
        }
      }
    } catch (IOException e) {
      throw new PostgresException("cannot archive what is left in " + wal, e);
    }
  }

  private void take(Path file) throws IOException {
    Path unfinished = directory.resolve("unfinished-" + file.getFileName());
    try (FileOutputStream out = new FileOutputStream(unfinished.toFile())) {
      GZIPOutputStream compressed = new GZIPOutputStream(out);
      Files.copy(file, compressed);
      compressed.finish();
      out.getFD().sync();
    }
    Directories.moveDurably(unfinished, compressed(file.getFileName().toString()));
  }

  /** Where a file of the write-ahead log is kept. */
  Path compressed(String file) {
    return directory.resolve(file + ".gz");
  }

  /**
   * Removes what is older than a segment; histories of timelines stay.
   *
   * @param segment the first one to keep
   * @throws PostgresException when something cannot be removed
   */
  public void removeBefore(String segment) {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(file -> isBefore(file, segment)).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new PostgresException("cannot remove old files in " + directory, e);
    }
  }

  private static boolean isBefore(Path file, String segment) {
    String name = file.getFileName().toString();
    return SEGMENT.matcher(name).matches()
        && name.substring(TIMELINE, segment.length()).compareTo(segment.substring(TIMELINE)) < 0;
  }
}
