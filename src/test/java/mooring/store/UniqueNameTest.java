package mooring.store;

import static mooring.store.StoreFixture.get;
import static mooring.store.StoreFixture.problem;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Single;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import mooring.core.Draft;
import mooring.core.Instance;
import mooring.core.Problem;
import mooring.core.ProblemException;
import mooring.core.Uniqueness;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UniqueNameTest {
  private static final Problem TAKEN =
      new Problem.Conflict("a database with this name already exists");

  private StoreFixture fixture;

  @BeforeAll
  void open() {
    fixture = new StoreFixture();
  }

  @AfterAll
  void close() {
    fixture.close();
  }

  @Test
  void aNameThatALivingDatabaseHasIsRefused() {
    get(create(fixture.store, draft("orders", "orders")));

    assertThat(problem(create(fixture.store, draft("orders", "other")))).isEqualTo(TAKEN);

    UUID other = get(fixture.store.tokens().createTenant("other of names")).id();
    Instance theirs = get(create(fixture.store, unique(fixture.draft(other, "orders", "orders"))));
    assertThat(theirs.handle()).isEqualTo("orders");
  }

  @Test
  void aNameIsFreeAgainAfterTheDeletion() {
    fixture.buried("freed");

    assertThat(get(create(fixture.store, draft("Name of freed", "freed"))).handle())
        .isEqualTo("freed");
  }

  @Test
  void aTakenHandleGetsASuffixAndStaysALabel() {
    String longest = "a".repeat(53) + "-" + "b".repeat(9);
    fixture.create("my-db");
    fixture.create(longest);

    Instance suffixed = get(create(fixture.store, draft("My DB", "my-db")));
    Instance cut = get(create(fixture.store, draft("Long", longest)));

    assertThat(suffixed.handle()).isEqualTo("my-db-" + suffixed.shortId());
    assertThat(suffixed.name()).isEqualTo("My DB");
    assertThat(cut.handle()).isEqualTo("a".repeat(53) + "-" + cut.shortId());
    assertThat(cut.handle()).hasSizeLessThanOrEqualTo(63);
  }

  @Test
  void twoAtOnceTakeTurns() {
    PgStore other = fixture.replica();
    for (int round = 0; round < 10; round++) {
      String name = "at once " + round;
      String handle = "at-once-" + round;
      List<Object> sameName =
          get(
              Single.mergeDelayError(
                      outcome(fixture.store, draft(name, handle)),
                      outcome(other, draft(name, handle)))
                  .toList());
      assertThat(sameName).filteredOn(Instance.class::isInstance).hasSize(1);
      assertThat(sameName).filteredOn(Problem.class::isInstance).containsExactly(TAKEN);

      List<Object> sameHandle =
          get(
              Single.mergeDelayError(
                      outcome(fixture.store, draft(name + " a", handle + "-x")),
                      outcome(other, draft(name + " b", handle + "-x")))
                  .toList());
      assertThat(sameHandle)
          .allSatisfy(one -> assertThat(one).isInstanceOf(Instance.class))
          .extracting(one -> ((Instance) one).handle())
          .doesNotHaveDuplicates();
    }
    other.close().blockingAwait();
  }

  private Draft draft(String name, String handle) {
    return unique(fixture.draft(fixture.tenant, handle, name));
  }

  private static Draft unique(Draft draft) {
    return new Draft(
        draft.tenant(),
        draft.origin(),
        draft.name(),
        draft.handle(),
        draft.spec(),
        draft.credentials(),
        draft.setup(),
        Uniqueness.NAME,
        draft.attributes(),
        draft.deadline(),
        draft.requestedBy(),
        null);
  }

  private static Single<Instance> create(PgStore store, Draft draft) {
    return store.instances().create(draft, Set.of());
  }

  private static Single<Object> outcome(PgStore store, Draft draft) {
    return create(store, draft)
        .cast(Object.class)
        .onErrorReturn(failure -> ((ProblemException) failure).problem());
  }
}
