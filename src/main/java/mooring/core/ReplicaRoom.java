package mooring.core;

import java.util.Map;
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

  /** Where nobody sets it, servers have this many at least. */
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

  /** What a source has more of than before, and than a read replica of it; if anything. */
  static Optional<String> raised(Instance before, Instance source, Instance replica) {
    Map<String, String> was = of(before);
    Map<String, String> is = of(source);
    Map<String, String> own = of(replica);
    return USUAL.keySet().stream()
        .filter(
            name -> number(is.get(name), USUAL.get(name)) > number(was.get(name), USUAL.get(name)))
        .filter(name -> lacks(is, own, name))
        .findFirst();
  }

  /** What a read replica has less of than its source; if anything. */
  static Optional<String> lacking(Instance source, Instance replica) {
    Map<String, String> there = of(source);
    Map<String, String> own = of(replica);
    return USUAL.keySet().stream()
        .filter(name -> there.containsKey(name) || own.containsKey(name))
        .filter(name -> lacks(there, own, name))
        .findFirst();
  }

  private static boolean lacks(Map<String, String> there, Map<String, String> own, String name) {
    int usual = USUAL.get(name);
    int least = name.equals(WORKERS) ? FEWEST_WORKERS : usual;
    return number(there.get(name), usual) > number(own.get(name), least);
  }

  private static int number(String text, int usual) {
    try {
      return text == null ? usual : Integer.parseInt(text.trim());
    } catch (NumberFormatException e) {
      return usual; // nor does PostgreSQL take it
    }
  }
}
