package mooring.local.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a running server says about itself in {@code postmaster.pid}: its process on the first line,
 * its state on the eighth.
 *
 * @param pid the postmaster's process id
 * @param status {@code starting}, {@code ready}, {@code standby}, {@code stopping}; empty early on
 */
record PostmasterPid(long pid, String status) {
  private static final int STATUS_LINE = 7;

  /** Empty when there is none, or when it is being written. */
  static Optional<PostmasterPid> read(Path dataDirectory) {
    try {
      List<String> lines = Files.readAllLines(dataDirectory.resolve("postmaster.pid"));
      if (lines.isEmpty()) {
        return Optional.empty();
      }
      String status = lines.size() > STATUS_LINE ? lines.get(STATUS_LINE).trim() : "";
      return Optional.of(new PostmasterPid(Long.parseLong(lines.get(0).trim()), status));
    } catch (NoSuchFileException | NumberFormatException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new PostgresException("cannot read postmaster.pid of " + dataDirectory, e);
    }
  }

  boolean isReady() {
    return status.equals("ready");
  }

  /** Whether it has heard that it is to end: said at once, however long the rest takes. */
  boolean isStopping() {
    return status.equals("stopping");
  }
}
