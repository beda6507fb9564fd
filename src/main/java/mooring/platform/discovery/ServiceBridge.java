package mooring.platform.discovery;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.AsyncMap;
import io.vertx.servicediscovery.Record;
import io.vertx.servicediscovery.ServiceDiscovery;
import io.vertx.servicediscovery.ServiceDiscoveryOptions;
import io.vertx.servicediscovery.kubernetes.KubernetesServiceImporter;
import java.util.Set;
import java.util.stream.Collectors;
import mooring.core.Address;
import mooring.platform.ServiceAddress;

/** The service discovery with the importer of one namespace, from its registration to its end. */
final class ServiceBridge {
  /** Where the discovery keeps its records, and leaves them. */
  private static final String REGISTRY = "service.registry";

  private final Vertx vertx;
  private final ServiceDiscovery discovery;

  private ServiceBridge(Vertx vertx) {
    this.vertx = vertx;
    this.discovery = ServiceDiscovery.create(vertx, new ServiceDiscoveryOptions());
  }

  /** Completes when the Services there are have been imported. */
  static Future<ServiceBridge> register(Vertx vertx, ApiRelay relay, String namespace) {
    ServiceBridge bridge = new ServiceBridge(new RelayedVertx(vertx, relay));
    KubernetesServiceImporter importer = new KubernetesServiceImporter();
    JsonObject configuration =
        new JsonObject()
            .put("host", relay.host())
            .put("port", relay.port())
            .put("ssl", false)
            .put("token", relay.token())
            .put("namespace", namespace);
    return bridge
        .discovery
        .registerServiceImporter(importer, configuration)
        .map(bridge)
        .recover(
            error -> {
              // The discovery closes only what has been registered.
              importer.close(null);
              return bridge.close().transform(closed -> Future.failedFuture(error));
            });
  }

  Future<Set<ServiceAddress>> records() {
    return discovery
        .getRecords(record -> true)
        .map(records -> records.stream().map(ServiceBridge::address).collect(Collectors.toSet()));
  }

  /** The records too, which would be taken for those of the next one. */
  Future<Void> close() {
    discovery.close();
    // What the importer has begun to do is done before this.
    Promise<Void> quiet = Promise.promise();
    vertx.getOrCreateContext().runOnContext(quiet::complete);
    return quiet
        .future()
        .compose(done -> vertx.sharedData().<String, String>getLocalAsyncMap(REGISTRY))
        .compose(AsyncMap::clear);
  }

  private static ServiceAddress address(Record record) {
    JsonObject location = record.getLocation();
    return new ServiceAddress(
        record.getName(), new Address(location.getString("host"), location.getInteger("port")));
  }
}
