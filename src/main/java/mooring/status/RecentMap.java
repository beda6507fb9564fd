package mooring.status;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Keeps a number of entries, those that were asked for last. */
final class RecentMap<K, V> {
  private final Map<K, V> entries;

  RecentMap(int limit) {
    entries =
        Collections.synchronizedMap(
            new LinkedHashMap<K, V>(16, 0.75f, true) {
              private static final long serialVersionUID = 1L;

              @Override
              protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > limit;
              }
            });
  }

  /** Null when it is not there, or no more. */
  V get(K key) {
    return entries.get(key);
  }

  void put(K key, V value) {
    entries.put(key, value);
  }
}
