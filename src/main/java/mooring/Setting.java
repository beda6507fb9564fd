package mooring;

import java.util.Optional;
import java.util.function.Function;

/**
 * One setting: an environment variable, what it accepts and how it is read.
 *
 * @param name of the environment variable
 * @param accepts what it accepts, for a human
 * @param fallback the text it has when it is not set; null for none
 * @param parser reads the text; an {@link IllegalArgumentException} refuses it
 */
record Setting<T>(String name, String accepts, String fallback, Function<String, T> parser) {

  /** Reads the setting; a refused text is a {@link SettingsException} that does not repeat it. */
  Optional<T> read(Function<String, String> environment) {
    String text = environment.apply(name);
    String used = text == null || text.isEmpty() ? fallback : text;
    if (used == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(parser.apply(used));
    } catch (IllegalArgumentException e) {
      throw new SettingsException(name + " must be " + accepts);
    }
  }
}
