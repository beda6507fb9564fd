package mooring.status;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Rows of one kind that are written here while all of them are being read, the newest of each. Not
 * safe for use by several threads.
 */
final class WrittenMeanwhile<T> {
  private final Function<T, UUID> id;
  private final ToLongFunction<T> revision;
  private final Map<UUID, T> written = new HashMap<>();
  private boolean reading;

  WrittenMeanwhile(Function<T, UUID> id, ToLongFunction<T> revision) {
    this.id = id;
    this.revision = revision;
  }

  /** All are being read from now on. */
  void begin() {
    written.clear();
    reading = true;
  }

  /** A row is written; kept only while all are being read. */
  void add(T row) {
    if (reading) {
      written.merge(
          id.apply(row),
          row,
          (one, two) -> revision.applyAsLong(one) > revision.applyAsLong(two) ? one : two);
    }
  }

  /** What was read, and what was written meanwhile: that is newer than all of it, or read too. */
  Map<UUID, T> end(List<T> read) {
    Map<UUID, T> rows = new LinkedHashMap<>();
    read.forEach(row -> rows.put(id.apply(row), row));
    long last = read.stream().mapToLong(revision).max().orElse(0);
    written.values().stream()
        .filter(row -> revision.applyAsLong(row) > last)
        .forEach(row -> rows.put(id.apply(row), row));
    written.clear();
    reading = false;
    return rows;
  }
}
