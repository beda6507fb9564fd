package mooring.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import mooring.core.AccessKey;
import mooring.core.Address;
import mooring.core.Desired;
import mooring.core.Instance;
import mooring.core.InstanceState;
import mooring.core.Observation;
import mooring.core.Observation.Condition;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.Samples;
import mooring.core.StoredSecret;
import mooring.core.Token;
import org.junit.jupiter.api.Test;

class StatusFeedTest {
  private final StatusCache cache = new StatusCache();
  private final TokenDirectory tokens = new TokenDirectory(Clock.systemUTC());
  private final AccessKeyDirectory accessKeys = new AccessKeyDirectory();
  private final StatusFeed feed = new StatusFeed(cache, tokens, new AccountDirectory(), accessKeys);
  private final Instance created =
      Samples.instance(
          Desired.RUNNING, Samples.operation(OperationKind.CREATE, Outcome.SUCCEEDED, 10L));

  @Test
  void theNewerRowAndTheNewerObservationWin() {
    feed.publish(created);
    feed.observed(Samples.seen(created.id(), 12, Condition.HEALTHY, Samples.GOOD));
    feed.observed(Samples.seen(created.id(), 11, Condition.SETTING_UP, Samples.GOOD));
    feed.publish(Samples.revised(created, 0));
    Snapshot snapshot = cache.get(created.shortId());
    assertThat(snapshot.observation().version()).isEqualTo(12);
    assertThat(snapshot.instance().revision()).isEqualTo(1);
    assertThat(snapshot.status().state()).isEqualTo(InstanceState.RUNNING);
  }

  @Test
  void anObservationMayComeBeforeItsRow() {
    feed.observed(Samples.seen(created.id(), 12, Condition.HEALTHY, Samples.GOOD));
    assertThat(feed.unaccounted()).hasSize(1);
    assertThat(feed.unaccountedAddresses()).containsExactly(new Address("127.77.0.1", 5432));
    feed.publish(created);
    assertThat(feed.unaccounted()).isEmpty();
    assertThat(state()).isEqualTo(InstanceState.RUNNING);
  }

  @Test
  void aDatabaseThatTheWholeViewLacksHasFailed() {
    feed.publish(created);
    assertThat(state()).as("the view is older than the create").isEqualTo(InstanceState.RUNNING);
    feed.synced(20);
    assertThat(state()).isEqualTo(InstanceState.FAILED);
  }

  @Test
  void aDatabaseWhoseTurnToBeToldHasNotComeIsNotMissing() {
    Instance other =
        Samples.instance(
            Desired.RUNNING, Samples.operation(OperationKind.CREATE, Outcome.SUCCEEDED, 8L));
    feed.publish(created);
    feed.observed(Samples.seen(other.id(), 30, Condition.HEALTHY, Samples.GOOD));
    feed.rederive(false);
    assertThat(state()).as("the first look is under way").isEqualTo(InstanceState.RUNNING);
    assertThat(feed.of(created.id()).version()).isLessThan(10);
    feed.synced(9);
    feed.observed(Samples.seen(other.id(), 31, Condition.HEALTHY, Samples.GOOD));
    feed.rederive(false);
    assertThat(state()).as("made after the first look").isEqualTo(InstanceState.RUNNING);
    assertThat(feed.of(created.id()).version()).isEqualTo(9);
  }

  @Test
  void withAPlatformThatCountsAnewWhatIsMissingIsSoonFoundMissing() {
    feed.publish(created);
    feed.synced(3);
    assertThat(state()).as("perhaps only late").isEqualTo(InstanceState.RUNNING);
    feed.rederive(false);
    feed.rederive(false);
    assertThat(state()).as("not heard as it happens").isEqualTo(InstanceState.RUNNING);
    feed.rederive(true);
    feed.rederive(true);
    assertThat(state()).isEqualTo(InstanceState.FAILED);
    feed.observed(Samples.seen(created.id(), 4, Condition.HEALTHY, Samples.GOOD));
    assertThat(cache.get(created.shortId()).observation().condition()).isEqualTo(Condition.HEALTHY);
  }

  @Test
  void aDeletedDatabaseLeavesNoObservationBehind() {
    Instance gone =
        Samples.instance(
            Desired.RUNNING,
            Samples.operation(created.id(), OperationKind.DELETE, Outcome.SUCCEEDED, null));
    feed.publish(created);
    feed.observed(Samples.seen(created.id(), 12, Condition.HEALTHY, Samples.GOOD));
    feed.publish(Samples.revised(gone, 2));
    assertThat(feed.unaccounted()).as("its object is still there").hasSize(1);
    feed.observed(Observation.absent(created.id(), 13));
    assertThat(feed.unaccounted()).isEmpty();
    assertThat(feed.of(created.id())).isEqualTo(Observation.absent(created.id(), 0));
  }

  @Test
  void aLoadDoesNotTakeBackWhatWasWrittenWhileItWasRead() {
    Instance fresh =
        Samples.instance(
            Desired.RUNNING, Samples.operation(OperationKind.CREATE, Outcome.RUNNING, null));
    feed.loading();
    feed.publish(Samples.revised(fresh, 2));
    feed.loaded(List.of(created), List.of());
    assertThat(cache.get(fresh.shortId())).isNotNull();
    feed.loading();
    feed.loaded(List.of(created), List.of());
    assertThat(cache.get(fresh.shortId())).as("the store was put back").isNull();
  }

  @Test
  void whatIsShownOnceMoreWhileEverythingIsReadWasNotWrittenThen() {
    feed.publish(created);
    feed.loading();
    feed.publish(created);
    feed.loaded(List.of(), List.of());
    assertThat(cache.get(created.shortId())).as("the store was put back").isNull();
  }

  @Test
  void aLoadKeepsATokenThatWasMadeWhileItWasRead() {
    Token old = token("old", 1, null);
    Token revoked = token("old", 3, Instant.EPOCH);
    feed.loaded(List.of(), List.of(old));
    feed.loading();
    feed.publish(token("fresh", 2, null));
    feed.publish(revoked);
    feed.loaded(List.of(), List.of(old));
    assertThat(tokens.authenticate("fresh")).isNotNull();
    assertThat(tokens.authenticate("old")).isNull();
    feed.loading();
    feed.loaded(List.of(), List.of(revoked));
    assertThat(tokens.authenticate("fresh")).as("the store was put back").isNull();
  }

  @Test
  void aLoadKeepsAnAccessKeyThatWasMadeWhileItWasRead() {
    feed.loading();
    feed.publish(accessKey("EXOfresh", 2));
    feed.loadedAccessKeys(List.of(accessKey("EXOold", 1)));
    feed.loaded(List.of(), List.of());
    assertThat(accessKeys.find("EXOfresh")).isNotNull();
    assertThat(accessKeys.find("EXOold")).isNotNull();
    feed.loading();
    feed.loadedAccessKeys(List.of(accessKey("EXOold", 1)));
    feed.loaded(List.of(), List.of());
    assertThat(accessKeys.find("EXOfresh")).as("the store was put back").isNull();
  }

  private static AccessKey accessKey(String name, long revision) {
    UUID id = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    return new AccessKey(id, Samples.TENANT, name, "secret", Instant.EPOCH, null, revision);
  }

  private static Token token(String secret, long revision, Instant revokedAt) {
    UUID id = UUID.nameUUIDFromBytes(secret.getBytes(StandardCharsets.UTF_8));
    StoredSecret stored = new StoredSecret(TokenDirectory.hash(secret), "");
    return new Token(
        id,
        id.toString().substring(0, 8),
        Samples.TENANT,
        secret,
        stored,
        null,
        null,
        Instant.EPOCH,
        null,
        null,
        revokedAt,
        revision);
  }

  @Test
  void aNameIsThatOfItsYoungestDatabase() {
    Instance young =
        Samples.createdAt(
            Samples.instance(
                Desired.RUNNING, Samples.operation(OperationKind.CREATE, Outcome.RUNNING, null)),
            created.createdAt().plusSeconds(1));
    feed.publish(created);
    feed.publish(young);
    feed.observed(Samples.seen(created.id(), 12, Condition.HEALTHY, Samples.GOOD));
    assertThat(named()).isEqualTo(young);
    Instance gone =
        Samples.instance(
            Desired.RUNNING,
            Samples.operation(created.id(), OperationKind.DELETE, Outcome.SUCCEEDED, null));
    feed.publish(Samples.revised(gone, 2));
    assertThat(named()).isEqualTo(young);
    feed.loaded(List.of(Samples.revised(created, 3)), List.of());
    assertThat(named().id()).as("the store was put back").isEqualTo(created.id());
  }

  private Instance named() {
    return cache.get(Samples.TENANT, created.handle()).instance();
  }

  @Test
  void aLoadReplacesRowsAndForgetsUnknownOnes() {
    Instance other =
        Samples.instance(
            Desired.RUNNING, Samples.operation(OperationKind.CREATE, Outcome.RUNNING, null));
    feed.publish(other);
    feed.publish(created);
    Instance putBack =
        Samples.instance(
            Desired.RUNNING,
            Samples.operation(created.id(), OperationKind.CREATE, Outcome.RUNNING, null));
    feed.loaded(List.of(putBack), List.of());
    assertThat(cache.get(created.shortId()).instance()).isEqualTo(putBack);
    assertThat(cache.all()).hasSize(1);
    assertThat(cache.list(Samples.TENANT).snapshots()).hasSize(1);
  }

  @Test
  void isReadyAfterBothSidesAreKnown() {
    assertThat(feed.ready()).isFalse();
    feed.loaded(List.of(), List.of());
    assertThat(feed.ready()).isFalse();
    feed.synced(1);
    assertThat(feed.ready()).isTrue();
  }

  @Test
  void isNotReadyBeforeEveryDatabaseIsShownAsItIs() {
    feed.loaded(List.of(created), List.of());
    List<Boolean> ready = new ArrayList<>();
    feed.onChange(snapshot -> ready.add(feed.ready()));
    feed.synced(20);
    assertThat(state()).as("it is not there").isEqualTo(InstanceState.FAILED);
    assertThat(ready).containsExactly(false);
  }

  @Test
  void aLoadShowsNothingThatIsOlderThanWhatWasWrittenWhileItWasRead() {
    Instance stopping =
        Samples.revised(
            Samples.instance(
                Desired.STOPPED,
                Samples.operation(created.id(), OperationKind.STOP, Outcome.RUNNING, null)),
            2);
    feed.publish(created);
    feed.loading();
    feed.publish(stopping);
    List<Instance> shown = new ArrayList<>();
    feed.onChange(snapshot -> shown.add(snapshot.instance()));
    feed.loaded(List.of(created), List.of());
    assertThat(shown).containsOnly(stopping);
  }

  @Test
  void listenersHearOfEverySnapshot() {
    List<InstanceState> heard = new ArrayList<>();
    feed.onChange(snapshot -> heard.add(snapshot.status().state()));
    feed.publish(created);
    feed.observed(Observation.absent(created.id(), 30));
    assertThat(heard).containsExactly(InstanceState.RUNNING, InstanceState.FAILED);
  }

  @Test
  void aTombstoneLeavesTheListButStaysKnown() {
    feed.publish(created);
    Instance gone =
        Samples.instance(
            Desired.RUNNING,
            Samples.operation(created.id(), OperationKind.DELETE, Outcome.SUCCEEDED, null));
    feed.publish(Samples.revised(gone, 2));
    assertThat(cache.list(Samples.TENANT).snapshots()).isEmpty();
    assertThat(state()).isEqualTo(InstanceState.DELETED);
  }

  private InstanceState state() {
    return cache.get(created.shortId()).status().state();
  }
}
