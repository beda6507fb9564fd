package mooring.local.operator;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import mooring.local.postgres.PostgresServer;
import mooring.local.postgres.ServerPing;

/**
 * Asks servers again and again whether they answer. A question occupies a thread until it is
 * answered, for some milliseconds unless the server hangs; there are as many threads as questions,
 * so one that hangs delays no other.
 */
final class ServerProbes implements AutoCloseable {
  private final Probing probing;
  private final ExecutorService threads = Executors.newCachedThreadPool(ServerProbes::thread);

  ServerProbes(Probing probing) {
    this.probing = probing;
  }

  /**
   * Asks a server that has just taken connections for as long as it lives.
   *
   * @param changed called when it is not ready any more, or again
   * @return what is known of it
   */
  Readiness watch(PostgresServer server, Runnable changed) {
    Readiness readiness = new Readiness(probing.failures());
    again(server, readiness, changed, probing.period());
    return readiness;
  }

  private void again(PostgresServer server, Readiness readiness, Runnable changed, Duration delay) {
    CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS, threads)
        .execute(() -> ask(server, readiness, changed));
  }

  private void ask(PostgresServer server, Readiness readiness, Runnable changed) {
    long begin = System.nanoTime();
    Optional<Boolean> answered = ask(server);
    if (!server.isAlive() || threads.isShutdown()) {
      return;
    }
    Duration rest = probing.period().minusNanos(System.nanoTime() - begin);
    try {
      if (answered.isPresent() && readiness.probed(answered.get())) {
        changed.run();
      }
    } finally {
      again(server, readiness, changed, rest.isNegative() ? Duration.ZERO : rest);
    }
  }

  /** Empty when it could not be asked: too many files are open, say. */
  private Optional<Boolean> ask(PostgresServer server) {
    try {
      return Optional.of(ServerPing.isAnswered(server.configuration(), probing.limit()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Asks no more; what is still to be answered does not count. */
  @Override
  public void close() {
    threads.shutdownNow();
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "server-probe");
    thread.setDaemon(true);
    return thread;
  }
}
