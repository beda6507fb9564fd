package mooring.api.uncloud;

import static mooring.api.ConnectionUris.authority;
import static mooring.api.ConnectionUris.encode;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import mooring.api.ConnectionUris;
import mooring.core.Address;
import mooring.core.Credentials;
import mooring.core.Engine;
import mooring.core.Instance;

/** Writes what a client needs to connect, with what its engine does not know left out. */
final class UncloudCredentials {
  private UncloudCredentials() {}

  static Buffer write(Instance instance, Credentials credentials) {
    Address address = instance.address();
    JsonObject json = new JsonObject().put("host", address.host()).put("port", address.port());
    String password = encode(credentials.password());
    String login = encode(credentials.username()) + ":" + password + "@" + authority(address);
    String uri =
        switch (instance.spec().engine()) {
          case POSTGRESQL ->
              ConnectionUris.postgresql(
                  address, credentials.username(), credentials.password(), credentials.database());
          case MYSQL -> "mysql://" + login + "/" + encode(credentials.database());
          case REDIS -> "redis://:" + password + "@" + authority(address);
          case MONGODB ->
              "mongodb://" + login + "/" + encode(credentials.database()) + "?authSource=admin";
        };
    boolean named = instance.spec().engine() != Engine.REDIS;
    if (named) {
      json.put("username", credentials.username());
    }
    json.put("password", credentials.password());
    if (named) {
      json.put("database", credentials.database());
    }
    if (instance.spec().engine() == Engine.POSTGRESQL) {
      json.put("ssl_mode", "require");
    }
    return json.put("connection_string", uri).toBuffer();
  }
}
