package mooring.core;

/**
 * The rules that a database is kept by.
 *
 * @param deletionProtected whether its deletion is refused, whoever asks
 */
public record Policy(boolean deletionProtected) {

  /** None beyond what holds for all. */
  public static final Policy NONE = new Policy(false);

  /** With or without protection from deletion. */
  public Policy withDeletionProtected(boolean on) {
    return new Policy(on);
  }
}
