package mooring.store;

import static mooring.store.StoreFixture.get;
import static mooring.store.StoreFixture.problem;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import mooring.core.Address;
import mooring.core.Credentials;
import mooring.core.Desired;
import mooring.core.Instance;
import mooring.core.InstanceState;
import mooring.core.Operation;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.Problem;
import mooring.core.ProblemException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PgInstancesTest {
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
  void createStoresInstanceOperationAndAudit() {
    Instance created = fixture.create("whole");

    assertThat(created.shortId()).matches("[0-9a-f]{8}");
    assertThat(created.tenant()).isEqualTo(fixture.tenant);
    assertThat(created.name()).isEqualTo("Name of whole");
    assertThat(created.spec()).isEqualTo(StoreFixture.SPEC);
    assertThat(created.address())
        .isEqualTo(new Address("db-" + created.shortId() + ".databases.svc", 5432));
    assertThat(created.attributes()).isEqualTo(Map.of("plan", "small"));
    assertThat(created.desired()).isEqualTo(Desired.RUNNING);
    assertThat(created.revision()).isPositive();
    Operation operation = created.operation();
    assertThat(operation.kind()).isEqualTo(OperationKind.CREATE);
    assertThat(operation.outcome()).isEqualTo(Outcome.RUNNING);
    assertThat(operation.acceptedIn()).isEqualTo(InstanceState.PENDING);
    assertThat(operation.attempt()).isZero();
    assertThat(Duration.between(operation.startedAt(), operation.deadline()))
        .isEqualTo(StoreFixture.DEADLINE);
    assertThat(created.createdAt()).isBetween(Instant.now().minusSeconds(60), Instant.now());
    assertThat(fixture.store.instances().find(created.shortId()).blockingGet()).isEqualTo(created);
    assertThat(fixture.store.instances().find(created.id()).blockingGet()).isEqualTo(created);
    assertThat(
            fixture.texts(
                "SELECT concat_ws(' ', tenant, token, action, subject, outcome) FROM audit"
                    + " WHERE operation = '"
                    + operation.id()
                    + "'"))
        .containsExactly(
            fixture.tenant + " " + fixture.token + " CREATE " + created.id() + " RUNNING");
  }

  @Test
  void credentialsComeBackDecrypted() {
    Instance created = fixture.create("credentials");

    assertThat(get(fixture.store.instances().credentials(created)))
        .isEqualTo(new Credentials("app", StoreFixture.PASSWORD, "main"));
  }

  @Test
  void twoCreatesOfOneNameAtOnceGiveOneDatabaseAndOneConflict() {
    PgStore other = fixture.replica();
    for (int round = 0; round < 10; round++) {
      String handle = "twice-" + round;
      List<Object> outcomes =
          get(
              Single.mergeDelayError(outcome(fixture.store, handle), outcome(other, handle))
                  .toList());
      assertThat(outcomes).filteredOn(Instance.class::isInstance).hasSize(1);
      assertThat(outcomes)
          .filteredOn(Problem.Conflict.class::isInstance)
          .singleElement()
          .extracting(conflict -> ((Problem) conflict).message())
          .asString()
          .contains("already exists");
      assertThat(fixture.texts("SELECT id FROM instance WHERE handle = '" + handle + "'"))
          .hasSize(1);
    }
    other.close().blockingAwait();
  }

  private Single<Object> outcome(PgStore store, String handle) {
    return store
        .instances()
        .create(fixture.draft(handle), Set.of())
        .cast(Object.class)
        .onErrorReturn(failure -> ((ProblemException) failure).problem());
  }

  @Test
  void anotherTenantMayUseTheSameName() {
    fixture.create("shared");
    UUID other = get(fixture.store.tokens().createTenant("other of shared")).id();

    Instance theirs =
        get(fixture.store.instances().create(fixture.draft(other, "shared", "x"), Set.of()));

    assertThat(theirs.tenant()).isEqualTo(other);
  }

  @Test
  void anUnknownTenantIsNotFound() {
    assertThat(
            problem(
                fixture
                    .store
                    .instances()
                    .create(fixture.draft(UUID.randomUUID(), "nobody", "x"), Set.of())))
        .isInstanceOf(Problem.NotFound.class);
  }

  @Test
  void aCharacterThatCannotBeStoredIsInvalidInput() {
    assertThat(
            problem(
                fixture
                    .store
                    .instances()
                    .create(fixture.draft(fixture.tenant, "nul", "a\0b"), Set.of())))
        .isInstanceOf(Problem.Invalid.class);
  }

  @Test
  void aHandleIsFreeOnceDeletionHasFinishedAndTheTombstoneStays() {
    Instance deleted = fixture.buried("again");

    Instance second = fixture.create("again");

    assertThat(second.id()).isNotEqualTo(deleted.id());
    Instance tombstone = fixture.store.instances().find(deleted.shortId()).blockingGet();
    assertThat(tombstone.deleted()).isTrue();
    assertThat(fixture.dump("instance_secret"))
        .noneMatch(row -> row.contains(deleted.id().toString()));
  }

  @Test
  void aHandleIsTakenWhileItsDatabaseIsBeingDeleted() {
    fixture.delete(fixture.create("leaving"));

    assertThat(problem(fixture.store.instances().create(fixture.draft("leaving"), Set.of())))
        .isInstanceOf(Problem.Conflict.class);
  }
}
