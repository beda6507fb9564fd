package mooring.local.postgres;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The PostgreSQL installations at hand, one per major version. They lie beside the program as
 * {@code postgres-binaries/postgres-{version}.jar} and are unpacked into a cache on first use.
 */
public final class PostgresBinaries {
  private static final String DIRECTORY = "postgres-binaries";
  private static final Pattern ARCHIVE = Pattern.compile("postgres-((\\d+)\\.(\\d+).*)\\.jar");

  private final Path cache;
  private final NavigableMap<Integer, Path> archives = new TreeMap<>();
  private final NavigableMap<Integer, String> majors = new TreeMap<>();

  /**
   * Takes the archives that the build put beside the classes or the jar.
   *
   * @param cache where installations are unpacked; made when needed
   */
  public PostgresBinaries(Path cache) {
    this(beside(PostgresBinaries.class), cache);
  }

  /**
   * Takes the archives of a directory.
   *
   * @param archives the directory with the {@code postgres-{version}.jar} files
   * @param cache where installations are unpacked; made when needed
   * @throws PostgresException when there is no such directory or no archive in it
   */
  public PostgresBinaries(Path archives, Path cache) {
    this.cache = cache.toAbsolutePath().normalize();
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(archives, "postgres-*.jar")) {
      jars.forEach(this::note);
    } catch (IOException e) {
      throw new PostgresException("no PostgreSQL archives in " + archives, e);
    }
    if (majors.isEmpty()) {
      throw new PostgresException("no PostgreSQL archives in " + archives);
    }
  }

  /** The major versions that can be run, each with its exact version such as {@code 16.15}. */
  public NavigableMap<Integer, String> majors() {
    return Collections.unmodifiableNavigableMap(majors);
  }

  /**
   * Unpacks a version if that has not been done yet; takes about a second then.
   *
   * @param major such as 16
   * @return the installation
   * @throws PostgresException when there is no such version or it cannot be unpacked
   */
  public synchronized PostgresInstallation installation(int major) {
    Path archive = archives.get(major);
    if (archive == null) {
      throw new PostgresException(
          "PostgreSQL " + major + " is not at hand; there are " + majors.keySet());
    }
    String version = majors.get(major);
    Path home = cache.resolve("postgres-" + version);
    if (!Files.isDirectory(home)) {
      try {
        new PostgresArchive(archive).unpackTo(home);
      } catch (IOException e) {
        throw new PostgresException("cannot unpack " + archive + " into " + cache, e);
      }
    }
    return new PostgresInstallation(major, version, home);
  }

  private void note(Path jar) {
    Matcher name = ARCHIVE.matcher(jar.getFileName().toString());
    if (name.matches()) {
      int major = Integer.parseInt(name.group(2));
      archives.put(major, jar);
      majors.put(major, name.group(2) + "." + name.group(3));
    }
  }

  /** The directory of target/classes or of the jar that this program was started from. */
  private static Path beside(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
          .resolveSibling(DIRECTORY);
    } catch (URISyntaxException e) {
      throw new PostgresException("cannot tell where the program lies", e);
    }
  }
}
