package mooring.store;

import static mooring.store.StoreFixture.get;
import static mooring.store.StoreFixture.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import mooring.Tries;
import mooring.core.Instance;
import mooring.core.Problem;
import mooring.core.ProblemException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutageTest {
  /** Of what ends within 6 s by itself, with room for a machine that has other things to do. */
  private static final Duration BOUND = Duration.ofSeconds(15);

  private static final Duration SOON = Duration.ofSeconds(30);
  private StoreFixture fixture;

  @BeforeEach
  void open() {
    fixture = new StoreFixture();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void whileTheServerIsStoppedEverythingIsUnavailableAtOnceAndThenRecovers() {
    Instance before = fixture.create("before");
    FeedRecorder recorder = new FeedRecorder();
    ChangeFeed feed = fixture.store.feed(recorder);
    await().until(feed::alive);

    TestPostgres.shared().stop();
    try {
      await().atMost(SOON).until(() -> !feed.alive());
      for (Single<?> call : calls(before)) {
        Tries.oneWithin(
            Duration.ofSeconds(2),
            () -> {
              long asked = System.nanoTime();
              assertUnavailable(call);
              return Duration.ofNanos(System.nanoTime() - asked);
            });
      }
    } finally {
      TestPostgres.shared().start();
    }

    await().atMost(SOON).until(feed::alive);
    assertThat(recorder.loads()).isEqualTo(2);
    Instance after = fixture.create("after");
    await().atMost(SOON).until(() -> recorder.knows(after));
    assertThat(recorder.knows(before)).isTrue();
    assertThat(recorder.faults()).isEmpty();
  }

  private List<Single<?>> calls(Instance known) {
    return List.of(
        fixture.store.instances().create(fixture.draft("away"), Set.of()),
        fixture
            .store
            .instances()
            .change(fixture.tenant, known.shortId(), instance -> Optional.empty()),
        fixture.store.instances().find(known.shortId()).toSingle(),
        fixture.store.instances().credentials(known),
        fixture.store.operations().claim("r", Duration.ofSeconds(1), 1),
        fixture.store.operations().renew(known.operation().id(), 1, Duration.ofSeconds(1)),
        fixture.store.tokens().createTenant("away"),
        fixture.store.tokens().list(fixture.tenant));
  }

  @Test
  void aServerThatHangsIsUnavailableWithinABoundAndThenRecovers() {
    FeedRecorder recorder = new FeedRecorder();
    ChangeFeed feed = fixture.store.feed(recorder);
    await().until(feed::alive);

    TestPostgres.shared().freeze();
    try {
      assertUnavailable(fixture.store.instances().create(fixture.draft("hanging"), Set.of()));
      await().atMost(SOON).until(() -> !feed.alive());
    } finally {
      TestPostgres.shared().thaw();
    }

    await().atMost(SOON).until(feed::alive);
    Instance after = fixture.create("after");
    await().atMost(SOON).until(() -> recorder.knows(after));
    assertThat(recorder.faults()).isEmpty();
  }

  @Test
  void aBrokenConnectionIsUnavailableOnceAndNotAgain() {
    fixture.create("warm");
    fixture.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE datname = current_database() AND pid <> pg_backend_pid()");

    await()
        .atMost(SOON)
        .ignoreException(ProblemException.class)
        .until(() -> get(fixture.store.tokens().list(fixture.tenant)).isEmpty());
  }

  @Test
  void aReadOnlyDatabaseIsUnavailable() {
    fixture.execute(
        "ALTER DATABASE " + fixture.uri.database() + " SET default_transaction_read_only = on");
    PgStore later = fixture.replica();

    assertUnavailable(later.instances().create(fixture.draft("read-only"), Set.of()));

    later.close().blockingAwait();
  }

  @Test
  void tooManyConnectionsAreUnavailable() throws Exception {
    TestPostgres.execute(
        fixture.uri,
        "CREATE ROLE crowded LOGIN PASSWORD 'x' CONNECTION LIMIT 0",
        "GRANT ALL ON ALL TABLES IN SCHEMA public TO crowded");
    PgStore crowded =
        new PgStore(
            fixture.vertx,
            new DatabaseUri(
                fixture.uri.host(),
                fixture.uri.port(),
                fixture.uri.database(),
                "crowded",
                "x",
                fixture.uri.sslMode(),
                null),
            SecretBox.of(fixture.keyset),
            StoreFixture.derived());

    assertUnavailable(crowded.tokens().list(fixture.tenant));

    crowded.close().blockingAwait();
  }

  @Test
  void aCrowdIsServedOrTurnedAwayButNeverKeptWaiting() throws Exception {
    try (Connection connection = TestPostgres.jdbc(fixture.uri);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SELECT pg_advisory_xact_lock(7741001)");
      List<CompletableFuture<Object>> waiting = new ArrayList<>();
      long asked = System.nanoTime();
      for (int i = 0; i < 400; i++) {
        waiting.add(
            fixture
                .store
                .instances()
                .create(fixture.draft("crowd-" + i), Set.of())
                .cast(Object.class)
                .onErrorReturn(failure -> ((ProblemException) failure).problem())
                .toCompletionStage()
                .toCompletableFuture());
      }
      CompletableFuture.allOf(waiting.toArray(CompletableFuture[]::new)).get();
      assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(BOUND);
      assertThat(waiting)
          .extracting(CompletableFuture::get)
          .allMatch(Problem.Unavailable.class::isInstance);
    }

    // Nothing of it was left behind, and the next is served.
    List<Instance> served =
        get(
            Flowable.range(0, 5)
                .concatMapSingle(
                    i -> fixture.store.instances().create(fixture.draft("next-" + i), Set.of()))
                .toList());
    assertThat(served).hasSize(5);
  }

  private static void assertUnavailable(Single<?> call) {
    assertThat(problem(call))
        .isInstanceOfSatisfying(
            Problem.Unavailable.class,
            unavailable -> assertThat(unavailable.retryAfterSeconds()).isEqualTo(2));
  }
}
