package mooring.local.kubernetes;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kubernetes API server inside this process: the resource types that the product uses, kept in a
 * directory. What it has acknowledged is on disk.
 */
public final class EmbeddedKubernetes {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedKubernetes.class);
  private static final long SLOW_FLUSH_SECONDS = 30;

  private final Vertx vertx;
  private final String deployment;
  private final String url;
  private final String token;
  private final Path kubeconfig;
  private final BooleanSupplier writable;

  private record Opened(
      StateDirectory directory,
      Journal journal,
      ObjectStore store,
      String token,
      ServerCertificate certificate,
      int port) {}

  private EmbeddedKubernetes(
      Vertx vertx,
      String deployment,
      String url,
      String token,
      Path kubeconfig,
      BooleanSupplier writable) {
    this.vertx = vertx;
    this.deployment = deployment;
    this.url = url;
    this.token = token;
    this.kubeconfig = kubeconfig;
    this.writable = writable;
  }

  /**
   * Starts the server.
   *
   * @return the running server; fails with an {@link IOException} that says so when another process
   *     uses the directory, or with an {@link IllegalArgumentException} when the host is no
   *     loopback address
   */
  public static Future<EmbeddedKubernetes> start(Vertx vertx, EmbeddedKubernetesConfig config) {
    String name = "kubernetes-journal-" + config.directory().toAbsolutePath();
    WorkerExecutor worker =
        vertx.createSharedWorkerExecutor(name, 1, SLOW_FLUSH_SECONDS, TimeUnit.SECONDS);
    return worker
        .executeBlocking(() -> open(config))
        .compose(opened -> deploy(vertx, config, worker, opened))
        .onFailure(e -> worker.close());
  }

  private static Opened open(EmbeddedKubernetesConfig config) throws IOException {
    if (!InetAddress.getByName(config.host()).isLoopbackAddress()) {
      throw new IllegalArgumentException(
          "the embedded Kubernetes API serves loopback addresses only, not " + config.host());
    }
    StateDirectory directory = new StateDirectory(config.directory());
    Journal journal = Journal.open(config.directory());
    try {
      ObjectStore store = new ObjectStore();
      store.load(journal);
      return new Opened(
          directory, journal, store, directory.token(), directory.certificate(), directory.port());
    } catch (IOException | RuntimeException e) {
      journal.close();
      throw e;
    }
  }

  private static Future<EmbeddedKubernetes> deploy(
      Vertx vertx, EmbeddedKubernetesConfig config, WorkerExecutor worker, Opened opened) {
    ApiVerticle verticle =
        new ApiVerticle(
            config,
            worker,
            opened.journal(),
            opened.store(),
            opened.token(),
            opened.certificate(),
            opened.port());
    return vertx
        .deployVerticle(verticle)
        .onFailure(e -> worker.executeBlocking(() -> close(opened.journal())))
        .compose(
            deployment -> {
              String url = "https://" + config.host() + ":" + verticle.port();
              log.atInfo().addKeyValue("url", url).log("Embedded Kubernetes API listens");
              return worker
                  .executeBlocking(() -> record(config, opened, verticle.port(), url))
                  .map(
                      v ->
                          new EmbeddedKubernetes(
                              vertx,
                              deployment,
                              url,
                              opened.token(),
                              config.kubeconfig(),
                              verticle::writable));
            });
  }

  private static Void record(EmbeddedKubernetesConfig config, Opened opened, int port, String url)
      throws IOException {
    opened.directory().rememberPort(port);
    StateDirectory.writeKubeconfig(config.kubeconfig(), url, opened.token(), opened.certificate());
    return null;
  }

  private static Void close(Journal journal) {
    journal.close();
    return null;
  }

  /**
   * The server's address (HTTPS; the kubeconfig holds the certificate to trust), without a slash at
   * the end.
   */
  public String url() {
    return url;
  }

  /** The bearer token that every request needs; a secret. */
  public String token() {
    return token;
  }

  /** A kubeconfig file, readable by its owner alone. */
  public Path kubeconfig() {
    return kubeconfig;
  }

  /** Whether the disk takes what is written; may be asked at any time. */
  public boolean writable() {
    return writable.getAsBoolean();
  }

  /** Ends every watch, stops listening, and returns once everything is on disk. */
  public Future<Void> close() {
    return vertx
        .undeploy(deployment)
        .onSuccess(
            v -> log.atInfo().addKeyValue("url", url).log("Embedded Kubernetes API stopped"));
  }
}
