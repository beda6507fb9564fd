package mooring;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import mooring.local.EmbeddedCluster;
import mooring.platform.KubernetesConnection;

/** All that is started in this process, and the order in which it is stopped. */
final class Parts {
  /** Less than the 10 s after which supervisors kill. */
  private static final Duration LIMIT = Duration.ofSeconds(8);

  final Part<DataDirectory> directory = new Part<>("data directory");
  final Part<Records> records = new Part<>("records");
  final Part<EmbeddedCluster> cluster = new Part<>("cluster");
  final Part<KubernetesConnection> kubernetes = new Part<>("kubernetes");
  final Part<Server> server = new Part<>("server");
  private volatile boolean closing;

  /** Whether stopping has begun; what fails from then on is no news. */
  boolean closing() {
    return closing;
  }

  /** Stops everything, whatever has been started so far, within 8 s; waits no longer than that. */
  void close() {
    closing = true;
    Thread stopping = new Thread(this::closeAll, "stopping");
    stopping.setDaemon(true);
    stopping.start();
    StopStep.attempt(
        "process",
        () -> {
          stopping.join(LIMIT.toMillis());
          if (stopping.isAlive()) {
            throw new IllegalStateException("not all has stopped within " + LIMIT);
          }
        });
  }

  private void closeAll() {
    // The servers of the databases take longest; everything else stops meanwhile.
    CompletableFuture<Void> databases = CompletableFuture.runAsync(cluster::close);
    CompletableFuture<Void> connection = CompletableFuture.runAsync(kubernetes::close);
    // The requests in flight need the records to the end.
    server.close();
    records.close();
    databases.join();
    connection.join();
    directory.close();
  }
}
