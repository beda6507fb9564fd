package mooring.core;

import java.util.List;

/**
 * How far a part of a migration is.
 *
 * @param message why it has failed, or what keeps it from beginning; null for nothing
 * @param found what the source has, when that was asked and is known
 */
public record MigrationProgress(State state, String message, List<Found> found) {

  /** How it stands. */
  public enum State {
    /** Nothing runs yet. */
    STARTING,
    RUNNING,
    DONE,
    /** Not begun, since there is something already where the copy belongs. */
    OCCUPIED,
    FAILED
  }

  /**
   * A logical database of the source.
   *
   * @param occupied whether the database it would be copied into has something already
   */
  public record Found(String name, boolean occupied) {}

  public MigrationProgress {
    found = List.copyOf(found);
  }

  /** Of what tells no more than that. */
  public static MigrationProgress of(State state, String message) {
    return new MigrationProgress(state, message, List.of());
  }
}
