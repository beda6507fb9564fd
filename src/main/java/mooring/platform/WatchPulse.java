package mooring.platform;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which watches are open, and when each was last heard. The informers keep bookmarks to themselves
 * and call an HTTP watch open only after its first event, so this listens to the answers
 * themselves: an event and a bookmark both prove that the view is current.
 *
 * <p>A server need not send bookmarks, and about a kind of object that does not change many send
 * none. So each watch is also asked to end after a while; that the server takes it up again from
 * where it was proves as much, and a connection that has silently died is found out.
 */
final class WatchPulse implements Interceptor {
  private static final int WATCH_SECONDS = 40;
  private static final long RENEWAL_NANOS = Duration.ofSeconds(2).toNanos();

  /** Their kind may come and go with a plugin; no state of a database is told by them. */
  private static final String ASIDE = "/objectstores";

  private static final Pattern TIMEOUT = Pattern.compile("timeoutSeconds=\\d+");

  private static final Pattern SELECTOR = Pattern.compile("labelSelector=[^&]*");

  /** There may be several of a kind, each of other objects. */
  private record Watch(String path, String selector) {
    static Watch of(HttpRequest request) {
      URI uri = request.uri();
      Matcher selector = SELECTOR.matcher(uri.getQuery());
      return new Watch(uri.getPath(), selector.find() ? selector.group() : "");
    }

    boolean isOf(String plural) {
      return path.endsWith("/" + plural);
    }
  }

  private final Map<Watch, Long> heardNanos = new HashMap<>();
  private final Map<Watch, CompletableFuture<Long>> ends = new ConcurrentHashMap<>();

  // Found when something is heard: every poll asks for it.
  private volatile long lastHeardNanos = System.nanoTime();

  /** Whether the watches of a kind are open, or are just being taken up again. */
  boolean watching(String plural) {
    long now = System.nanoTime();
    List<CompletableFuture<Long>> ofKind =
        ends.entrySet().stream()
            .filter(watch -> watch.getKey().isOf(plural))
            .map(Map.Entry::getValue)
            .toList();
    return !ofKind.isEmpty()
        && ofKind.stream().allMatch(end -> now - end.getNow(now) < RENEWAL_NANOS);
  }

  /**
   * When the watch that has been silent for longest was last heard, by {@link System#nanoTime()};
   * before the first watch, when this began.
   */
  long lastHeardNanos() {
    return lastHeardNanos;
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    if (isWatch(request)) {
      String uri = request.uri().toString();
      builder.uri(URI.create(TIMEOUT.matcher(uri).replaceFirst("timeoutSeconds=" + WATCH_SECONDS)));
    }
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    if (isWatch(request)
        && response.isSuccessful()
        && response.body() instanceof AsyncBody answer) {
      Watch watch = Watch.of(request);
      heard(watch);
      ends.put(watch, answer.done().handle((end, failure) -> endNanos(failure)));
    }
  }

  @Override
  public AsyncBody.Consumer<List<ByteBuffer>> consumer(
      AsyncBody.Consumer<List<ByteBuffer>> consumer, HttpRequest request) {
    if (!isWatch(request)) {
      return consumer;
    }
    Watch watch = Watch.of(request);
    return new AsyncBody.Consumer<>() {
      @Override
      public void consume(List<ByteBuffer> chunk, AsyncBody body) throws Exception {
        heard(watch);
        consumer.consume(chunk, body);
      }

      @Override
      public <U> U unwrap(Class<U> target) {
        return consumer.unwrap(target);
      }
    };
  }

  private synchronized void heard(Watch watch) {
    if (watch.path().endsWith(ASIDE)) {
      return;
    }
    long now = System.nanoTime();
    heardNanos.put(watch, now);
    long longest = heardNanos.values().stream().mapToLong(heard -> now - heard).max().orElse(0);
    lastHeardNanos = now - longest;
  }

  /** A watch that was cut off is over at once; one that ran out has a moment to be renewed. */
  private static long endNanos(Throwable failure) {
    long now = System.nanoTime();
    return failure == null ? now : now - RENEWAL_NANOS;
  }

  private static boolean isWatch(HttpRequest request) {
    String query = request.uri().getQuery();
    return query != null && query.contains("watch=true");
  }
}
