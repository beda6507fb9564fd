package mooring.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import mooring.core.Observation.Condition;
import mooring.core.Observation.Facts;
import mooring.core.Operation.Outcome;
import mooring.core.SeenPool.Doing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every wanted state, latest operation and observation, together. */
class LifecycleTest {
  private static final long APPLIED = 10;
  private static final Address ADDRESS = Samples.ADDRESS;
  private static final Facts NOT_READY =
      new Facts("16", 0, 1, 2000, 4096, 51_200, true, ADDRESS, 0);
  private static final Facts OTHER_VERSION =
      new Facts("15", 1, 1, 2000, 4096, 51_200, true, ADDRESS, 0);
  private static final Facts NO_ADDRESS =
      new Facts("16", 1, 1, 2000, 4096, 51_200, false, ADDRESS, 0);
  private static final Facts SMALL = new Facts("16", 1, 1, 1000, 2048, 51_200, true, ADDRESS, 0);

  private static final Facts NEW_PASSWORD =
      new Facts("16", 1, 1, 2000, 4096, 51_200, true, ADDRESS, APPLIED);

  private record Case(Instance instance, Observation seen) {}

  @Test
  void everyCaseHasAStateAndAReasonExactlyWhenFailed() {
    everyCase(
        one -> {
          Status status = Lifecycle.status(one.instance(), one.seen());
          assertThat(status.state()).as("%s", one).isNotNull();
          assertThat(status.before()).as("%s", one).isNotNull();
          assertThat(status.reason() != null)
              .as("%s", one)
              .isEqualTo(status.state() == InstanceState.FAILED);
          assertThat(status.state() == InstanceState.DELETED)
              .as("%s", one)
              .isEqualTo(one.instance().deleted());
        });
  }

  @Test
  void aRunningOperationIsShownWhateverIsSeen() {
    everyCase(
        one -> {
          Operation latest = one.instance().operation();
          InstanceState state = Lifecycle.status(one.instance(), one.seen()).state();
          if (!latest.running()) {
            return;
          }
          boolean untouched =
              latest.kind() == OperationKind.CREATE
                  && latest.platformVersion() == null
                  && one.seen().condition() == Condition.ABSENT;
          assertThat(state)
              .as("%s", one)
              .isEqualTo(untouched ? InstanceState.PENDING : latest.kind().underWay());
        });
  }

  @Test
  void runningIsBelievedOnlyWhenTheFactsAgree() {
    everyCase(
        one -> {
          InstanceState state = Lifecycle.status(one.instance(), one.seen()).state();
          Operation latest = one.instance().operation();
          boolean notYetSeen =
              latest.platformVersion() != null && one.seen().version() < latest.platformVersion();
          if (state == InstanceState.RUNNING
              && !(latest.outcome() == Outcome.SUCCEEDED && notYetSeen)) {
            assertThat(one.seen().condition()).as("%s", one).isEqualTo(Condition.HEALTHY);
            assertThat(one.seen().facts()).as("%s", one).isIn(Samples.GOOD, NEW_PASSWORD);
            assertThat(one.instance().desired()).as("%s", one).isEqualTo(Desired.RUNNING);
          }
        });
  }

  @Test
  void anOperationIsReachedOnlyByWhatWasSeenAfterItsApply() {
    everyCase(
        one -> {
          Operation latest = one.instance().operation();
          boolean reached = Lifecycle.reached(one.instance(), one.seen());
          if (latest.kind() == OperationKind.DELETE) {
            assertThat(reached).isEqualTo(one.seen().condition() == Condition.ABSENT);
          } else if (latest.kind() == OperationKind.RESET_PASSWORD) {
            assertThat(reached)
                .as("%s", one)
                .isEqualTo(
                    latest.platformVersion() != null
                        && one.seen().facts().passwordVersion() >= latest.platformVersion());
          } else if (reached) {
            assertThat(latest.platformVersion()).isNotNull();
            assertThat(one.seen().objectVersion()).isGreaterThanOrEqualTo(latest.platformVersion());
          }
        });
  }

  /** Right after the apply the server that was up still looks healthy. */
  @ParameterizedTest
  @CsvSource({
    "CREATE,RUNNING,true",
    "UPDATE,RUNNING,true",
    "START,RUNNING,false",
    "RESTART,RUNNING,false",
    "RESIZE,RUNNING,false",
    "PROMOTE,RUNNING,false",
    "RESIZE,STOPPED,true",
    "STOP,STOPPED,true"
  })
  void someAreReachedOnlyByWhatCameAfterTheApply(OperationKind kind, Desired desired, boolean at) {
    Instance instance =
        Samples.instance(desired, Samples.operation(kind, Outcome.RUNNING, APPLIED));
    Condition goal = desired == Desired.RUNNING ? Condition.HEALTHY : Condition.STOPPED;
    assertThat(reached(instance, APPLIED - 1, goal)).isFalse();
    assertThat(reached(instance, APPLIED, goal)).isEqualTo(at);
    assertThat(reached(instance, APPLIED + 1, goal)).isTrue();
    assertThat(reached(instance, APPLIED + 1, Condition.ROLLING)).isFalse();
  }

  private static boolean reached(Instance instance, long version, Condition condition) {
    return Lifecycle.reached(
        instance, Samples.seen(instance.id(), version, condition, Samples.GOOD));
  }

  @Test
  void whatWasAppliedBeforeNeedsNoFurtherChange() {
    Applied first = new Applied(20, true, 7);
    Applied again = new Applied(25, false, 7);
    assertThat(first.version(OperationKind.RESTART)).isEqualTo(20);
    assertThat(again.version(OperationKind.RESTART)).isEqualTo(24);
    assertThat(again.version(OperationKind.STOP)).isEqualTo(25);
    assertThat(again.version(OperationKind.RESET_PASSWORD)).isEqualTo(7);
  }

  @Test
  void aFailedResetLeavesTheStateAsItWas() {
    Instance instance =
        Samples.instance(
            Desired.RUNNING,
            Samples.operation(OperationKind.RESET_PASSWORD, Outcome.FAILED, APPLIED));
    Observation degraded = Samples.seen(instance.id(), APPLIED, Condition.HEALTHY, NOT_READY);
    assertThat(Lifecycle.status(instance, degraded).state()).isEqualTo(InstanceState.DEGRADED);
    assertThat(Lifecycle.accepts(instance, degraded, OperationKind.RESTART)).isTrue();
  }

  @Test
  void deleteIsLegalEverywhereAndNothingElseBesideARunningOperation() {
    everyCase(
        one -> {
          Operation latest = one.instance().operation();
          boolean under = latest.running() && latest.kind() == OperationKind.DELETE;
          assertThat(Lifecycle.accepts(one.instance(), one.seen(), OperationKind.DELETE))
              .as("%s", one)
              .isEqualTo(!one.instance().deleted() && !under);
          for (OperationKind command : OperationKind.values()) {
            boolean stop =
                command == OperationKind.STOP_MIGRATION && latest.kind() == OperationKind.MIGRATE;
            if (command != OperationKind.DELETE && latest.running()) {
              assertThat(Lifecycle.accepts(one.instance(), one.seen(), command)).isEqualTo(stop);
            }
          }
        });
  }

  @Test
  void aFailedOperationCanBeTriedAgain() {
    // Data are imported into what runs only.
    Set<OperationKind> unrepeated = EnumSet.of(OperationKind.CREATE, OperationKind.MIGRATE);
    for (OperationKind kind : OperationKind.values()) {
      Instance instance =
          Samples.instance(Desired.RUNNING, Samples.operation(kind, Outcome.FAILED, APPLIED));
      Observation seen = Samples.seen(instance.id(), APPLIED, Condition.BROKEN, NOT_READY);
      assertThat(Lifecycle.status(instance, seen).state()).isEqualTo(InstanceState.FAILED);
      assertThat(Lifecycle.accepts(instance, seen, kind))
          .as("%s", kind)
          .isEqualTo(!unrepeated.contains(kind));
    }
  }

  /** Rows: the state; columns: what is legal in it, besides a delete. */
  @Test
  void commandsPerState() {
    Map<InstanceState, Set<OperationKind>> legal =
        Map.of(
            InstanceState.RUNNING,
            EnumSet.of(
                OperationKind.STOP,
                OperationKind.RESTART,
                OperationKind.RESIZE,
                OperationKind.UPDATE,
                OperationKind.RESET_PASSWORD,
                OperationKind.ADMINISTER,
                OperationKind.MIGRATE,
                OperationKind.UPGRADE,
                OperationKind.PROMOTE,
                OperationKind.RESTORE),
            InstanceState.DEGRADED,
            EnumSet.of(
                OperationKind.STOP,
                OperationKind.RESTART,
                OperationKind.RESIZE,
                OperationKind.UPDATE,
                OperationKind.RESET_PASSWORD,
                OperationKind.ADMINISTER,
                OperationKind.UPGRADE,
                OperationKind.PROMOTE,
                OperationKind.RESTORE),
            InstanceState.STOPPED,
            EnumSet.of(OperationKind.START, OperationKind.RESIZE),
            InstanceState.FAILED,
            EnumSet.of(OperationKind.RESTORE),
            InstanceState.STOPPING,
            EnumSet.noneOf(OperationKind.class));
    everyCase(
        one -> {
          Operation latest = one.instance().operation();
          if (latest.outcome() != Outcome.SUCCEEDED || one.instance().deleted()) {
            return;
          }
          InstanceState state = Lifecycle.status(one.instance(), one.seen()).state();
          Set<OperationKind> now = EnumSet.noneOf(OperationKind.class);
          now.addAll(legal.getOrDefault(state, Set.of()));
          if (state == InstanceState.FAILED && one.seen().condition() == Condition.REFUSED) {
            // What the servers refuse by now can be given up.
            now.addAll(Set.of(OperationKind.UPDATE, OperationKind.RESIZE, OperationKind.RESTART));
          }
          for (OperationKind command : OperationKind.values()) {
            if (command != OperationKind.DELETE) {
              assertThat(Lifecycle.accepts(one.instance(), one.seen(), command))
                  .as("%s in %s", command, one)
                  .isEqualTo(now.contains(command));
            }
          }
        });
  }

  @ParameterizedTest
  @CsvSource({
    "ABSENT,FAILED,FAILED",
    "SETTING_UP,DEGRADED,DEGRADED",
    "SCALING,DEGRADED,DEGRADED",
    "HEALTHY,RUNNING,DEGRADED",
    "ROLLING,DEGRADED,DEGRADED",
    "RESTARTING,DEGRADED,DEGRADED",
    "CONFIGURING,DEGRADED,DEGRADED",
    "UPGRADING_MAJOR,DEGRADED,DEGRADED",
    "FAILING_OVER,DEGRADED,DEGRADED",
    "FAULTY,DEGRADED,DEGRADED",
    "STOPPING,STOPPING,STOPPING",
    "STOPPED,DEGRADED,STOPPED",
    "BROKEN,FAILED,FAILED",
    "REFUSED,FAILED,FAILED",
    "DELETING,DELETING,DELETING"
  })
  void factsAloneAfterASuccess(Condition condition, InstanceState whenUp, InstanceState whenDown) {
    for (Desired desired : Desired.values()) {
      Instance instance =
          Samples.instance(
              desired, Samples.operation(OperationKind.UPDATE, Outcome.SUCCEEDED, APPLIED));
      Observation seen = Samples.seen(instance.id(), APPLIED, condition, Samples.GOOD);
      assertThat(Lifecycle.status(instance, seen).state())
          .isEqualTo(desired == Desired.RUNNING ? whenUp : whenDown);
    }
  }

  @ParameterizedTest
  @EnumSource(Condition.class)
  void aReplicaThatIsBehindBelievesTheOutcome(Condition condition) {
    Instance instance =
        Samples.instance(
            Desired.RUNNING, Samples.operation(OperationKind.CREATE, Outcome.SUCCEEDED, APPLIED));
    Observation old = Samples.seen(instance.id(), APPLIED - 1, condition, NOT_READY);
    assertThat(Lifecycle.status(instance, old).state()).isEqualTo(InstanceState.RUNNING);
  }

  /** More memory, another try or a rest may be what it needs. */
  @Test
  void aFaultOutsideAnOperationTakesCommands() {
    Instance instance =
        Samples.instance(
            Desired.RUNNING, Samples.operation(OperationKind.CREATE, Outcome.SUCCEEDED, APPLIED));
    Observation seen = faulty(instance);
    assertThat(Lifecycle.status(instance, seen))
        .isEqualTo(new Status(InstanceState.DEGRADED, InstanceState.DEGRADED, false, null));
    assertThat(List.of(OperationKind.RESIZE, OperationKind.RESTART, OperationKind.STOP))
        .allMatch(command -> Lifecycle.accepts(instance, seen, command));
  }

  @Test
  void aFaultThatOutlastedAnOperationIsItsFailureUntilItHeals() {
    Instance instance =
        Samples.instance(
            Desired.RUNNING, Samples.operation(OperationKind.RESTART, Outcome.FAILED, APPLIED));
    Status failed = Lifecycle.status(instance, faulty(instance));
    assertThat(failed.state()).isEqualTo(InstanceState.FAILED);
    assertThat(failed.reason()).isEqualTo("CrashLoopBackOff: back-off 40s");
    Observation healed = Samples.seen(instance.id(), 99, Condition.HEALTHY, Samples.GOOD);
    assertThat(Lifecycle.status(instance, healed).state()).isEqualTo(InstanceState.RUNNING);
  }

  @Test
  void aPoolerIsWaitedForUnlessItCannotRun() {
    Instance asked =
        Samples.instance(
            Desired.RUNNING, Samples.operation(OperationKind.UPDATE, Outcome.RUNNING, APPLIED));
    Instance instance = pooled(asked);
    assertThat(Lifecycle.reached(instance, pooler(instance, null, false))).isFalse();
    assertThat(Lifecycle.reached(instance, pooler(instance, PoolMode.TRANSACTION, false)))
        .isFalse();
    assertThat(Lifecycle.reached(instance, pooler(instance, PoolMode.SESSION, false))).isTrue();
    assertThat(Lifecycle.reached(instance, pooler(instance, null, true))).isTrue();

    Instance ended =
        pooled(
            Samples.instance(
                Desired.RUNNING,
                Samples.operation(OperationKind.UPDATE, Outcome.SUCCEEDED, APPLIED)));
    assertThat(Lifecycle.status(ended, pooler(ended, null, true)).state())
        .isEqualTo(InstanceState.DEGRADED);
  }

  @Test
  void aConnectionPoolIsWaitedForUntilItRunsOrHasGone() {
    Instance asked =
        Samples.instance(
            Desired.RUNNING, Samples.operation(OperationKind.UPDATE, Outcome.RUNNING, APPLIED));
    ConnectionPool pool =
        new ConnectionPool(3, "web", "main_postgres", "app_user", PoolMode.SESSION, 5);
    Instance with = with(asked, pool);
    assertThat(Lifecycle.reached(with, pools(with, Set.of()))).isFalse();
    assertThat(Lifecycle.reached(with, pools(with, Set.of(seen(with, Doing.STARTING))))).isFalse();
    assertThat(Lifecycle.reached(with, pools(with, Set.of(seen(with, Doing.RUNNING))))).isTrue();
    SeenPool running = seen(with, Doing.RUNNING);
    assertThat(Lifecycle.reached(asked, pools(asked, Set.of(running)))).isFalse();
    assertThat(Lifecycle.reached(asked, pools(asked, Set.of()))).isTrue();

    Instance changed =
        with(
            asked,
            new ConnectionPool(3, "web", "main_postgres", "app_user", PoolMode.TRANSACTION, 5));
    assertThat(Lifecycle.reached(changed, pools(changed, Set.of(running))))
        .as("it runs as it was asked to before")
        .isFalse();
  }

  @Test
  void aPoolThatCannotRunEndsItsOwnChangeAndHoldsUpNoOther() {
    ConnectionPool pool =
        new ConnectionPool(3, "web", "main_postgres", "app_user", PoolMode.SESSION, 5);
    Instance update = with(latest(OperationKind.UPDATE, Outcome.RUNNING), pool);
    Observation mine = pools(update, Set.of(seen(update, Doing.FAILED)));
    assertThat(Lifecycle.reached(update, mine)).isFalse();
    assertThat(Lifecycle.hopeless(update, mine)).isTrue();
    assertThat(Lifecycle.hopeless(update, pools(update, Set.of(seen(update, Doing.FAULTY)))))
        .as("it may come up yet")
        .isFalse();
    SeenPool older = new SeenPool(3, seen(update, Doing.FAILED).settings(), null, Doing.FAILED);
    assertThat(Lifecycle.hopeless(update, pools(update, Set.of(older)))).isFalse();
    assertThat(Lifecycle.reached(update, pools(update, Set.of(older)))).isTrue();

    for (OperationKind kind : List.of(OperationKind.RESTORE, OperationKind.RESIZE)) {
      Instance other = with(latest(kind, Outcome.RUNNING), pool);
      for (Doing down : List.of(Doing.FAILED, Doing.FAULTY)) {
        Observation seen = pools(other, Set.of(seen(other, down)));
        assertThat(Lifecycle.reached(other, seen)).isTrue();
        assertThat(Lifecycle.hopeless(other, seen)).isFalse();
      }
    }

    Instance ended = with(latest(OperationKind.UPDATE, Outcome.FAILED), pool);
    Observation still = pools(ended, Set.of(seen(ended, Doing.FAILED)));
    assertThat(Lifecycle.status(ended, still).state()).isEqualTo(InstanceState.DEGRADED);
    assertThat(Lifecycle.accepts(ended, still, OperationKind.ADMINISTER)).isTrue();
    assertThat(Lifecycle.accepts(ended, still, OperationKind.STOP)).isTrue();
  }

  private static Instance latest(OperationKind kind, Outcome outcome) {
    return Samples.instance(Desired.RUNNING, Samples.operation(kind, outcome, APPLIED));
  }

  private static Instance with(Instance one, ConnectionPool pool) {
    Setup setup = Setup.NONE.withPools(Pools.NONE.with(pool));
    return one.wanted(one.spec(), one.desired(), setup, one.attributes());
  }

  /** The database's only pool, as its operation has asked for it. */
  private static SeenPool seen(Instance one, Doing doing) {
    Pools pools = one.setup().pools();
    ConnectionPool pool = pools.all().get(0);
    return new SeenPool(pool.number(), pools.digest(pool), one.operation().id(), doing);
  }

  private static Observation pools(Instance instance, Set<SeenPool> pools) {
    Facts facts =
        new Facts("16", 1, 1, 2000, 4096, 51_200, true, ADDRESS, 0, 1, null, false, pools);
    return new Observation(instance.id(), 99, 99, Condition.HEALTHY, null, facts);
  }

  private static Instance pooled(Instance one) {
    return one.wanted(
        one.spec(), one.desired(), one.setup().withPooler(PoolMode.SESSION), one.attributes());
  }

  private static Observation pooler(Instance instance, PoolMode running, boolean failed) {
    Facts facts = new Facts("16", 1, 1, 2000, 4096, 51_200, true, ADDRESS, 0, 1, running, failed);
    return new Observation(instance.id(), 99, 99, Condition.HEALTHY, null, facts);
  }

  private static Observation faulty(Instance instance) {
    Facts facts = new Facts("16", 0, 1, 2000, 4096, 51_200, false, ADDRESS, 0);
    return new Observation(
        instance.id(), 99, 99, Condition.FAULTY, "CrashLoopBackOff: back-off 40s", facts);
  }

  @Test
  void whileDeletingTheStateAtAcceptanceIsKept() {
    Instance instance =
        Samples.instance(
            Desired.RUNNING, Samples.operation(OperationKind.DELETE, Outcome.RUNNING, null));
    Status status = Lifecycle.status(instance, Observation.absent(instance.id(), APPLIED));
    assertThat(status.state()).isEqualTo(InstanceState.DELETING);
    assertThat(status.before()).isEqualTo(InstanceState.RUNNING);
  }

  /** Only what was seen since the apply speaks of what is asked for now. */
  @ParameterizedTest
  @CsvSource({
    "CREATE,true",
    "UPDATE,true",
    "RESTART,true",
    "RESIZE,true",
    "START,false",
    "RESET_PASSWORD,false",
    "ADMINISTER,false"
  })
  void whatThePlatformRefusesIsHopelessAndNeverReached(OperationKind kind, boolean hopeless) {
    Instance instance =
        Samples.instance(Desired.RUNNING, Samples.operation(kind, Outcome.RUNNING, APPLIED));
    Observation before = Samples.seen(instance.id(), APPLIED - 1, Condition.REFUSED, Samples.GOOD);
    Observation seen = Samples.seen(instance.id(), APPLIED + 1, Condition.REFUSED, Samples.GOOD);
    assertThat(Lifecycle.hopeless(instance, before)).isFalse();
    assertThat(Lifecycle.hopeless(instance, seen)).isEqualTo(hopeless);
    assertThat(Lifecycle.reached(instance, seen)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"ABSENT,0,true", "ABSENT,1,true", "ABSENT,-1,false", "STOPPED,1,false"})
  void whatWasAppliedAndIsGoneHasVanished(Condition condition, long later, boolean vanished) {
    Instance instance = latest(OperationKind.UPDATE, Outcome.RUNNING);
    Observation seen = Samples.seen(instance.id(), APPLIED + later, condition, Samples.GOOD);
    assertThat(Lifecycle.vanished(instance, seen)).isEqualTo(vanished);
    Instance unapplied =
        Samples.instance(
            Desired.RUNNING, Samples.operation(OperationKind.UPDATE, Outcome.RUNNING, null));
    assertThat(Lifecycle.vanished(unapplied, seen)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "UPDATE,UPDATE,true",
    "RESIZE,UPDATE,true",
    "RESTART,UPDATE,true",
    "UPDATE,RESTART,true",
    "RESTORE,UPDATE,true",
    "START,RESIZE,true",
    "UPDATE,RESET_PASSWORD,false",
    "CREATE,UPDATE,false"
  })
  void aRefusedChangeCanBeTakenBack(OperationKind refused, OperationKind next, boolean accepted) {
    Instance instance =
        Samples.instance(Desired.RUNNING, Samples.operation(refused, Outcome.FAILED, APPLIED));
    Observation seen = Samples.seen(instance.id(), APPLIED + 1, Condition.REFUSED, Samples.GOOD);
    assertThat(Lifecycle.status(instance, seen).serving()).isTrue();
    assertThat(Lifecycle.accepts(instance, seen, next)).isEqualTo(accepted);
    Observation broken = Samples.seen(instance.id(), APPLIED + 1, Condition.BROKEN, Samples.GOOD);
    assertThat(Lifecycle.accepts(instance, broken, next)).isEqualTo(accepted && refused == next);
  }

  @Test
  void aLateSuccessHealsAFailedCreate() {
    Instance instance =
        Samples.instance(
            Desired.RUNNING, Samples.operation(OperationKind.CREATE, Outcome.FAILED, APPLIED));
    Observation late = Samples.seen(instance.id(), 99, Condition.HEALTHY, Samples.GOOD);
    assertThat(Lifecycle.status(instance, late).state()).isEqualTo(InstanceState.RUNNING);
  }

  private static void everyCase(Consumer<Case> check) {
    List<Case> all = everyCase();
    assertThat(all).hasSizeGreaterThan(5_000);
    all.forEach(check);
  }

  private static List<Case> everyCase() {
    List<Case> cases = new ArrayList<>();
    List<Facts> facts =
        List.of(
            Samples.GOOD, NEW_PASSWORD, NOT_READY, OTHER_VERSION, NO_ADDRESS, SMALL, Facts.NONE);
    for (Desired desired : Desired.values()) {
      for (OperationKind kind : OperationKind.values()) {
        for (Outcome outcome : Outcome.values()) {
          for (Long applied : new Long[] {null, APPLIED}) {
            Instance instance =
                Samples.instance(desired, Samples.operation(kind, outcome, applied));
            for (Condition condition : Condition.values()) {
              for (Facts fact : facts) {
                for (long version : new long[] {APPLIED - 1, APPLIED, APPLIED + 1}) {
                  cases.add(
                      new Case(instance, Samples.seen(instance.id(), version, condition, fact)));
                }
              }
            }
          }
        }
      }
    }
    return cases;
  }
}
