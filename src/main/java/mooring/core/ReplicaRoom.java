package mooring.core;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a server that follows another one needs at least as much of: with less PostgreSQL does not
 * start, or stops taking in what it is sent.
 */
final class ReplicaRoom {
  private static final String WORKERS = "max_worker_processes";

  /** With what each counts that is not set: CloudNativePG's default, or PostgreSQL's. */
  private static final Map<String, Integer> USUAL =
      new TreeMap<>(
          Map.of(
              "max_connections",
              100,
              WORKERS,
              32,
              "max_wal_senders",
              10,
              "max_prepared_transactions",
              0,
              "max_locks_per_transaction",
              64));

  /** Where nobody sets it, servers have this many at least: PostgreSQL's default. */
  private static final int FEWEST_WORKERS = 8;

  private ReplicaRoom() {}

  /** What a source is set to have of it. */
  static Map<String, String> of(Instance source) {
    Map<String, String> room = new TreeMap<>(PostgresParameters.of(source));
    room.keySet().retainAll(USUAL.keySet());
    return room;
  }

  /** Raises settings to those of a source. */
  static void widen(Map<String, String> settings, Map<String, String> source) {
    USUAL.forEach(
        (name, usual) -> {
          String own = settings.get(name);
          String there = source.get(name);
          if (own == null && there != null) {
            settings.put(name, there);
          } else if (own != null) {
            int most = Math.max(number(own, usual), number(there, usual));
            settings.put(name, Integer.toString(most));
          }
        });
  }

  /** What a source may have more of than before, and than a read replica of it; if anything. */
  static Optional<String> raised(Instance before, Instance source, Instance replica) {
    Map<String, String> is = of(source);
    return USUAL.keySet().stream()
        .filter(name -> more(is, of(before), name) && more(is, of(replica), name))
        .findFirst();
  }

  /** What a read replica may have less of than before, and than its source; if anything. */
  static Optional<String> lowered(Instance before, Instance replica, Instance source) {
    Map<String, String> is = of(replica);
    return USUAL.keySet().stream()
        .filter(name -> more(of(before), is, name) && more(of(source), is, name))
        .findFirst();
  }

  /**
   * Whether a server may have more of it than another one: how much one has that is not set to have
   * it depends on what runs it, but is the same with both.
   */
  private static boolean more(Map<String, String> one, Map<String, String> other, String name) {
    int usual = USUAL.get(name);
    int least = name.equals(WORKERS) ? FEWEST_WORKERS : usual;
    return !Objects.equals(one.get(name), other.get(name))
        && number(one.get(name), usual) > number(other.get(name), least);
  }

  private static int number(String text, int usual) {
    try {
      return text == null ? usual : Integer.parseInt(text.trim());
    } catch (NumberFormatException e) {
      return usual; // nor does PostgreSQL take it
    }
  }
}
