package mooring.platform;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which watches are open, and when each was last heard. The informers keep bookmarks to themselves
 * and call an HTTP watch open only after its first event, so this listens to the answers
 * themselves: an event and a bookmark both prove that the view is current.
 */
final class WatchPulse implements Interceptor {
  private final long beganNanos = System.nanoTime();
  private final Map<String, Long> heardNanos = new ConcurrentHashMap<>();
  private final Map<String, AsyncBody> answers = new ConcurrentHashMap<>();

  /** Whether a watch of a kind is open. */
  boolean watching(String plural) {
    return answers.entrySet().stream()
        .anyMatch(
            watch -> watch.getKey().endsWith("/" + plural) && !watch.getValue().done().isDone());
  }

  /**
   * When the watch that has been silent for longest was last heard, by {@link System#nanoTime()};
   * before the first watch, when this began.
   */
  long lastHeardNanos() {
    long now = System.nanoTime();
    long oldest = heardNanos.isEmpty() ? now - beganNanos : 0;
    for (long heard : heardNanos.values()) {
      oldest = Math.max(oldest, now - heard);
    }
    return now - oldest;
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    if (isWatch(request)
        && response.isSuccessful()
        && response.body() instanceof AsyncBody answer) {
      String path = request.uri().getPath();
      heard(path);
      answers.put(path, answer);
    }
  }

  @Override
  public AsyncBody.Consumer<List<ByteBuffer>> consumer(
      AsyncBody.Consumer<List<ByteBuffer>> consumer, HttpRequest request) {
    if (!isWatch(request)) {
      return consumer;
    }
    String path = request.uri().getPath();
    return new AsyncBody.Consumer<>() {
      @Override
      public void consume(List<ByteBuffer> chunk, AsyncBody body) throws Exception {
        heard(path);
        consumer.consume(chunk, body);
      }

      @Override
      public <U> U unwrap(Class<U> target) {
        return consumer.unwrap(target);
      }
    };
  }

  private void heard(String path) {
    heardNanos.put(path, System.nanoTime());
  }

  private static boolean isWatch(HttpRequest request) {
    String query = request.uri().getQuery();
    return query != null && query.contains("watch=true");
  }
}
