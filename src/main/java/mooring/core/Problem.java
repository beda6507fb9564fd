package mooring.core;

/** Why a request was not carried out; each API's mapper puts it in that API's own words. */
public sealed interface Problem {

  /** For a human; carries no secret and nothing of another tenant. */
  String message();

  /** A value is refused. */
  record Invalid(Field field, String message) implements Problem {}

  /** Not there, or not the caller's: the two are indistinguishable. */
  record NotFound(String message) implements Problem {}

  /** A name is taken, or the state does not allow what was asked. */
  record Conflict(String message) implements Problem {}

  /**
   * The state does not allow what was asked; each API names the state in its own word.
   *
   * @param instances of the database, by which an API may have another word
   */
  record NotNow(OperationKind asked, Status status, int instances) implements Problem {
    @Override
    public String message() {
      return "the database's state does not allow this now";
    }
  }

  /** Beyond what the size includes. */
  record NotIncluded(String message) implements Problem {}

  /** The caller lacks a right. */
  record Forbidden(String message) implements Problem {}

  /** Asked for too often; try again after so many seconds. */
  record TooOften(String message, int retryAfterSeconds) implements Problem {}

  /** A part of ours is unavailable; try again after so many seconds. */
  record Unavailable(String message, int retryAfterSeconds) implements Problem {}
}
