package mooring.api.uncloud;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import mooring.core.Address;
import mooring.core.Credentials;
import mooring.core.Instance;

/** Writes what a client needs to connect, with what its engine does not know left out. */
final class UncloudCredentials {
  private UncloudCredentials() {}

  static Buffer write(Instance instance, Credentials credentials) {
    Address address = instance.address();
    JsonObject json = new JsonObject().put("host", address.host()).put("port", address.port());
    UncloudEngine.of(instance.spec().engine()).login(json, address, credentials);
    return json.toBuffer();
  }
}
