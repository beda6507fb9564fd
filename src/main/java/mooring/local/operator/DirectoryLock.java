package mooring.local.operator;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import mooring.local.postgres.Directories;
import mooring.local.postgres.PostgresException;

/**
 * One operator at a time works in a directory: a second one would take the first one's servers for
 * left-over ones. The system lets go of the lock when the process ends, however it ends.
 */
final class DirectoryLock implements AutoCloseable {
  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Fails at once with a {@link PostgresException} when another operator has it. */
  static DirectoryLock take(Path directory) {
    try {
      Directories.createPrivate(directory);
      FileChannel channel =
          FileChannel.open(
              directory.resolve("operator.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new PostgresException("another operator already works in " + directory);
      }
      return new DirectoryLock(channel);
    } catch (IOException e) {
      throw new PostgresException("cannot lock " + directory, e);
    }
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by this very process
    }
  }

  @Override
  public void close() {
    try {
      channel.close(); // releases it
    } catch (IOException e) {
      throw new PostgresException("cannot release the lock of the operator's directory", e);
    }
  }
}
