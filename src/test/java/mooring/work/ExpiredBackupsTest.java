package mooring.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mooring.core.Api;
import mooring.core.BackupPlatform;
import mooring.core.BackupRequest;
import mooring.core.Credentials;
import mooring.core.Draft;
import mooring.core.Instance;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.Samples;
import mooring.core.SeenBackup;
import mooring.core.Setup;
import mooring.core.Uniqueness;
import org.junit.jupiter.api.Test;

/** What is removed of backups that have outlived their database, and when. */
class ExpiredBackupsTest extends RecordsBench {
  private static final Duration LONG = Duration.ofMinutes(1);
  private final Forgetting platform = new Forgetting();

  @Test
  void theyGoOnceTheirTimeIsOver() {
    Instance kept = deleted(Api.IONOS, "kept");
    Instance unused = deleted(Api.CLOUDHEED, "gone-at-once");
    Instant end = kept.deletedAt().plus(Duration.ofDays(7));

    after(end.minusSeconds(1)).remove().blockingAwait();
    assertThat(platform.asked).isEmpty();
    ExpiredBackups expired = after(end);
    expired.remove().blockingAwait();
    expired.remove().blockingAwait();
    assertThat(platform.asked).containsExactly("kept", "kept");
    expired.remove().blockingAwait();
    assertThat(platform.asked).hasSize(2);
  }

  private ExpiredBackups after(Instant now) {
    return new ExpiredBackups(cache, platform, Clock.fixed(now, ZoneOffset.UTC));
  }

  private Instance deleted(Api origin, String name) {
    Draft draft =
        new Draft(
            tenant,
            origin,
            name,
            name,
            Samples.SPEC,
            new Credentials("app_user", PASSWORD, "main"),
            Setup.NONE.withRetention(7),
            Uniqueness.HANDLE,
            Map.of(),
            LONG,
            TOKEN,
            null);
    Instance created = store.instances().create(draft, Set.of()).blockingGet();
    Instance unused = change(created, OperationKind.DELETE, LONG, null);
    Instance claimed =
        store.operations().claim("one", LEASE, 10).blockingGet().stream()
            .filter(one -> one.id().equals(created.id()))
            .findFirst()
            .orElseThrow();
    Instance gone =
        store
            .operations()
            .end(claimed.operation().id(), 1, Outcome.SUCCEEDED, null, null)
            .blockingGet();
    feed.publish(gone);
    await().until(() -> snapshot(created).deleted());
    return snapshot(created);
  }

  /** Something is left after the first call. */
  private static final class Forgetting implements BackupPlatform {
    final List<String> asked = new ArrayList<>();

    @Override
    public Single<Boolean> forget(Instance deleted) {
      asked.add(deleted.name());
      return Single.just(asked.size() > 1);
    }

    @Override
    public Completable make(Instance instance, BackupRequest request) {
      return Completable.error(new UnsupportedOperationException());
    }

    @Override
    public Maybe<SeenBackup> look(Instance instance, BackupRequest request) {
      return Maybe.error(new UnsupportedOperationException());
    }

    @Override
    public Maybe<Integer> archiveDays(Instance instance, SeenBackup backup) {
      return Maybe.error(new UnsupportedOperationException());
    }

    @Override
    public Single<Boolean> remove(Instance instance, BackupRequest request) {
      return Single.error(new UnsupportedOperationException());
    }
  }
}
