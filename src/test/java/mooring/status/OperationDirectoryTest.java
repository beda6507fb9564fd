package mooring.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Maybe;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
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
    Operation ended =
        new Operation(
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
    Operation deletion =
        Samples.operation(running.instance(), OperationKind.DELETE, Outcome.RUNNING, null);
    InstanceStore store = store(List.of(of(running), of(ended)), Samples.revised(of(deletion), 2));
    OperationDirectory directory = new OperationDirectory(cache, store, feed::publish);
    feed.onChange(directory);
    directory.lookUp(Samples.TENANT, running.id()).test().assertComplete();
    assertThat(directory.get(Samples.TENANT, running.id()).operation()).isEqualTo(ended);
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
                  case "findByOperation" -> Maybe.defer(() -> Maybe.just(next.remove()));
                  case "find" -> Maybe.just(latest);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
