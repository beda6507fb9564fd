package mooring.core;

/** Somebody else has taken the operation over, or has ended it: this attempt may not go on. */
public final class LeaseLostException extends RuntimeException {
  public LeaseLostException() {
    super("the lease of the operation is lost", null, false, false);
  }
}
