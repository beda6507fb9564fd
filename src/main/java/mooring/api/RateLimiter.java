package mooring.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.SocketAddress;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import mooring.core.Caller;

/**
 * How many requests a minute each token may send to this replica, and each address that shows none.
 * Every response says what is left. An answer without news costs a tenth of a request; one without
 * a token costs 20, because it is a password to be checked.
 */
public final class RateLimiter {
  private static final CharSequence LIMIT = HttpHeaders.createOptimized("x-ratelimit-limit");
  private static final CharSequence REMAINING =
      HttpHeaders.createOptimized("x-ratelimit-remaining");
  private static final CharSequence RESET = HttpHeaders.createOptimized("x-ratelimit-reset");
  private static final int MINUTE = 60;
  private static final int NOT_MODIFIED = 304;
  private static final long REQUEST = 10;
  private static final long UNCHANGED = 1;
  private static final long STRANGER = 20 * REQUEST;
  private static final int MAX_COUNTED = 100_000;
  private static final Object ALL_OTHERS = new Object();

  /** What was used up in one minute, in tenths of a request. */
  private record Window(long minute, Map<Object, AtomicLong> used) {}

  private final Clock clock;
  private final long limit;
  private volatile Window window = new Window(Long.MIN_VALUE, Map.of());

  /**
   * @param perMinute requests per minute and token; more than 0
   */
  public RateLimiter(int perMinute, Clock clock) {
    if (perMinute <= 0) {
      throw new IllegalArgumentException("a limit must be more than 0");
    }
    this.limit = perMinute * REQUEST;
    this.clock = clock;
  }

  /** Counts a request; refuses it with a {@link RefusedException} when it is one too many. */
  void admit(HttpServerRequest request, Caller caller) {
    count(request.response(), caller.token(), REQUEST);
  }

  /** The same for a request without a token, counted by its address. */
  void admitStranger(HttpServerRequest request) {
    SocketAddress address = request.remoteAddress();
    String host = address == null ? null : address.hostAddress();
    count(request.response(), host == null ? ALL_OTHERS : host, Math.min(STRANGER, limit));
  }

  private void count(HttpServerResponse response, Object key, long cost) {
    Allowance allowance = take(key, cost);
    // Only then is it known whether there is news.
    response.headersEndHandler(
        go -> {
          if (response.getStatusCode() == NOT_MODIFIED) {
            allowance.giveBack(cost - UNCHANGED);
          }
          response.putHeader(LIMIT, Long.toString(limit / REQUEST));
          response.putHeader(REMAINING, Long.toString(allowance.remaining()));
          response.putHeader(RESET, Long.toString(allowance.reset()));
        });
    if (!allowance.granted()) {
      long wait = Math.max(1, allowance.reset() - clock.instant().getEpochSecond());
      throw new RefusedException(Refusal.tooOften("too many requests; try again later", wait));
    }
  }

  /** Takes so many tenths of a request from what a key has left this minute. */
  Allowance take(Object key, long cost) {
    Window current = current();
    Map<Object, AtomicLong> used = current.used();
    AtomicLong own = used.get(key);
    if (own == null) {
      // Addresses are for the taking; beyond so many of them the rest share one count.
      Object counted = used.size() < MAX_COUNTED ? key : ALL_OTHERS;
      own = used.computeIfAbsent(counted, first -> new AtomicLong());
    }
    long after = own.addAndGet(cost);
    boolean granted = after <= limit;
    if (!granted) {
      own.addAndGet(-cost);
    }
    return new Allowance(own, granted, limit, (current.minute() + 1) * MINUTE);
  }

  /** What is counted in a minute is forgotten with it. */
  private Window current() {
    long minute = Math.floorDiv(clock.instant().getEpochSecond(), MINUTE);
    Window known = window;
    if (known.minute() == minute) {
      return known;
    }
    synchronized (this) {
      if (window.minute() != minute) {
        window = new Window(minute, new ConcurrentHashMap<>());
      }
      return window;
    }
  }

  /**
   * What a key was allowed.
   *
   * @param used the key's count of this minute
   * @param granted whether there was enough left
   * @param limit of the count
   * @param reset when the count begins anew, in Unix seconds
   */
  record Allowance(AtomicLong used, boolean granted, long limit, long reset) {

    /** Whole requests that are left. */
    long remaining() {
      return Math.max(0, (limit - used.get()) / REQUEST);
    }

    void giveBack(long cost) {
      used.addAndGet(-cost);
    }
  }
}
