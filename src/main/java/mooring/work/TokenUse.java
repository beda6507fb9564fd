package mooring.work;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.disposables.Disposable;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import mooring.core.TokenStore;
import mooring.status.TokenDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down now and then when tokens were last used, so that a poll need not. */
public final class TokenUse implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TokenUse.class);

  private final TokenDirectory directory;
  private final TokenStore store;
  private final Duration interval;
  private Disposable running = Disposable.disposed();

  public TokenUse(TokenDirectory directory, TokenStore store, Duration interval) {
    this.directory = directory;
    this.store = store;
    this.interval = interval;
  }

  /** Starts to write at every interval. */
  public void start() {
    running =
        Flowable.interval(interval.toMillis(), TimeUnit.MILLISECONDS)
            .onBackpressureDrop()
            .concatMapCompletable(tick -> flush(), 1)
            .subscribe();
  }

  @Override
  public void close() {
    running.dispose();
    flush().timeout(1, TimeUnit.SECONDS).onErrorComplete().blockingAwait();
  }

  private Completable flush() {
    Map<UUID, Instant> used = directory.drainLastUsed();
    if (used.isEmpty()) {
      return Completable.complete();
    }
    // What cannot be written now is lost: the next use writes a newer time.
    return store
        .used(used)
        .doOnError(error -> log.debug("last uses of tokens not written: {}", error.getMessage()))
        .onErrorComplete();
  }
}
