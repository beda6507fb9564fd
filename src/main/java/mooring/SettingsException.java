package mooring;

/** The configuration is wrong; the message names the setting and what it accepts. */
final class SettingsException extends RuntimeException {
  SettingsException(String message) {
    super(message, null, false, false);
  }
}
