package mooring.local.kubernetes;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;

/** Everything that lives on the API server's event loop, wired together. */
final class ApiVerticle extends VerticleBase {
  private static final int MAX_REQUEST_LINE_BYTES = 64 << 10;

  private final EmbeddedKubernetesConfig config;
  private final WorkerExecutor worker;
  private final Journal journal;
  private final ObjectStore store;
  private final String token;
  private final ServerCertificate certificate;
  private final int rememberedPort;
  private Watches watches;
  private HttpServer server;

  /**
   * @param store loaded from the journal
   * @param rememberedPort tried first when the configuration leaves the port open; 0 for none
   */
  ApiVerticle(
      EmbeddedKubernetesConfig config,
      WorkerExecutor worker,
      Journal journal,
      ObjectStore store,
      String token,
      ServerCertificate certificate,
      int rememberedPort) {
    this.config = config;
    this.worker = worker;
    this.journal = journal;
    this.store = store;
    this.token = token;
    this.certificate = certificate;
    this.rememberedPort = rememberedPort;
  }

  int port() {
    return server.actualPort();
  }

  boolean writable() {
    return store.writable();
  }

  @Override
  public Future<?> start() {
    store.commitThrough(new GroupCommit(context, worker, journal, store));
    EventLog events = new EventLog(store.version(), config.eventLogLimit());
    ResourceWriter writer = new ResourceWriter(store);
    Deletion deletion = new Deletion(store);
    Lists lists = new Lists(store, version -> version == store.version() || events.covers(version));
    watches =
        new Watches(
            vertx, store, lists, events, config.bookmarkInterval(), config.watchQueueLimit());
    store.publishTo(watches::publish);
    new GarbageCollector(context, store, deletion, writer).start();
    new NamespaceLifecycle(context, store, deletion, writer).start();
    HttpApi api =
        new HttpApi(
            token,
            store,
            new Resources(store, writer, deletion, lists),
            watches,
            new PodLogFiles(config.logs()),
            vertx);
    int wanted = config.port() == 0 ? rememberedPort : config.port();
    return store
        .durable(store.version())
        .compose(v -> listen(api, wanted))
        .recover(e -> config.port() == 0 && wanted != 0 ? listen(api, 0) : Future.failedFuture(e));
  }

  private Future<HttpServer> listen(HttpApi api, int port) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(config.host())
            .setPort(port)
            .setSsl(true)
            .setKeyCertOptions(certificate.options())
            .setUseAlpn(false)
            .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES);
    server = vertx.createHttpServer(options).requestHandler(api);
    return server.listen();
  }

  @Override
  public Future<?> stop() {
    watches.close();
    return server
        .close()
        .eventually(() -> store.durable(store.version()))
        .eventually(() -> worker.executeBlocking(this::closeJournal))
        .eventually(worker::close);
  }

  private Void closeJournal() {
    journal.close();
    return null;
  }
}
