package mooring.core;

import java.util.List;

/**
 * What is seen of a database's servers one by one.
 *
 * @param release of the engine that they run, in full, such as 16.9; null where it is not known
 * @param all in the order of their numbers; empty where the platform does not tell them apart
 */
public record SeenServers(String release, List<One> all) {
  /** Nothing of any. */
  public static final SeenServers NONE = new SeenServers(null, List.of());

  public SeenServers {
    all = List.copyOf(all);
  }

  /**
   * One of them.
   *
   * @param number that its name ends with; another server never gets it
   * @param primary whether it takes the writes
   * @param ready whether it serves
   */
  public record One(int number, boolean primary, boolean ready) {}
}
