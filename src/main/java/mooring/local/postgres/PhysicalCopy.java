package mooring.local.postgres;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * A copy of a data directory, file by file, as PostgreSQL's own base backup does it. While a server
 * runs on it, that is of use only between the beginning and the end of a backup, and together with
 * the write-ahead log from that time.
 */
public final class PhysicalCopy {
  /** Rebuilt by the server that starts on the copy. */
  private static final Set<String> LEFT_EMPTY =
      Set.of(
          "pg_wal",
          "pg_replslot",
          "pg_dynshmem",
          "pg_notify",
          "pg_serial",
          "pg_snapshots",
          "pg_stat_tmp",
          "pg_subtrans");

  private static final Pattern LEFT_OUT =
      Pattern.compile(
          "postmaster\\.(pid|opts)|backup_label.*|tablespace_map.*|(recovery|standby)\\.signal"
              + "|pg_internal\\.init.*|pgsql_tmp.*|.*\\.conf\\.new|postgresql\\.auto\\.conf\\.tmp");

  private static final Pattern WAL = Pattern.compile("[0-9A-F]{24}");
  private static final Pattern HISTORY = Pattern.compile("[0-9A-F]{8}\\.history");
  private static final Path CONTROL = Path.of("global", "pg_control");

  private final Path from;
  private final Runnable check;

  /**
   * Prepares to copy.
   *
   * @param from the data directory
   * @param check called before each file; ends the copy by throwing
   */
  public PhysicalCopy(Path from, Runnable check) {
    this.from = from;
    this.check = check;
  }

  /**
   * Copies the data, without the write-ahead log.
   *
   * @param to a directory that does not exist yet
   * @throws IOException when a file can be neither copied nor has vanished meanwhile
   */
  public void data(Path to) throws IOException {
    Files.walkFileTree(from, new Visitor(to));
    copy(from.resolve(CONTROL), to.resolve(CONTROL)); // last, as the server's own backup does
    Files.createDirectories(to.resolve("pg_wal").resolve("archive_status"));
  }

  /**
   * Copies write-ahead log that a server has finished.
   *
   * @param first the first segment
   * @param last the last one
   * @param to where; made when needed
   * @throws IOException when one cannot be copied, or is not there
   */
  public void log(String first, String last, WalArchive to) throws IOException {
    to.create();
    for (Path file : finished(first, last)) {
      check.run();
      Path compressed = to.compressed(file.getFileName().toString());
      try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
        Files.copy(file, out);
      }
    }
    if (!to.holds(first) || !to.holds(last)) {
      throw new IOException("the write-ahead log " + first + " to " + last + " is not whole");
    }
  }

  /**
   * Copies write-ahead log that a server has finished into a copy of its data.
   *
   * @param first the first segment
   * @param last the last one
   * @param to the copied data directory
   * @throws IOException when one cannot be copied
   */
  public void log(String first, String last, Path to) throws IOException {
    for (Path file : finished(first, last)) {
      check.run();
      copy(file, to.resolve("pg_wal").resolve(file.getFileName()));
    }
  }

  private List<Path> finished(String first, String last) throws IOException {
    try (Stream<Path> files = Files.list(from.resolve("pg_wal"))) {
      return files.filter(file -> isBetween(file, first, last)).toList();
    }
  }

  private static boolean isBetween(Path file, String first, String last) {
    String name = file.getFileName().toString();
    return HISTORY.matcher(name).matches()
        || (WAL.matcher(name).matches() && name.compareTo(first) >= 0 && name.compareTo(last) <= 0);
  }

  /**
   * Brings all of a directory to the disk.
   *
   * @param directory what was copied
   * @throws IOException when that fails
   */
  public static void sync(Path directory) throws IOException {
    try {
      new ShortCommand(List.of("sync", "-f", directory.toString())).run("");
    } catch (PostgresException e) { // not every system's sync knows file systems
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : (Iterable<Path>) files::iterator) {
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
          }
        }
      }
    }
  }

  private static void copy(Path file, Path to) throws IOException {
    try {
      Files.copy(file, to);
    } catch (NoSuchFileException e) {
      if (Files.exists(file)) {
        throw e; // it is the target that is missing
      }
    }
  }

  private final class Visitor extends SimpleFileVisitor<Path> {
    private final Path to;

    Visitor(Path to) {
      this.to = to;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
        throws IOException {
      Path relative = from.relativize(directory);
      if (LEFT_OUT.matcher(directory.getFileName().toString()).matches()) {
        return FileVisitResult.SKIP_SUBTREE;
      }
      Directories.createPrivate(to.resolve(relative));
      return LEFT_EMPTY.contains(relative.toString())
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      check.run();
      Path relative = from.relativize(file);
      if (!attributes.isRegularFile()) {
        throw new IOException("neither file nor directory: " + relative);
      }
      if (!relative.equals(CONTROL) && !LEFT_OUT.matcher(file.getFileName().toString()).matches()) {
        copy(file, to.resolve(relative));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE; // dropped while it was copied: the log says so too
      }
      throw failure;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException failure)
        throws IOException {
      if (failure != null && Files.exists(directory)) {
        throw failure;
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
