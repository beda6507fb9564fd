package mooring.api.uncloud;

import static mooring.api.ConnectionUris.authority;
import static mooring.api.ConnectionUris.encode;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import mooring.api.ConnectionUris;
import mooring.core.Address;
import mooring.core.Credentials;
import mooring.core.Engine;
import mooring.core.Offer;

/** The engines in Uncloud's words: documented versions, and what a client needs to log in. */
enum UncloudEngine {
  POSTGRESQL(Engine.POSTGRESQL, "app_user", "14", "15", "16") {
    @Override
    void login(JsonObject json, Address address, Credentials login) {
      named(json, login)
          .put("ssl_mode", "require")
          .put(
              URI,
              ConnectionUris.postgresql(
                  address, login.username(), login.password(), login.database()));
    }
  },

  MYSQL(Engine.MYSQL, "app_user", "8.0", "8.4") {
    @Override
    void login(JsonObject json, Address address, Credentials login) {
      named(json, login).put(URI, "mysql://" + path(address, login));
    }
  },

  /** It has one login, and numbers its logical databases. */
  REDIS(Engine.REDIS, "default", "7.0", "7.2") {
    @Override
    void login(JsonObject json, Address address, Credentials login) {
      json.put("password", login.password())
          .put(URI, "redis://:" + encode(login.password()) + "@" + authority(address));
    }
  },

  MONGODB(Engine.MONGODB, "app_user", "6.0", "7.0") {
    @Override
    void login(JsonObject json, Address address, Credentials login) {
      named(json, login).put(URI, "mongodb://" + path(address, login) + "?authSource=admin");
    }
  };

  private static final String URI = "connection_string";

  private final Engine engine;
  private final String username;

  @SuppressWarnings("ImmutableEnumChecker") // Only ever a List.of.
  private final List<String> documented;

  UncloudEngine(Engine engine, String username, String... documented) {
    this.engine = engine;
    this.username = username;
    this.documented = List.of(documented);
  }

  /** Adds what a client needs beside host and port, in the order of the documentation. */
  abstract void login(JsonObject json, Address address, Credentials login);

  /** An engine in this API's words. */
  static UncloudEngine of(Engine engine) {
    return Stream.of(values()).filter(one -> one.engine == engine).findFirst().orElseThrow();
  }

  /** Those of which this installation offers something that is documented, in a stable order. */
  static List<UncloudEngine> offered(Offer offer) {
    return Stream.of(values()).filter(one -> !one.versions(offer).isEmpty()).toList();
  }

  Engine engine() {
    return engine;
  }

  /** Who a new database's clients log in as. */
  String username() {
    return username;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What this installation offers of what is documented, oldest first. */
  List<String> versions(Offer offer) {
    return offer.versionsOf(engine).stream().filter(documented::contains).toList();
  }

  private static JsonObject named(JsonObject json, Credentials login) {
    return json.put("username", login.username())
        .put("password", login.password())
        .put("database", login.database());
  }

  private static String path(Address address, Credentials login) {
    String user = encode(login.username()) + ":" + encode(login.password());
    return user + "@" + authority(address) + "/" + encode(login.database());
  }
}
