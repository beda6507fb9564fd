package mooring.api.uncloud;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import mooring.core.Engine;
import mooring.core.Offer;

/** The engines in Uncloud's words, with the versions that it documents for them. */
enum UncloudEngine {
  POSTGRESQL(Engine.POSTGRESQL, "14", "15", "16"),
  MYSQL(Engine.MYSQL, "8.0", "8.4"),
  REDIS(Engine.REDIS, "7.0", "7.2"),
  MONGODB(Engine.MONGODB, "6.0", "7.0");

  private final Engine engine;
  private final List<String> documented;

  UncloudEngine(Engine engine, String... documented) {
    this.engine = engine;
    this.documented = List.of(documented);
  }

  static Optional<UncloudEngine> find(String word) {
    for (UncloudEngine engine : values()) {
      if (engine.word().equals(word)) {
        return Optional.of(engine);
      }
    }
    return Optional.empty();
  }

  static UncloudEngine of(Engine engine) {
    return valueOf(engine.name());
  }

  Engine engine() {
    return engine;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What this installation offers of what is documented, oldest first. */
  List<String> versions(Offer offer) {
    return offer.versionsOf(engine).stream().filter(documented::contains).toList();
  }
}
