package mooring;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * A part that takes a while to start, on a thread of its own, and can be closed at any moment: a
 * start under way is interrupted, and what comes of it all the same is closed.
 */
final class Part<T extends AutoCloseable> {
  private final String name;
  private final CompletableFuture<T> outcome = new CompletableFuture<>();
  private Thread starter;
  private boolean closed;

  Part(String name) {
    this.name = name;
  }

  /** Begins to start it, at most once; nothing happens, and nothing comes of it, once closed. */
  synchronized void begin(Supplier<T> start) {
    if (closed) {
      outcome.completeExceptionally(new IllegalStateException(name + ": being stopped"));
      return;
    }
    starter = new Thread(() -> run(start), "start-" + name);
    starter.setDaemon(true);
    starter.start();
  }

  /** Starts it and waits until it has started; fails as the start does. */
  T start(Supplier<T> start) {
    begin(start);
    return await();
  }

  /** What has been started, waiting for it; fails as the start did. */
  T await() {
    try {
      return outcome.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** Closes what has been started, and what is about to be; a failure is logged. */
  void close() {
    synchronized (this) {
      closed = true;
      if (starter == null) {
        return;
      }
      starter.interrupt();
    }
    T started = outcome.handle((part, error) -> part).join();
    if (started != null) {
      StopStep.attempt(name, started::close);
    }
  }

  private void run(Supplier<T> start) {
    try {
      outcome.complete(start.get());
    } catch (Throwable e) { // whatever it is, somebody waits for it
      outcome.completeExceptionally(e);
    }
  }
}
