package mooring.api.uncloud;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import mooring.core.Engine;
import mooring.core.Offer;

/** The engines in Uncloud's words, with the versions that it documents for them. */
final class UncloudEngine {
  private UncloudEngine() {}

  /** The engine that a word stands for. */
  static Optional<Engine> find(String word) {
    for (Engine engine : Engine.values()) {
      if (word(engine).equals(word)) {
        return Optional.of(engine);
      }
    }
    return Optional.empty();
  }

  /** The word for an engine. */
  static String word(Engine engine) {
    return engine.name().toLowerCase(Locale.ROOT);
  }

  /** What this installation offers of what is documented, oldest first. */
  static List<String> versions(Engine engine, Offer offer) {
    List<String> documented = documented(engine);
    return offer.versionsOf(engine).stream().filter(documented::contains).toList();
  }

  private static List<String> documented(Engine engine) {
    return switch (engine) {
      case POSTGRESQL -> List.of("14", "15", "16");
      case MYSQL -> List.of("8.0", "8.4");
      case REDIS -> List.of("7.0", "7.2");
      case MONGODB -> List.of("6.0", "7.0");
    };
  }
}
