package mooring.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import mooring.core.Instance;
import mooring.core.Observation.Condition;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.Recovery;
import mooring.core.Samples;
import mooring.core.Setup;
import org.junit.jupiter.api.Test;

/** When the worker makes a database that is recovered from another one's archive. */
class SourceArchiveTest extends WorkerBench {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Instant MOMENT = Instant.parse("2026-01-02T03:04:05Z");

  private final ScriptedLog log = new ScriptedLog();
  private Duration unreached = LONG;
  private Duration unarchived = LONG;
  private Instance source;

  @Override
  SourceArchive archive() {
    // The bench makes its worker before there is anything here.
    return log == null
        ? super.archive()
        : new SourceArchive(log, store.instances(), feed, unreached, unarchived);
  }

  @Test
  void aMomentIsRecoveredOnceTheArchiveReachesBeyondIt() {
    assertHeldUpUntil(3, () -> log.archived = true);
    assertThat(log.marks).hasValue(1);
    assertThat(log.password).isEqualTo(PASSWORD);
  }

  @Test
  void whatIsRestoredInPlaceIsAskedAsItStillServes() {
    log.archived = true;
    try (Worker patient = started()) {
      Instance wanted = snapshot(source).restoredFrom(moment(), MOMENT.plusSeconds(60));
      assertThat(wanted.clusterName()).isNotEqualTo(source.clusterName());
      Instance restoring = change(wanted, OperationKind.RESTORE, Duration.ofMinutes(1), null);
      await().until(() -> log.cluster != null);
      assertThat(log.cluster).isEqualTo(source.clusterName());
      assertThat(restoring.operation().kind()).isEqualTo(OperationKind.RESTORE);
      assertThat(patient.held()).isEqualTo(1);
    }
  }

  @Test
  void whatIsBeingUpgradedIsWaitedForWhileItIsOfTheVersionBefore() {
    platform.quiet = false;
    try (Worker patient = started()) {
      Instance wanted = snapshot(source).upgraded("17", MOMENT.plusSeconds(60));
      Instance upgrading = change(wanted, OperationKind.UPGRADE, Duration.ofMinutes(1), null);
      assertThat(upgrading.archiveName()).isNotEqualTo(source.archiveName());
      Instance copy = recovered();
      await().until(() -> log.questions.get() >= 2);
      assertThat(platform.applied(copy.id())).isFalse();
      log.archived = true;
      await().until(() -> platform.applied(copy.id()));
      assertThat(patient.held()).isEqualTo(2);
    }
  }

  @Test
  void aSourceWhoseClockIsBehindIsAskedAgain() {
    log.late = true;
    log.archived = true;
    assertHeldUpUntil(2, () -> log.late = false);
  }

  @Test
  void aSourceThatIsBackInTimeIsWaitedFor() {
    log.away = true;
    log.archived = true;
    assertHeldUpUntil(3, () -> log.away = false);
  }

  @Test
  void aSourceThatCannotBeAskedHoldsNothingUpForLong() {
    unreached = Duration.ofSeconds(1);
    log.away = true;
    assertRecoveredAsItIs();
    assertThat(log.questions.get()).isGreaterThan(1);
  }

  @Test
  void anOutageOfKubernetesUsesNoPatienceUp() {
    unreached = Duration.ZERO;
    log.withoutKubernetes = true;
    log.archived = true;
    assertHeldUpUntil(2, () -> log.withoutKubernetes = false);
    assertThat(log.marks).hasValue(1);
  }

  @Test
  void anArchiveThatStaysBehindHoldsNothingUpForLong() {
    unarchived = Duration.ofSeconds(1);
    assertRecoveredAsItIs();
    assertThat(log.marks).hasValue(1);
  }

  @Test
  void aStoppedSourceHasArchivedEverything() {
    try (Worker patient = started()) {
      feed.observed(Samples.seen(source.id(), platform.version(), Condition.STOPPED, Samples.GOOD));
      Instance copy = recovered();
      await().until(() -> platform.applied(copy.id()));
      assertThat(log.questions).hasValue(0);
      assertThat(patient.held()).isEqualTo(1);
    }
  }

  @Test
  void aBackupNeedsNoMoreThanItsOwnLog() {
    try (Worker patient = started()) {
      Instance copy = recovered(new Recovery(source.id(), source.objectName(), 7, "id", null));
      await().until(() -> platform.applied(copy.id()));
      assertThat(log.questions).hasValue(0);
      assertThat(patient.held()).isEqualTo(1);
    }
  }

  @Test
  void whatIsNotKnownAnyMoreIsNotWaitedFor() {
    try (Worker patient = started()) {
      Instance copy = recovered(new Recovery(UUID.randomUUID(), "db-gone", 7, null, MOMENT));
      await().until(() -> platform.applied(copy.id()));
      assertThat(log.questions).hasValue(0);
      assertThat(patient.held()).isEqualTo(1);
    }
  }

  @Test
  void theDeadlineEndsTheWaitToo() {
    try (Worker patient = started()) {
      Recovery recovery = moment();
      Instance copy = create("copy", Setup.NONE.recoveredFrom(recovery), Duration.ofSeconds(2));
      awaitOutcome(copy, Outcome.FAILED);
      assertThat(platform.applied(copy.id())).isFalse();
      await().until(() -> patient.held() == 0);
    }
  }

  /** It is not made while it is asked so often, and is once there is relief. */
  private void assertHeldUpUntil(int questions, Runnable relief) {
    try (Worker patient = started()) {
      Instance copy = recovered();
      await().until(() -> log.questions.get() >= questions);
      assertThat(platform.applied(copy.id())).isFalse();
      assertThat(patient.held()).isEqualTo(1);
      relief.run();
      await().until(() -> platform.applied(copy.id()));
    }
  }

  private void assertRecoveredAsItIs() {
    try (Worker patient = started()) {
      Instance copy = recovered();
      await().until(() -> platform.applied(copy.id()));
      assertThat(patient.held()).isEqualTo(1);
    }
  }

  /** A worker, and a database that is up. */
  private Worker started() {
    Worker started = worker("patient");
    started.start();
    source = create("source", Setup.NONE, Duration.ofMinutes(1));
    await().until(() -> snapshot(source).operation().platformVersion() != null);
    feed.observed(healthy(source, platform.version()));
    awaitOutcome(source, Outcome.SUCCEEDED);
    return started;
  }

  private Recovery moment() {
    return new Recovery(source.id(), source.objectName(), 7, null, MOMENT);
  }

  private Instance recovered() {
    return recovered(moment());
  }

  private Instance recovered(Recovery recovery) {
    return create("copy", Setup.NONE.recoveredFrom(recovery), Duration.ofMinutes(1));
  }
}
