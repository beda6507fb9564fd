package mooring.core;

/** The platform refuses for good; the message says why, without a secret. */
public final class PlatformRefusedException extends RuntimeException {
  public PlatformRefusedException(String message) {
    super(message, null, false, false);
  }
}
