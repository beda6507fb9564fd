package mooring.local.postgres;

import java.nio.file.Path;

/** The archives that the build fetched, unpacked once for all tests. */
public final class TestBinaries {
  public static final PostgresBinaries ALL =
      new PostgresBinaries(Path.of("target", "postgres-binaries"), cache());

  private TestBinaries() {}

  public static Path cache() {
    return Path.of("target", "postgres-cache");
  }
}
