package mooring.store;

import static java.util.concurrent.TimeUnit.SECONDS;
import static mooring.store.StoreFixture.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import mooring.core.Change;
import mooring.core.Instance;
import mooring.core.InstanceState;
import mooring.core.LeaseLostException;
import mooring.core.Operation;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PasswordResetTest {
  private static final String NEW = "N3w-password-of-the-reset";
  private static final Duration LEASE = Duration.ofMinutes(1);

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
  void aSuccessPutsTheNewOneInPlace() {
    Instance reset = reset("success", LEASE);
    assertThat(established(reset)).isEqualTo(StoreFixture.PASSWORD);
    assertThat(wanted(reset)).isEqualTo(NEW);

    Instance ended = end(reset, Outcome.SUCCEEDED);

    assertThat(ended.operation().outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(established(ended)).isEqualTo(NEW);
    assertThat(wanted(ended)).isEqualTo(NEW);
    assertThat(pending(ended)).isFalse();
  }

  @Test
  void aFailureForgetsTheNewOne() {
    Instance ended = end(reset("failure", LEASE), Outcome.FAILED);

    assertThat(established(ended)).isEqualTo(StoreFixture.PASSWORD);
    assertThat(wanted(ended)).isEqualTo(StoreFixture.PASSWORD);
    assertThat(pending(ended)).isFalse();
  }

  @Test
  void afterItsDeadlineTheOldOneIsWantedAndOnlyAFailureEndsIt() {
    Instance reset = reset("late", Duration.ofMillis(1));
    await().atMost(30, SECONDS).until(() -> wanted(reset).equals(StoreFixture.PASSWORD));

    assertThatThrownBy(() -> end(reset, Outcome.SUCCEEDED)).isInstanceOf(LeaseLostException.class);
    assertThat(end(reset, Outcome.FAILED).operation().running()).isFalse();

    assertThat(established(reset)).isEqualTo(StoreFixture.PASSWORD);
    assertThat(pending(reset)).isFalse();
  }

  @Test
  void aDeleteForgetsTheNewOneAtOnce() {
    Instance deleting = fixture.delete(reset("deleted", LEASE));

    assertThat(established(deleting)).isEqualTo(StoreFixture.PASSWORD);
    assertThat(wanted(deleting)).isEqualTo(StoreFixture.PASSWORD);
    assertThat(pending(deleting)).isFalse();
  }

  @Test
  void theNewOneIsNotInTheClearAndOpensOnlyInItsColumn() {
    Instance reset = reset("sealed", LEASE);
    String hex = HexFormat.of().formatHex(NEW.getBytes(StandardCharsets.UTF_8));
    for (String table :
        fixture.texts("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")) {
      assertThat(fixture.dump(table)).noneMatch(row -> row.contains(NEW) || row.contains(hex));
    }

    fixture.execute("UPDATE instance_secret SET password = pending" + of(reset));

    assertThatThrownBy(() -> established(reset)).isInstanceOf(IllegalStateException.class);
  }

  /** A running reset of a database that is there. */
  private Instance reset(String handle, Duration deadline) {
    Instance created = fixture.create(handle);
    end(fixture.claim(created, LEASE), Outcome.SUCCEEDED);
    Instance changed =
        get(
            fixture
                .store
                .instances()
                .change(
                    fixture.tenant,
                    created.shortId(),
                    known ->
                        Optional.of(
                            new Change(
                                known,
                                OperationKind.RESET_PASSWORD,
                                InstanceState.RUNNING,
                                deadline,
                                NEW,
                                fixture.token))));
    return fixture.claim(changed, LEASE);
  }

  private Instance end(Instance claimed, Outcome outcome) {
    Operation operation = claimed.operation();
    return get(
        fixture
            .store
            .operations()
            .end(operation.id(), operation.attempt(), outcome, "because", 7L));
  }

  private String established(Instance instance) {
    return get(fixture.store.instances().credentials(instance)).password();
  }

  private String wanted(Instance instance) {
    return get(fixture.store.instances().wantedCredentials(instance)).password();
  }

  private boolean pending(Instance instance) {
    return fixture
        .texts("SELECT pending IS NOT NULL FROM instance_secret" + of(instance))
        .contains("t");
  }

  private static String of(Instance instance) {
    return " WHERE instance = '" + instance.id() + "'";
  }
}
