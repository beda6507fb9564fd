package mooring.local.kubernetes;

import java.util.Collection;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The latest durable changes, so that a watch can start in the past; bounded. */
final class EventLog {
  private final int limit;
  private final NavigableMap<Long, Change> changes = new TreeMap<>();
  private long start;
  private long end;

  /**
   * @param version the present; nothing before it can be told
   * @param limit how many changes are kept
   */
  EventLog(long version, int limit) {
    this.start = version;
    this.end = version;
    this.limit = limit;
  }

  void add(Change change) {
    changes.put(change.version(), change);
    end = change.version();
    if (changes.size() > limit) {
      start = changes.pollFirstEntry().getKey();
    }
  }

  /** The last version that was published. */
  long end() {
    return end;
  }

  /** Whether everything after this version is still known, and it is no version of the future. */
  boolean covers(long version) {
    return version >= start && version <= end;
  }

  Collection<Change> after(long version) {
    return changes.tailMap(version, false).values();
  }
}
