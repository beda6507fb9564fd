package mooring.platform.discovery;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import mooring.core.Address;
import mooring.core.Instance;
import mooring.platform.KubernetesConnection;
import mooring.platform.ServiceAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the control plane itself reaches databases: at what service discovery has, as long as that
 * is what the watched Services say, else at the address their clients use. Nobody waits for it: it
 * begins with the first question, which it does not answer yet. Records that differ from the
 * Services twice in a row are stale for ever, so the discovery is closed and registered anew.
 */
public final class ServerDiscovery implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ServerDiscovery.class);
  private static final Duration LOOK = Duration.ofSeconds(30);

  private final Vertx vertx;
  private final ApiAccess api;
  private final String namespace;
  private final Supplier<Set<ServiceAddress>> services;
  private final Duration look;
  private final Context context;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final AtomicBoolean looking = new AtomicBoolean();
  private volatile boolean differed;
  private volatile boolean closed;
  private volatile ApiRelay relay;
  private volatile ServiceBridge bridge;

  /**
   * A discovery that has yet to be asked.
   *
   * @param vertx its event loops
   * @param connection how the API server is reached
   * @param tokenFile the token of an account that may read Services; null for the connection's own
   * @param namespace of the databases
   * @param services the truth: those of databases, as they are watched
   */
  public ServerDiscovery(
      Vertx vertx,
      KubernetesConnection connection,
      Path tokenFile,
      String namespace,
      Supplier<Set<ServiceAddress>> services) {
    this(vertx, ApiAccess.of(connection.config(), tokenFile), namespace, services, LOOK);
  }

  ServerDiscovery(
      Vertx vertx,
      ApiAccess api,
      String namespace,
      Supplier<Set<ServiceAddress>> services,
      Duration look) {
    this.vertx = vertx;
    this.api = api;
    this.namespace = namespace;
    this.services = services;
    this.look = look;
    this.context = vertx.getOrCreateContext();
  }

  /** Where a database is to be reached now; never fails. */
  public Single<Address> address(Instance instance) {
    return Single.defer(
        () -> {
          begin();
          return Single.fromCompletionStage(
              found(instance).otherwise(instance.address()).toCompletionStage());
        });
  }

  private Future<Address> found(Instance instance) {
    return records()
        .map(
            records ->
                services.get().stream()
                    .filter(service -> service.service().equals(instance.objectName()))
                    .filter(records::contains)
                    .map(ServiceAddress::address)
                    .findFirst()
                    .orElse(instance.address()));
  }

  /** What the discovery has at the moment; empty while it is not there. */
  Future<Set<ServiceAddress>> records() {
    ServiceBridge current = bridge;
    return current == null ? Future.succeededFuture(Set.of()) : current.records();
  }

  private void begin() {
    if (begun.compareAndSet(false, true)) {
      context.runOnContext(
          now -> {
            look();
            long unused = vertx.setPeriodic(look.toMillis(), timer -> look());
          });
    }
  }

  /** One at a time, however long it takes. */
  private void look() {
    if (!closed && looking.compareAndSet(false, true)) {
      Future<Void> unused =
          compare()
              .onFailure(error -> log.debug("service discovery is not there", error))
              .onComplete(done -> looking.set(false));
    }
  }

  private Future<Void> compare() {
    ServiceBridge current = bridge;
    if (current == null) {
      return register();
    }
    return current
        .records()
        .compose(
            records -> {
              boolean differ = !records.equals(services.get());
              boolean renew = differ && differed;
              differed = differ && !renew;
              return renew ? renew(current) : Future.succeededFuture();
            });
  }

  private Future<Void> renew(ServiceBridge stale) {
    log.info("service discovery differs from the Services and is registered anew");
    bridge = null;
    return stale.close().compose(done -> register());
  }

  private Future<Void> register() {
    return relay()
        .compose(open -> ServiceBridge.register(vertx, open, namespace))
        .compose(
            registered -> {
              bridge = registered;
              return closed ? stop() : Future.succeededFuture();
            });
  }

  private Future<ApiRelay> relay() {
    return relay != null
        ? Future.succeededFuture(relay)
        : ApiRelay.open(vertx, api, KubernetesConnection.DATABASES).onSuccess(this::opened);
  }

  private void opened(ApiRelay open) {
    relay = open;
  }

  private Future<Void> stop() {
    ServiceBridge last = bridge;
    ApiRelay open = relay;
    bridge = null;
    Future<Void> left = last == null ? Future.succeededFuture() : last.close();
    return open == null ? left : left.eventually(open::close);
  }

  /** Stops looking; what it has open ends soon after, at the latest with the event loops. */
  @Override
  public void close() {
    closed = true;
    Future<Void> unused = stop();
  }
}
