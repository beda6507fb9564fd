package mooring.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.observers.TestObserver;
import io.reactivex.rxjava3.subjects.MaybeSubject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import mooring.core.Address;
import mooring.core.Change;
import mooring.core.Credentials;
import mooring.core.Desired;
import mooring.core.Draft;
import mooring.core.Instance;
import mooring.core.InstanceStore;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.Problem;
import mooring.core.ProblemException;
import mooring.core.Samples;
import org.junit.jupiter.api.Test;

/** The limits of look-ups; the answers of the store come when the test says so. */
class MissLookupTest {
  private final Held store = new Held();
  private final StatusCache cache = new StatusCache();
  private final MissLookup misses =
      new MissLookup(store, new StatusFeed(cache, new TokenDirectory(Clock.systemUTC())));

  @Test
  void oneQueryServesAllWhoAskMeanwhileAndFillsTheCache() {
    Instance created =
        Samples.instance(
            Desired.RUNNING, Samples.operation(OperationKind.CREATE, Outcome.RUNNING, null));
    TestObserver<Void> first = misses.look(Samples.TENANT, created.shortId()).test();
    TestObserver<Void> second = misses.look(Samples.TENANT, created.shortId()).test();
    store.answer(created.shortId(), created);
    first.assertComplete();
    second.assertComplete();
    assertThat(store.asked).containsExactly(created.shortId());
    assertThat(cache.get(created.shortId()).instance()).isEqualTo(created);
  }

  @Test
  void whatIsNowhereIsNotLookedUpAgain() {
    misses.look(Samples.TENANT, "00000000").test().assertNoErrors();
    store.answer("00000000", null);
    misses.look(Samples.TENANT, "00000000").test().assertComplete();
    assertThat(store.asked).hasSize(1);
  }

  @Test
  void anothersDatabaseGoesTheWayOfOneThatDoesNotExist() {
    Instance foreign =
        Samples.instance(
            Desired.RUNNING, Samples.operation(OperationKind.CREATE, Outcome.RUNNING, null));
    UUID stranger = UUID.randomUUID();
    TestObserver<Void> look = misses.look(stranger, foreign.shortId()).test();
    store.answer(foreign.shortId(), foreign);
    look.assertComplete();
    misses.look(stranger, foreign.shortId()).test().assertComplete();
    assertThat(store.asked).as("remembered as not theirs").hasSize(1);
    misses.look(Samples.TENANT, foreign.shortId()).test().assertNoErrors();
    assertThat(store.asked).as("but its owner is served").hasSize(2);
  }

  @Test
  void aNameThatIsFreeMayBeTakenAtOnce() {
    Instance created =
        Samples.instance(
            Desired.RUNNING, Samples.operation(OperationKind.CREATE, Outcome.RUNNING, null));
    misses.lookNamed(Samples.TENANT, created.handle()).test().assertNoErrors();
    store.answer(created.handle(), null);
    // Made on another replica, of which nothing has been heard here.
    TestObserver<Void> again = misses.lookNamed(Samples.TENANT, created.handle()).test();
    store.answer(created.handle(), created);
    again.assertComplete();
    assertThat(cache.get(Samples.TENANT, created.handle()).instance()).isEqualTo(created);
  }

  @Test
  void aFailedLookUpIsTriedAgain() {
    TestObserver<Void> failed = misses.look(Samples.TENANT, "00000000").test();
    store.fail("00000000", new ProblemException(new Problem.Unavailable("away", 2)));
    failed.assertError(ProblemException.class);
    misses.look(Samples.TENANT, "00000000").test().assertNoErrors();
    assertThat(store.asked).hasSize(2);
  }

  @Test
  void eightAtOnceAndNoMore() {
    List<TestObserver<Void>> under = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      under.add(misses.look(UUID.randomUUID(), "0000000" + i).test());
    }
    assertUnavailable(misses.look(UUID.randomUUID(), "00000009"));
    store.answer("00000000", null);
    under.get(0).assertComplete();
    misses.look(UUID.randomUUID(), "00000009").test().assertNotComplete().assertNoErrors();
  }

  @Test
  void guessingIdsUsesUpOnesOwnShareOnly() {
    int asked = 400;
    int refused = 0;
    long first = second();
    for (int i = 0; i < asked; i++) {
      String id = String.format("%08d", i);
      TestObserver<Void> look = misses.look(Samples.TENANT, id).test();
      if (store.answers.containsKey(id)) {
        store.answer(id, null);
        look.assertComplete();
      } else {
        look.assertError(ProblemException.class);
        refused++;
      }
    }
    // Each second that was begun meanwhile has had a share of its own.
    long seconds = second() - first + 1;
    assertThat(refused).isPositive();
    assertThat(asked - refused).isBetween(10, (int) (10 * seconds));
    misses.look(UUID.randomUUID(), "ffffffff").test().assertNoErrors();
  }

  private static long second() {
    return System.nanoTime() / 1_000_000_000L;
  }

  private static void assertUnavailable(Completable look) {
    look.test()
        .assertError(
            error ->
                error instanceof ProblemException refused
                    && refused.problem() instanceof Problem.Unavailable);
  }

  /** Holds every question until it is answered. */
  private static final class Held implements InstanceStore {
    final List<String> asked = new ArrayList<>();
    final Map<String, MaybeSubject<Instance>> answers = new HashMap<>();

    void answer(String shortId, Instance instance) {
      MaybeSubject<Instance> subject = answers.remove(shortId);
      if (instance == null) {
        subject.onComplete();
      } else {
        subject.onSuccess(instance);
      }
    }

    void fail(String shortId, Throwable error) {
      answers.remove(shortId).onError(error);
    }

    @Override
    public Maybe<Instance> find(String shortId) {
      return Maybe.defer(
          () -> {
            asked.add(shortId);
            return answers.computeIfAbsent(shortId, id -> MaybeSubject.create());
          });
    }

    @Override
    public Maybe<Instance> find(UUID id) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Maybe<Instance> find(UUID tenant, String handle) {
      return find(handle);
    }

    @Override
    public Maybe<Instance> findByOperation(UUID operation) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Single<Instance> create(Draft draft, Set<Address> avoid) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Single<Instance> rename(
        UUID tenant, String shortId, String name, boolean unique, UUID requestedBy) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Single<Instance> change(
        UUID tenant, String shortId, Function<Instance, Optional<Change>> decide) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Single<Credentials> credentials(Instance instance) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Single<Map<UUID, String>> rolePasswords(Instance instance) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Single<String> migrationPassword(Instance instance) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Single<Credentials> wantedCredentials(Instance instance) {
      throw new UnsupportedOperationException();
    }
  }
}
