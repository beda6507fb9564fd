package mooring.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import mooring.core.Observation.Condition;
import mooring.core.Operation.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReplicasTest {
  private static final Instance SOURCE = after(OperationKind.CREATE, Outcome.SUCCEEDED);

  @Test
  void aReplicaDependsOnItsSourceUntilItsPromotionHasSucceeded() {
    Instance replica = following(SOURCE);
    assertThat(replica.follows()).isTrue();
    assertThat(replica.isReplica()).isTrue();
    Instance promoted = replica.promoted(Samples.START);
    assertThat(promoted.follows()).isFalse();
    assertThat(promoted.promoted(Samples.START.plusSeconds(1))).isEqualTo(promoted);
    for (OperationKind kind : OperationKind.values()) {
      Instance now = with(after(kind, Outcome.FAILED), promoted.setup().lineage().replicaOf());
      assertThat(now.isReplica()).as("%s", kind).isTrue();
      if (kind == OperationKind.PROMOTE || kind == OperationKind.DELETE) {
        assertThatCode(() -> Replicas.requireOwn(now, kind)).doesNotThrowAnyException();
      } else {
        refused(() -> Replicas.requireOwn(now, kind), "is being promoted");
      }
      assertThat(now.detached().isReplica()).isFalse();
      assertThatCode(() -> Replicas.requireOwn(now.detached(), kind)).doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @EnumSource(OperationKind.class)
  void whatItHoldsIsItsSources(OperationKind kind) {
    Set<OperationKind> sources =
        EnumSet.of(
            OperationKind.RESET_PASSWORD,
            OperationKind.ADMINISTER,
            OperationKind.MIGRATE,
            OperationKind.UPGRADE,
            OperationKind.RESTORE);
    assertThatCode(() -> Replicas.requireOwn(SOURCE, kind)).doesNotThrowAnyException();
    if (sources.contains(kind)) {
      refused(() -> Replicas.requireOwn(following(SOURCE), kind), "done at its source, main");
    } else {
      assertThatCode(() -> Replicas.requireOwn(following(SOURCE), kind)).doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @EnumSource(OperationKind.class)
  void aSourceIsFollowedAsItIs(OperationKind kind) {
    Instance busy = after(kind, Outcome.RUNNING);
    Set<OperationKind> others =
        EnumSet.of(
            OperationKind.CREATE,
            OperationKind.DELETE,
            OperationKind.UPGRADE,
            OperationKind.RESTORE);
    if (others.contains(kind)) {
      refused(() -> Replicas.requireFollowable(busy, draft(busy, busy.spec())), "being changed");
    } else {
      assertThatCode(() -> Replicas.requireFollowable(busy, draft(busy, busy.spec())))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void aSourceIsUpAndNoReplicaAndHasNoMoreThanFits() {
    refused(
        () -> Replicas.requireFollowable(following(SOURCE), draft(SOURCE, SOURCE.spec())),
        "cannot be followed itself");
    refused(
        () -> Replicas.requireFollowable(SOURCE, draft(SOURCE, SOURCE.spec().withVersion("17"))),
        "being changed");
    InstanceSpec is = SOURCE.spec();
    InstanceSpec small =
        new InstanceSpec(
            is.engine(), is.version(), is.cpuMilli(), is.memoryMib(), 1024, 1, is.place());
    refused(() -> Replicas.requireFollowable(SOURCE, draft(SOURCE, small)), "being changed");
    refused(
        () ->
            Replicas.requireUp(
                SOURCE, Samples.seen(SOURCE.id(), 9, Condition.STOPPED, Observation.Facts.NONE)),
        "must be running");
    assertThatCode(
            () ->
                Replicas.requireUp(
                    SOURCE, Samples.seen(SOURCE.id(), 9, Condition.HEALTHY, Samples.GOOD)))
        .doesNotThrowAnyException();
  }

  private static void refused(Runnable check, String message) {
    assertThatThrownBy(check::run)
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> {
              assertThat(e.problem()).isInstanceOf(Problem.Conflict.class);
              assertThat(e.problem().message()).contains(message);
            });
  }

  private static Instance after(OperationKind kind, Outcome outcome) {
    return Samples.instance(Desired.RUNNING, Samples.operation(kind, outcome, 7L));
  }

  private static Instance following(Instance source) {
    return with(after(OperationKind.CREATE, Outcome.SUCCEEDED), ReplicaOf.of(source));
  }

  private static Instance with(Instance one, ReplicaOf origin) {
    return one.wanted(one.spec(), one.desired(), one.setup().replicaOf(origin), one.attributes());
  }

  private static Draft draft(Instance source, InstanceSpec spec) {
    return new Draft(
        source.tenant(),
        Api.EXOSCALE,
        "copy",
        "copy",
        spec,
        new Credentials("app_user", "a-secret", "main_postgres"),
        Setup.NONE.replicaOf(ReplicaOf.of(source)),
        Uniqueness.HANDLE,
        Map.of(),
        Duration.ofMinutes(1),
        null,
        null);
  }
}
