package mooring.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import mooring.core.Administered;
import mooring.core.Api;
import mooring.core.Contents;
import mooring.core.Credentials;
import mooring.core.Draft;
import mooring.core.Instance;
import mooring.core.InstanceState;
import mooring.core.LogicalDatabase;
import mooring.core.Operation;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.Recovery;
import mooring.core.Role;
import mooring.core.Samples;
import mooring.core.Setup;
import mooring.core.Stage;
import mooring.core.Uniqueness;
import org.junit.jupiter.api.Test;

/** Operations on the roles and logical databases within a database. */
class AdministrationTest extends WorkerBench {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Administered UNDER_WAY = new Administered(false, 1, null);
  private static final String REFUSAL = "the role owns a table";

  private static Role role() {
    Instant now = Instant.parse("2026-01-02T03:04:05Z");
    return new Role(UUID.randomUUID(), "reporting", Stage.MAKING, now, now);
  }

  private Instance administer(Instance known, Contents contents, Duration deadline, String secret) {
    return change(snapshot(known).containing(contents), OperationKind.ADMINISTER, deadline, secret);
  }

  /** A database that is up and has a role. */
  private Instance withRole(Role role) {
    Instance database = running();
    Instance unused = administer(database, Contents.NONE.with(role), LONG, "role-secret");
    awaitOutcome(database, Outcome.SUCCEEDED);
    return snapshot(database);
  }

  @Test
  void itIsDoneWhenThePlatformSaysSo() {
    Instance database = running();
    platform.within(UNDER_WAY);
    Role role = role();
    Instance unused = administer(database, Contents.NONE.with(role), LONG, "role-secret");
    await().until(() -> platform.administers() > 1);
    assertThat(platform.rolePasswords()).isEqualTo(Map.of(role.id(), "role-secret"));
    assertThat(state(database)).isEqualTo(InstanceState.UPDATING);

    platform.within(new Administered(true, 2, null));

    awaitOutcome(database, Outcome.SUCCEEDED);
    assertThat(snapshot(database).contents().roles()).containsExactly(role.at(Stage.THERE));
    assertThat(state(database)).isEqualTo(InstanceState.RUNNING);
    // Whoever has not seen the servers yet is behind, as after their creation.
    assertThat(snapshot(database).operation().platformVersion()).isPositive();
    assertThat(platform.takenBack()).isNull();
  }

  @Test
  void aRefusedRemovalIsTakenBackAtOnce() {
    Role role = role();
    Instance database = withRole(role);
    platform.within(new Administered(false, 5, "of an earlier try"));
    int before = platform.administers();
    Instance unused = administer(database, Contents.NONE.with(role.at(Stage.REMOVING)), LONG, null);
    await().until(() -> platform.administers() > before + 1);
    assertThat(snapshot(database).operation().running()).isTrue();

    platform.within(new Administered(false, 6, REFUSAL));

    awaitOutcome(database, Outcome.FAILED);
    assertThat(snapshot(database).operation().reason()).isEqualTo(REFUSAL);
    assertThat(snapshot(database).operation().cause()).isEqualTo(Operation.Cause.SERVERS);
    assertThat(platform.takenBack().removing()).isTrue();
    assertThat(snapshot(database).contents().roles()).containsExactly(role.at(Stage.THERE));
    assertThat(state(database)).isEqualTo(InstanceState.RUNNING);
    assertThat(store.instances().rolePasswords(snapshot(database)).blockingGet())
        .isEqualTo(Map.of(role.id(), "role-secret"));
  }

  @Test
  void whatCannotBeMadeInTimeIsTakenBackWithTheReason() {
    Instance database = running();
    platform.within(UNDER_WAY);
    Contents asked =
        Contents.NONE.with(
            new LogicalDatabase(
                UUID.randomUUID(), "orders", "app_user", Stage.MAKING, Instant.EPOCH));
    Instance unused = administer(database, asked, LONG, null);
    await().until(() -> platform.administers() > 0);
    platform.within(new Administered(false, 2, "no space left"));
    awaitLook();
    records.lapse(database.id());

    awaitOutcome(database, Outcome.FAILED);

    assertThat(snapshot(database).operation().reason()).endsWith("no space left");
    assertThat(snapshot(database).operation().cause()).isEqualTo(Operation.Cause.DEADLINE);
    assertThat(platform.takenBack()).isEqualTo(asked);
    assertThat(snapshot(database).contents()).isEqualTo(Contents.NONE);
  }

  @Test
  void aLocaleThatIsNotThereIsTakenBackAtOnce() {
    Instance database = running();
    platform.within(UNDER_WAY);
    LogicalDatabase asked =
        new LogicalDatabase(
            UUID.randomUUID(),
            "orders",
            "app_user",
            new LogicalDatabase.Locale("xx_YY", null),
            Stage.MAKING,
            Instant.EPOCH);
    Instance unused = administer(database, Contents.NONE.with(asked), LONG, null);
    await().until(() -> platform.administers() > 0);
    platform.within(new Administered(false, 2, "invalid LC_COLLATE locale name: \"xx_YY\""));

    awaitOutcome(database, Outcome.FAILED);

    assertThat(snapshot(database).operation().reason()).contains("xx_YY");
    assertThat(snapshot(database).contents()).isEqualTo(Contents.NONE);
  }

  @Test
  void aChangedPasswordIsTheNewOneOrTheOldOne() {
    Role role = role();
    Instance database = withRole(role);
    Contents changing = Contents.NONE.with(role.at(Stage.CHANGING));
    platform.within(UNDER_WAY);
    Instance unused = administer(database, changing, LONG, "new-secret");
    await().until(() -> platform.rolePasswords().containsValue("new-secret"));
    records.lapse(database.id());
    awaitOutcome(database, Outcome.FAILED);
    assertThat(platform.rolePasswords()).isEqualTo(Map.of(role.id(), "role-secret"));

    platform.within(new Administered(true, 2, null));
    Instance again = administer(database, changing, LONG, "new-secret");
    awaitOutcome(database, Outcome.SUCCEEDED);
    assertThat(platform.rolePasswords()).isEqualTo(Map.of(role.id(), "new-secret"));
    assertThat(store.instances().rolePasswords(snapshot(again)).blockingGet())
        .isEqualTo(Map.of(role.id(), "new-secret"));
  }

  @Test
  void whatADeletionHasInterruptedIsListedWhenItFails() {
    Role role = role();
    Instance database = withRole(role);
    platform.within(UNDER_WAY);
    Instance unused =
        administer(database, Contents.NONE.with(role.at(Stage.CHANGING)), LONG, "new-secret");
    platform.bringBack(database.id(), 1_000);
    delete(snapshot(database), Duration.ofSeconds(1));

    awaitOutcome(database, Outcome.FAILED);

    assertThat(snapshot(database).operation().kind()).isEqualTo(OperationKind.DELETE);
    assertThat(snapshot(database).contents().roles()).containsExactly(role.at(Stage.THERE));
    assertThat(store.instances().rolePasswords(snapshot(database)).blockingGet())
        .isEqualTo(Map.of(role.id(), "role-secret"));
  }

  @Test
  void aCopyHasTheRolesOfItsSourceWithTheirPasswords() {
    Role role = role();
    Instance copy = copy(withRole(role), LONG);
    Role taken = copy.contents().role("reporting").orElseThrow();
    assertThat(taken.id()).isNotEqualTo(role.id());
    await().until(() -> platform.rolePasswords().containsKey(taken.id()));
    assertThat(platform.rolePasswords()).isEqualTo(Map.of(taken.id(), "role-secret"));
  }

  @Test
  void aCopyIsDoneWhenAllWithinIsThere() {
    Instance source = withRole(role());
    platform.within(UNDER_WAY);
    Instance copy = copy(source, LONG);
    await().until(() -> snapshot(copy).operation().platformVersion() != null);
    int asked = platform.administers();
    feed.observed(healthy(copy, platform.version()));
    await().until(() -> platform.administers() > asked + 1);
    assertThat(snapshot(copy).operation().running()).isTrue();

    platform.within(new Administered(true, 2, null));

    awaitOutcome(copy, Outcome.SUCCEEDED);
    assertThat(state(copy)).isEqualTo(InstanceState.RUNNING);
  }

  @Test
  void aCopyThatNeverHasAllWithinFailsWithTheReason() {
    Instance source = withRole(role());
    platform.within(UNDER_WAY);
    Instance copy = copy(source, LONG);
    await().until(() -> snapshot(copy).operation().platformVersion() != null);
    feed.observed(healthy(copy, platform.version()));
    int asked = platform.administers();
    await().until(() -> platform.administers() > asked);
    platform.within(new Administered(false, 2, "no space left"));
    awaitLook();
    records.lapse(copy.id());

    awaitOutcome(copy, Outcome.FAILED);

    assertThat(snapshot(copy).operation().reason()).endsWith("no space left");
    assertThat(snapshot(copy).operation().cause()).isEqualTo(Operation.Cause.DEADLINE);
  }

  @Test
  void aCopyWhoseServersGoOnRefusingEndsBeforeItsDeadline() {
    Instance source = withRole(role());
    platform.within(new Administered(false, 1, "no space left"));
    worker.close();
    Instance copy = copy(source, Duration.ofHours(6));
    try (Worker hasty = hasty("hasty")) {
      hasty.start();
      await().until(() -> snapshot(copy).operation().platformVersion() != null);
      feed.observed(healthy(copy, platform.version()));
      awaitOutcome(copy, Outcome.FAILED);
    }

    assertThat(snapshot(copy).operation().reason()).isEqualTo("no space left");
    assertThat(snapshot(copy).operation().cause()).isEqualTo(Operation.Cause.SERVERS);
  }

  /** Until what is said now was heard. */
  private void awaitLook() {
    int asked = platform.administers();
    await().until(() -> platform.administers() > asked + 1);
  }

  private Instance copy(Instance source, Duration deadline) {
    Recovery everything = new Recovery(source.id(), source.objectName(), 0, null, null);
    Draft draft =
        new Draft(
            tenant,
            Api.UNCLOUD,
            "copy",
            "copy",
            Samples.SPEC,
            new Credentials("app_user", PASSWORD, "main"),
            Setup.NONE.recoveredFrom(everything),
            Uniqueness.HANDLE,
            Map.of(),
            deadline,
            TOKEN,
            null);
    Instance copy = store.instances().create(draft, Set.of()).blockingGet();
    feed.publish(copy);
    return copy;
  }
}
