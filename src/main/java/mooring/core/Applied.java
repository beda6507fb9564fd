package mooring.core;

/**
 * What the platform has after an apply.
 *
 * @param object the resource version of the object that carries the database's condition
 * @param changed whether the apply changed what that object asks for; the condition that it shows
 *     may then still be the one from before
 * @param password the resource version of the object that carries the owner's password
 */
public record Applied(long object, boolean changed, long password) {

  /** The version that an operation remembers, and {@link Lifecycle#reached} compares with. */
  public long version(OperationKind kind) {
    return switch (kind) {
      case RESET_PASSWORD -> password;
      // Where nothing was left to change, as after a takeover, the condition already speaks of it.
      case START, RESTART, RESIZE, PROMOTE -> changed ? object : object - 1;
      default -> object;
    };
  }
}
