package mooring.store;

import static mooring.store.StoreFixture.get;
import static mooring.store.StoreFixture.problem;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import mooring.core.Change;
import mooring.core.Contents;
import mooring.core.Draft;
import mooring.core.Instance;
import mooring.core.InstanceState;
import mooring.core.Operation;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.Problem;
import mooring.core.ProblemException;
import mooring.core.ReplicaOf;
import mooring.core.Role;
import mooring.core.Setup;
import mooring.core.Stage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Read replicas in the records: what they have, and what their sources are kept from. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadReplicaTest {
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
  void itHasWhatItsSourceHasUntilItIsPromoted() {
    Instance source = ended(fixture.create("source"));
    Role role = role(Stage.MAKING);
    Instance changed = administered(source, Contents.NONE.with(role), "role-secret");
    Instance replica = ended(get(create("replica", changed)));
    assertThat(replica.follows()).isTrue();
    assertThat(replica.contents()).isEqualTo(changed.contents());
    assertThat(replica.replicaOf()).contains(ReplicaOf.of(source));
    assertThat(password(replica)).isEqualTo(StoreFixture.PASSWORD);
    assertThat(get(fixture.store.instances().rolePasswords(replica)))
        .isEqualTo(Map.of(role.id(), "role-secret"));

    Role second = role(Stage.MAKING);
    Instance grown = administered(changed, changed.contents().with(second), "second-secret");
    assertThat(found(replica).contents()).isEqualTo(grown.contents());
    assertThat(found(replica).revision()).isGreaterThan(replica.revision());
    reset(source, "another-secret");
    assertThat(password(replica)).isEqualTo("another-secret");

    Instance promoted = promote(found(replica));
    assertThat(promoted.follows()).isFalse();
    assertThat(promoted.isReplica()).isTrue();
    assertThat(names(promoted)).isEqualTo(names(grown));
    assertThat(ids(promoted)).doesNotContainAnyElementsOf(ids(grown));
    Instance own = ended(promoted);
    assertThat(own.isReplica()).isFalse();
    assertThat(password(own)).isEqualTo("another-secret");
    assertThat(get(fixture.store.instances().rolePasswords(own)).values())
        .containsExactlyInAnyOrder("role-secret", "second-secret");

    reset(source, "third-secret");
    assertThat(password(own)).isEqualTo("another-secret");
    Instance removed = administered(grown, grown.contents().with(second.at(Stage.REMOVING)), null);
    assertThat(removed.contents().roles()).hasSize(1);
    assertThat(found(own).contents()).isEqualTo(own.contents());
    assertThat(fixture.delete(source).operation().kind()).isEqualTo(OperationKind.DELETE);
  }

  @ParameterizedTest
  @EnumSource(
      value = OperationKind.class,
      names = {"DELETE", "UPGRADE", "RESTORE"})
  void aSourceIsKeptAsItIsAsLongAsItIsFollowed(OperationKind kind) {
    String name = kind.name().toLowerCase(Locale.ROOT);
    Instance source = ended(fixture.create(name));
    Instance replica = ended(get(create(name + "-copy", source)));
    assertThat(problem(change(source, kind)))
        .isEqualTo(
            new Problem.Conflict(
                "the database is followed by the read replicas "
                    + name
                    + "-copy: delete or promote them first"));
    Instance unused = fixture.delete(replica);
    assertThat(problem(change(source, kind))).isInstanceOf(Problem.Conflict.class);
    unused = ended(found(replica));
    assertThat(get(change(source, kind)).operation().kind()).isEqualTo(kind);
  }

  @Test
  void whatIsBeingDeletedIsFollowedByNobody() {
    Instance source = ended(fixture.create("leaving"));
    assertThat(problem(create("chained", ended(get(create("first", source))))))
        .isEqualTo(
            new Problem.Conflict(
                "the database first is a read replica, and cannot be followed itself"));
    Instance other = ended(fixture.create("going"));
    Instance unused = fixture.delete(other);
    assertThat(problem(create("late", other))).isInstanceOf(Problem.Conflict.class);
    unused = ended(found(other));
    assertThat(problem(create("late", other)))
        .isEqualTo(new Problem.NotFound("database not found"));
    UUID stranger = get(fixture.store.tokens().createTenant("stranger")).id();
    assertThat(
            problem(fixture.store.instances().create(draft(stranger, "theirs", source), Set.of())))
        .isEqualTo(new Problem.NotFound("database not found"));
  }

  @Test
  void aDeletionAndAReadReplicaOfTheSameMomentTakeTurns() throws Exception {
    for (int round = 0; round < 10; round++) {
      Instance source = ended(fixture.create("raced-" + round));
      String name = "racer-" + round;
      List<CompletableFuture<Object>> both = new ArrayList<>();
      both.add(outcome(create(name, source)));
      both.add(outcome(change(source, OperationKind.DELETE)));
      List<Object> outcomes = new ArrayList<>();
      for (CompletableFuture<Object> one : both) {
        outcomes.add(one.get(20, TimeUnit.SECONDS));
      }
      assertThat(outcomes).filteredOn(Instance.class::isInstance).hasSize(1);
      assertThat(outcomes).filteredOn(Problem.Conflict.class::isInstance).hasSize(1);
      boolean leaving = found(source).operation().kind() == OperationKind.DELETE;
      boolean followed = fixture.store.instances().find(fixture.tenant, name).blockingGet() != null;
      assertThat(followed).isNotEqualTo(leaving);
    }
  }

  private static CompletableFuture<Object> outcome(Single<Instance> change) {
    return change
        .cast(Object.class)
        .onErrorReturn(failure -> ((ProblemException) failure).problem())
        .toCompletionStage()
        .toCompletableFuture();
  }

  private Draft draft(UUID tenant, String name, Instance source) {
    Draft plain = fixture.draft(tenant, name, name);
    return new Draft(
        plain.tenant(),
        plain.origin(),
        plain.name(),
        plain.handle(),
        plain.spec(),
        plain.credentials(),
        Setup.NONE.replicaOf(ReplicaOf.of(source)),
        plain.unique(),
        plain.attributes(),
        plain.deadline(),
        plain.requestedBy(),
        null);
  }

  private Single<Instance> create(String name, Instance source) {
    return fixture.store.instances().create(draft(fixture.tenant, name, source), Set.of());
  }

  private Single<Instance> change(Instance one, OperationKind kind) {
    return fixture
        .store
        .instances()
        .change(fixture.tenant, one.shortId(), known -> fixture.change(known, kind));
  }

  private Instance administered(Instance one, Contents contents, String password) {
    Instance changed =
        get(
            fixture
                .store
                .instances()
                .change(
                    fixture.tenant,
                    one.shortId(),
                    known ->
                        asked(known.containing(contents), OperationKind.ADMINISTER, password)));
    return ended(changed);
  }

  private void reset(Instance one, String password) {
    Instance unused =
        ended(
            get(
                fixture
                    .store
                    .instances()
                    .change(
                        fixture.tenant,
                        one.shortId(),
                        known -> asked(known, OperationKind.RESET_PASSWORD, password))));
  }

  private Instance promote(Instance replica) {
    ReplicaOf past = replica.replicaOf().orElseThrow().promoted(Instant.EPOCH);
    return get(
        fixture
            .store
            .instances()
            .change(
                fixture.tenant,
                replica.shortId(),
                known ->
                    asked(
                        known
                            .wanted(
                                known.spec(),
                                known.desired(),
                                known.setup().replicaOf(past),
                                known.attributes())
                            .containing(known.contents().copiedAt(null)),
                        OperationKind.PROMOTE,
                        null)));
  }

  private Optional<Change> asked(Instance wanted, OperationKind kind, String password) {
    return Optional.of(
        new Change(
            wanted, kind, InstanceState.RUNNING, StoreFixture.DEADLINE, password, fixture.token));
  }

  private Instance ended(Instance one) {
    Operation operation = fixture.claim(one, Duration.ofMinutes(1)).operation();
    return get(
        fixture
            .store
            .operations()
            .end(operation.id(), operation.attempt(), Outcome.SUCCEEDED, null, 7L));
  }

  private Instance found(Instance one) {
    return fixture.store.instances().find(one.id()).blockingGet();
  }

  private String password(Instance one) {
    return get(fixture.store.instances().credentials(one)).password();
  }

  private static Role role(Stage stage) {
    UUID id = UUID.randomUUID();
    return new Role(
        id, "role_" + id.toString().substring(0, 8), stage, Instant.EPOCH, Instant.EPOCH);
  }

  private static List<String> names(Instance one) {
    return one.contents().roles().stream().map(Role::name).toList();
  }

  private static List<UUID> ids(Instance one) {
    return one.contents().roles().stream().map(Role::id).toList();
  }
}
