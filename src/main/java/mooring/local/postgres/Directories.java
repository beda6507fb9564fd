package mooring.local.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/** Private directories and their durable removal and renaming. */
public final class Directories {
  private Directories() {}

  /**
   * Makes a directory, and those above it, that only its owner can look into.
   *
   * @param directory where
   * @return the directory
   * @throws IOException when it cannot be made
   */
  public static Path createPrivate(Path directory) throws IOException {
    return Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /**
   * Removes a directory with all it holds; one that is not there is no error.
   *
   * @param directory what to remove; symbolic links in it are not followed
   * @throws IOException when something in it cannot be removed
   */
  public static void delete(Path directory) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) {
        Files.deleteIfExists(path);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * Renames so that the new name survives a power failure.
   *
   * @param from the old name
   * @param to the new one, in the same file system
   * @throws IOException when that fails
   */
  public static void moveDurably(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel parent = FileChannel.open(to.toAbsolutePath().getParent())) {
      parent.force(true);
    }
  }

  /**
   * Writes a small file whole: readers see the old content or the new, never a part.
   *
   * @param file where
   * @param content what
   * @throws IOException when it cannot be written
   */
  public static void writePrivately(Path file, String content) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(unfinished);
    Files.createFile(
        unfinished,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(unfinished, content);
    try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    moveDurably(unfinished, file);
  }
}
