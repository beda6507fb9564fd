package mooring.store;

import static mooring.store.StoreFixture.get;
import static mooring.store.StoreFixture.problem;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import mooring.core.Desired;
import mooring.core.Instance;
import mooring.core.InstanceSpec;
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
class InstanceChangeTest {
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
  void changeStoresWhatIsWantedWithItsOperation() {
    Instance created = ended("changed");
    InstanceSpec bigger =
        new InstanceSpec(created.spec().engine(), "16", 2000, 4096, 40_960, 1, "nyc1");

    Instance changed =
        get(
            fixture
                .store
                .instances()
                .change(
                    fixture.tenant,
                    created.shortId(),
                    known ->
                        fixture.change(
                            with(known, "renamed", bigger, known.desired()),
                            OperationKind.RESIZE)));

    assertThat(changed.name()).isEqualTo("renamed");
    assertThat(changed.spec()).isEqualTo(bigger);
    assertThat(changed.handle()).isEqualTo(created.handle());
    assertThat(changed.address()).isEqualTo(created.address());
    assertThat(changed.revision()).isGreaterThan(created.revision());
    assertThat(changed.operation().kind()).isEqualTo(OperationKind.RESIZE);
    assertThat(changed.operation().acceptedIn()).isEqualTo(InstanceState.RUNNING);
  }

  @Test
  void anEmptyDecisionLeavesEverythingAsItIs() {
    Instance created = fixture.create("left");

    assertThat(
            get(
                fixture
                    .store
                    .instances()
                    .change(fixture.tenant, created.shortId(), known -> Optional.empty())))
        .isEqualTo(created);
  }

  @Test
  void aRefusalIsPassedOnAndStoresNothing() {
    Instance created = fixture.create("refused");

    Problem problem =
        problem(
            fixture
                .store
                .instances()
                .change(
                    fixture.tenant,
                    created.shortId(),
                    known -> {
                      throw new ProblemException(new Problem.Conflict("not now"));
                    }));

    assertThat(problem).isEqualTo(new Problem.Conflict("not now"));
    assertThat(fixture.store.instances().find(created.shortId()).blockingGet()).isEqualTo(created);
  }

  @Test
  void unknownForeignAndDeletedAreTheSameNotFound() {
    Instance deleted = fixture.buried("gone");
    Instance mine = fixture.create("mine");
    UUID stranger = get(fixture.store.tokens().createTenant("stranger")).id();
    Problem expected = new Problem.NotFound("database not found");

    assertThat(changeAs(fixture.tenant, "00000000")).isEqualTo(expected);
    assertThat(changeAs(stranger, mine.shortId())).isEqualTo(expected);
    assertThat(changeAs(fixture.tenant, deleted.shortId())).isEqualTo(expected);
    assertThat(problem(fixture.store.instances().credentials(deleted))).isEqualTo(expected);
  }

  private Problem changeAs(UUID tenant, String shortId) {
    return problem(
        fixture
            .store
            .instances()
            .change(tenant, shortId, known -> fixture.change(known, OperationKind.DELETE)));
  }

  @Test
  void aRunningOperationForbidsAnotherButADeleteSupersedesIt() {
    Instance created = fixture.create("superseded");
    Problem problem =
        problem(
            fixture
                .store
                .instances()
                .change(
                    fixture.tenant,
                    created.shortId(),
                    known -> fixture.change(known, OperationKind.RESTART)));
    assertThat(problem).isInstanceOf(Problem.Conflict.class);

    Instance deleting = fixture.delete(created);

    assertThat(deleting.operation().kind()).isEqualTo(OperationKind.DELETE);
    assertThat(deleting.operation().running()).isTrue();
    String first = " WHERE id = '" + created.operation().id() + "'";
    assertThat(fixture.texts("SELECT outcome || ': ' || reason FROM operation" + first))
        .containsExactly("INTERRUPTED: superseded by the deletion of the database");
    assertThat(
            fixture.texts(
                "SELECT outcome FROM audit WHERE operation = '"
                    + created.operation().id()
                    + "' AND ended_at IS NOT NULL"))
        .containsExactly("INTERRUPTED");
    assertThat(changeAs(fixture.tenant, created.shortId())).isInstanceOf(Problem.Conflict.class);
  }

  @Test
  void decisionsOnOneDatabaseTakeTurnsAndSeeEachOther() {
    Instance created = ended("turns");
    PgStore other = fixture.replica();

    List<Object> outcomes =
        get(
            Single.mergeDelayError(
                    List.of(restart(fixture.store, created), restart(other, created)))
                .toList());

    assertThat(outcomes).filteredOn(Instance.class::isInstance).hasSize(1);
    assertThat(outcomes)
        .filteredOn(Problem.Conflict.class::isInstance)
        .containsExactly(new Problem.Conflict("seen running"));
    other.close().blockingAwait();
  }

  private Single<Object> restart(PgStore store, Instance instance) {
    return store
        .instances()
        .change(
            fixture.tenant,
            instance.shortId(),
            known -> {
              if (known.operation().running()) {
                throw new ProblemException(new Problem.Conflict("seen running"));
              }
              return fixture.change(known, OperationKind.RESTART);
            })
        .cast(Object.class)
        .onErrorReturn(failure -> ((ProblemException) failure).problem());
  }

  @Test
  void aChangeOfDesiredIsStored() {
    Instance created = ended("stopped");

    Instance stopped =
        get(
            fixture
                .store
                .instances()
                .change(
                    fixture.tenant,
                    created.shortId(),
                    known ->
                        fixture.change(
                            with(known, known.name(), known.spec(), Desired.STOPPED),
                            OperationKind.STOP)));

    assertThat(stopped.desired()).isEqualTo(Desired.STOPPED);
  }

  private Instance ended(String handle) {
    Instance claimed = fixture.claim(fixture.create(handle), Duration.ofMinutes(1));
    Operation operation = claimed.operation();
    return get(
        fixture
            .store
            .operations()
            .end(operation.id(), operation.attempt(), Outcome.SUCCEEDED, null, 7L));
  }

  private static Instance with(Instance known, String name, InstanceSpec spec, Desired desired) {
    return new Instance(
        known.id(),
        known.shortId(),
        known.tenant(),
        known.origin(),
        name,
        known.handle(),
        spec,
        known.address(),
        known.owner(),
        known.database(),
        desired,
        known.setup(),
        known.contents(),
        null,
        known.attributes(),
        known.createdAt(),
        known.deletedAt(),
        known.revision(),
        known.operation());
  }
}
