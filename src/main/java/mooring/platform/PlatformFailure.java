package mooring.platform;

/** The platform could not be asked, or did not do it this time; worth another try. */
final class PlatformFailure extends RuntimeException {
  PlatformFailure(String message) {
    // Without a cause: the client's own exceptions may quote what was sent.
    super(message, null, false, false);
  }
}
