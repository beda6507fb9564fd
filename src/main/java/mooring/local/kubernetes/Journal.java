package mooring.local.kubernetes;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * The objects on disk: one MVStore file, locked by the process that has it open. Every method
 * blocks; only one thread at a time may write.
 */
final class Journal implements AutoCloseable {
  private static final String FILE = "kubernetes.mv.db";
  private static final String VERSION = "resourceVersion";
  private static final int FLUSHES_BETWEEN_COMPACTIONS = 512;
  private static final int COMPACTION_FILL_PERCENT = 60;
  private static final int COMPACTION_BYTES = 4 << 20;
  private static final long REOPENING_BYTES = 4 << 20;
  private static final Duration ROOM_PATIENCE = Duration.ofSeconds(10);
  private static final int CLOSE_COMPACTION_MILLIS = 200;

  /**
   * For how long space of what has been replaced is not written to. The store assumes that a disk
   * keeps writes back for 45 s; here every commit is flushed, so this is more than enough, and what
   * is dead does not outgrow what lives.
   */
  private static final int RETENTION_MILLIS = 5_000;

  private final Path file;
  private MVStore store;
  private MVMap<String, byte[]> objects;
  private MVMap<String, Long> counters;
  private int flushes;
  private boolean closed;
  private long failedNanos;

  /**
   * One write to disk.
   *
   * @param bytes the object, or null to remove it
   */
  record Entry(long version, String key, Buffer bytes) {}

  private Journal(Path file) {
    this.file = file;
    openStore();
  }

  private void openStore() {
    store = new MVStore.Builder().fileName(file.toString()).autoCommitDisabled().open();
    store.setRetentionTime(RETENTION_MILLIS);
    var map = new MVMap.Builder<String, byte[]>();
    map.setKeyType(StringDataType.INSTANCE);
    map.setValueType(ByteArrayDataType.INSTANCE);
    objects = store.openMap("objects", map);
    var counter = new MVMap.Builder<String, Long>();
    counter.setKeyType(StringDataType.INSTANCE);
    counter.setValueType(LongDataType.INSTANCE);
    counters = store.openMap("counters", counter);
  }

  /**
   * Opens the file, creating it when absent, readable by its owner alone.
   *
   * @throws IOException when another process holds the directory, or it cannot be used
   */
  static Journal open(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    try {
      return new Journal(file);
    } catch (MVStoreException | OverlappingFileLockException e) {
      throw new IOException(
          "cannot open " + file + ": is another process using this directory? " + e.getMessage(),
          e);
    }
  }

  /** The last resourceVersion given out, 0 at first. */
  long version() {
    return counters.getOrDefault(VERSION, 0L);
  }

  void forEach(BiConsumer<String, byte[]> reader) {
    objects.forEach(reader);
  }

  /**
   * Writes the entries, in order, and returns once they are on disk. When it fails the disk may
   * hold all of them or some; the next write starts from what it holds.
   */
  void write(List<Entry> entries) {
    if (closed) {
      throw new IllegalStateException("closed: " + file);
    }
    if (store.isClosed()) {
      requireRoom();
      openStore();
    }
    boolean written = false;
    try {
      put(entries);
      written = true;
    } finally {
      if (!written) {
        // What could not be written must not go along with the next write.
        store.closeImmediately();
        failedNanos = System.nanoTime();
      }
    }
  }

  /**
   * More than the next write needs: what just fits would fail again at once. Not for ever: by then
   * the file itself has room again, of what has been replaced.
   */
  private void requireRoom() {
    boolean patient = System.nanoTime() - failedNanos < ROOM_PATIENCE.toNanos();
    if (patient && file.toFile().getUsableSpace() < REOPENING_BYTES) {
      throw new UncheckedIOException(new IOException("no room for " + file));
    }
  }

  private void put(List<Entry> entries) {
    for (Entry entry : entries) {
      if (entry.bytes() == null) {
        objects.remove(entry.key());
      } else {
        objects.put(entry.key(), entry.bytes().getBytes());
      }
    }
    counters.put(VERSION, entries.get(entries.size() - 1).version());
    store.commit();
    store.sync();
    flushes++;
    if (flushes % FLUSHES_BETWEEN_COMPACTIONS == 0) {
      store.compact(COMPACTION_FILL_PERCENT, COMPACTION_BYTES);
    }
  }

  @Override
  public void close() {
    closed = true;
    store.close(CLOSE_COMPACTION_MILLIS);
  }
}
