package mooring.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Maybe;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import mooring.core.Desired;
import mooring.core.Instance;
import mooring.core.InstanceStore;
import mooring.core.Operation;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.Samples;
import org.junit.jupiter.api.Test;

/** Operations that were not heard of here. */
class OperationDirectoryTest {
  private final StatusCache cache = new StatusCache();
  private final StatusFeed feed = new StatusFeed(cache, new TokenDirectory(Clock.systemUTC()));

  @Test
  void whatIsSupersededWhileItIsLookedUpIsKnownByItsEnd() {
    Operation running = Samples.operation(OperationKind.CREATE, Outcome.RUNNING, null);
    Operation ended = ended(running);
    Operation deletion =
        Samples.operation(running.instance(), OperationKind.DELETE, Outcome.RUNNING, null);
    InstanceStore store = store(List.of(of(running), of(ended)), Samples.revised(of(deletion), 2));
    OperationDirectory directory = new OperationDirectory(cache, store, feed::publish);
    feed.onChange(directory);
    directory.lookUp(Samples.TENANT, running.id()).test().assertComplete();
    assertThat(directory.get(Samples.TENANT, running.id()).operation()).isEqualTo(ended);
  }

  @Test
  void whatNeededNoOperationIsLookedUpByTheIdOfItsDatabase() {
    Instance made = of(Samples.operation(OperationKind.CREATE, Outcome.SUCCEEDED, null));
    OperationDirectory directory =
        new OperationDirectory(cache, store(List.of(), made), feed::publish);
    feed.onChange(directory);
    UUID stranger = UUID.randomUUID();
    directory.lookUp(stranger, made.id()).test().assertComplete();
    assertThat(directory.get(stranger, made.id())).isNull();
    assertThat(directory.nowhere(stranger, made.id())).isTrue();
    assertThat(cache.get(made.id())).isNull();
    directory.lookUp(Samples.TENANT, made.id()).test().assertComplete();
    assertThat(directory.get(Samples.TENANT, made.id()).operation()).isNull();
    assertThat(directory.get(Samples.TENANT, made.id()).instance()).isEqualTo(made.id());
    assertThat(directory.get(stranger, made.id())).isNull();
  }

  @Test
  void anOperationIsEncodedOncePerChange() {
    Operation running = Samples.operation(OperationKind.CREATE, Outcome.RUNNING, null);
    OperationDirectory directory =
        new OperationDirectory(cache, store(List.of(), null), feed::publish);
    feed.onChange(directory);
    feed.publish(of(running));
    Encoded pending = encoded(directory, running.id());
    assertThat(encoded(directory, running.id())).isSameAs(pending);
    Encoded done = encoded(directory, running.instance());
    assertThat(encoded(directory, running.instance())).isSameAs(done);
    feed.publish(Samples.revised(of(ended(running)), 2));
    assertThat(encoded(directory, running.id())).isNotSameAs(pending);
    assertThat(encoded(directory, running.instance())).isSameAs(done);
  }

  private static Encoded encoded(OperationDirectory directory, UUID id) {
    return directory
        .get(Samples.TENANT, id)
        .encoded(known -> Encoded.of(Buffer.buffer(String.valueOf(known.operation()))));
  }

  private static Operation ended(Operation running) {
    return new Operation(
        running.id(),
        running.instance(),
        running.kind(),
        Outcome.INTERRUPTED,
        "deleted",
        running.acceptedIn(),
        null,
        1,
        running.deadline(),
        running.startedAt(),
        Samples.START.plusSeconds(5));
  }

  private static Instance of(Operation operation) {
    return Samples.instance(Desired.RUNNING, operation);
  }

  /** Finds one after the other by an operation, and always the last by itself. */
  private static InstanceStore store(List<Instance> byOperation, Instance latest) {
    Queue<Instance> next = new ArrayDeque<>(byOperation);
    return (InstanceStore)
        Proxy.newProxyInstance(
            InstanceStore.class.getClassLoader(),
            new Class<?>[] {InstanceStore.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "findByOperation" -> Maybe.fromCallable(next::poll);
                  case "find" -> Maybe.just(latest);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
