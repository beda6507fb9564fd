package mooring.local.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** One jar that holds a compressed PostgreSQL installation. */
final class PostgresArchive {
  private static final int OWNER_EXECUTE = 0100;
  private final Path jar;

  PostgresArchive(Path jar) {
    this.jar = jar;
  }

  /** Unpacks into {@code target}, which appears complete or not at all. */
  void unpackTo(Path target) throws IOException {
    Files.createDirectories(target.toAbsolutePath().getParent());
    Path unfinished =
        Files.createTempDirectory(target.toAbsolutePath().getParent(), target.getFileName() + ".");
    try {
      // Readable by all: a cache may be shared by several accounts.
      Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
      extract(unfinished);
      moveIntoPlace(unfinished, target);
    } finally {
      Directories.delete(unfinished);
    }
  }

  private static void moveIntoPlace(Path unfinished, Path target) throws IOException {
    try {
      Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (!Files.isDirectory(target)) { // else another process was faster
        throw e;
      }
    }
  }

  private void extract(Path directory) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile());
        InputStream compressed = new BufferedInputStream(zip.getInputStream(payload(zip)));
        TarArchiveInputStream tar =
            new TarArchiveInputStream(new XZCompressorInputStream(compressed))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        extract(tar, entry, directory);
      }
    }
  }

  private ZipEntry payload(ZipFile zip) throws IOException {
    return zip.stream()
        .filter(entry -> entry.getName().endsWith(".txz"))
        .map(ZipEntry.class::cast)
        .findFirst()
        .orElseThrow(() -> new IOException(jar + " holds no PostgreSQL archive (*.txz)"));
  }

  private void extract(TarArchiveInputStream tar, TarArchiveEntry entry, Path directory)
      throws IOException {
    Path path = directory.resolve(entry.getName()).normalize();
    if (!path.startsWith(directory)) {
      throw new IOException(jar + " holds an entry outside its own tree: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(path);
      return;
    }
    Files.createDirectories(path.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(tar, path);
    boolean executable = (entry.getMode() & OWNER_EXECUTE) != 0;
    Files.setPosixFilePermissions(
        path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
  }
}
