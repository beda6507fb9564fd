package mooring.local.postgres;

/** A program has ended with anything but success. */
final class ProgramFailedException extends PostgresException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String words;

  ProgramFailedException(String program, int status, String words) {
    super(program + " failed: " + words);
    this.status = status;
    this.words = words;
  }

  /** Its exit status; above 128 it was killed. */
  int status() {
    return status;
  }

  /** What it said last. */
  String words() {
    return words;
  }
}
