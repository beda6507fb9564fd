package mooring.local.operator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mooring.local.postgres.Directories;
import mooring.local.postgres.PhysicalCopy;
import mooring.local.postgres.PostgresException;

/** Makes the data of a standby: a copy of its primary's, which goes on serving meanwhile. */
final class StandbyCopy {
  private final InstanceFiles primary;
  private final Runnable check;

  /**
   * @param primary whose data is copied
   * @param check called often; ends the copy by throwing
   */
  StandbyCopy(InstanceFiles primary, Runnable check) {
    this.primary = primary;
    this.check = check;
  }

  /** What was there before goes once the copy is whole. */
  void into(InstanceFiles standby, BackupSession session) {
    Path data = standby.data().path();
    Path unfinished = data.resolveSibling(data.getFileName() + ".copying");
    try {
      Directories.delete(unfinished);
      PhysicalCopy copy = new PhysicalCopy(primary.data().path(), check);
      copy.data(unfinished);
      BackupSession.End end = session.end();
      copy.log(end.beginWal(), end.endWal(), unfinished);
      Files.writeString(unfinished.resolve("backup_label"), end.label());
      Files.writeString(unfinished.resolve("standby.signal"), "");
      PhysicalCopy.sync(unfinished);
      Directories.delete(data);
      Directories.moveDurably(unfinished, data);
    } catch (IOException e) {
      throw new PostgresException("cannot copy into " + data + ": " + e.getMessage(), e);
    } finally {
      removeQuietly(unfinished);
    }
  }

  private static void removeQuietly(Path directory) {
    try {
      Directories.delete(directory);
    } catch (IOException e) {
      throw new PostgresException("cannot remove " + directory, e);
    }
  }
}
