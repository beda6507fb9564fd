package mooring.store;

import static mooring.store.StoreFixture.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import mooring.core.AccessKey;
import mooring.core.Account;
import mooring.core.ChangeListener;
import mooring.core.Instance;
import mooring.core.Operation;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.StoredSecret;
import mooring.core.Token;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

class ChangeFeedTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String FEEDS =
      "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
          + " AND application_name = 'mooring feed'";

  private StoreFixture fixture;
  private final List<FeedRecorder> recorders = new ArrayList<>();

  @BeforeEach
  void open() {
    fixture = new StoreFixture();
  }

  @AfterEach
  void close() {
    fixture.close();
    for (FeedRecorder recorder : recorders) {
      assertThat(recorder.faults()).isEmpty();
    }
  }

  @Test
  void loadsWhatThereIsAndTellsWhatChanges() {
    Instance before = fixture.create("before");
    Token token = token("a", null);
    FeedRecorder recorder = new FeedRecorder();
    ChangeFeed feed = feed(recorder);

    assertThat(recorder.loads()).isEqualTo(1);
    assertThat(recorder.knows(before)).isTrue();
    assertThat(recorder.tokens()).containsOnlyKeys(token.id());

    Instance after = fixture.create("after");
    await().atMost(SOON).until(() -> recorder.knows(after));
    Instance deleting = fixture.delete(after);
    await().atMost(SOON).until(() -> recorder.knows(deleting));
    Token revoked =
        fixture.store.tokens().revoke(fixture.tenant, token.shortId(), null).blockingGet();
    await().atMost(SOON).until(() -> revoked.equals(recorder.tokens().get(token.id())));
    assertThat(recorder.loads()).isEqualTo(1);
    assertThat(feed.alive()).isTrue();
  }

  /** Without it the feed would read all the same, at its next beat. */
  @Test
  void everyWriteIsNotified() throws Exception {
    try (Connection connection = TestPostgres.jdbc(fixture.uri);
        Statement statement = connection.createStatement()) {
      statement.execute("LISTEN mooring_revision");
      PGConnection listening = connection.unwrap(PGConnection.class);
      Instance created = fixture.create("told");
      assertThat(told(listening)).containsExactly(created.revision());
      Instance deleting = fixture.delete(created);
      assertThat(told(listening)).containsExactly(deleting.revision());
      Token token = token("a", null);
      assertThat(told(listening)).containsExactly(token.revision());
      PgStore store = fixture.store;
      Token revoked = store.tokens().revoke(fixture.tenant, token.shortId(), null).blockingGet();
      assertThat(told(listening)).containsExactly(revoked.revision());
      AccessKey key = get(store.accessKeys().replace(fixture.tenant, "EXOkey", "a secret"));
      assertThat(told(listening)).containsExactly(key.revision());
      Account account = get(store.accounts().create(fixture.tenant, "a@b.c", "A", "hash"));
      assertThat(told(listening)).containsExactly(account.revision());
    }
  }

  /** The revisions that were notified since; the server sends them with the commit. */
  private static List<Long> told(PGConnection listening) throws SQLException {
    return Stream.of(listening.getNotifications(60_000))
        .map(notification -> Long.parseLong(notification.getParameter()))
        .toList();
  }

  @Test
  void claimingAndRenewingIsNoChangeButEndingIs() {
    Instance created = fixture.create("worked-on");
    FeedRecorder recorder = new FeedRecorder();
    feed(recorder);
    Operation claimed = fixture.claim(created, Duration.ofMinutes(1)).operation();
    get(fixture.store.operations().renew(claimed.id(), 1, Duration.ofMinutes(1)));

    Instance ended =
        get(fixture.store.operations().end(claimed.id(), 1, Outcome.SUCCEEDED, null, 5L));

    await().until(() -> recorder.knows(ended));
    assertThat(recorder.changes()).containsExactly(ended);
  }

  @Test
  void aTransactionThatTookLongIsNotLost() throws Exception {
    Instance slow = fixture.create("slow");
    FeedRecorder recorder = new FeedRecorder();
    feed(recorder);
    try (Connection connection = TestPostgres.jdbc(fixture.uri);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("UPDATE instance SET name = 'late' WHERE id = '" + slow.id() + "'");
      Instance quick = fixture.create("quick");
      await().until(() -> recorder.knows(quick));

      statement.execute("SELECT publish_instance('" + slow.id() + "')");
      connection.commit();

      await().until(() -> recorder.instances().get(slow.id()).name().equals("late"));
      assertThat(recorder.instances().get(slow.id()).revision()).isGreaterThan(quick.revision());
    }
  }

  @Test
  void nobodyGetsAheadOfAStampedTransaction() throws Exception {
    Instance first = fixture.create("first");
    FeedRecorder recorder = new FeedRecorder();
    feed(recorder);
    try (Connection connection = TestPostgres.jdbc(fixture.uri);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("UPDATE instance SET name = 'stamped' WHERE id = '" + first.id() + "'");
      statement.execute("SELECT publish_instance('" + first.id() + "')");
      CompletionStage<Instance> waiting =
          fixture.store.instances().create(fixture.draft("second"), Set.of()).toCompletionStage();
      await()
          .until(
              () ->
                  !fixture
                      .texts("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                      .isEmpty());
      assertThat(recorder.changes()).isEmpty();

      connection.commit();

      Instance second = waiting.toCompletableFuture().get();
      await().until(() -> recorder.knows(second));
      assertThat(recorder.changes())
          .extracting(Instance::id)
          .containsExactly(first.id(), second.id());
    }
  }

  @Test
  void twoFeedsHearTheSameInTheSameOrderFromTwoWriters() {
    FeedRecorder one = new FeedRecorder();
    FeedRecorder two = new FeedRecorder();
    PgStore replica = fixture.replica();
    feed(one);
    recorders.add(two);
    ChangeFeed second = replica.feed(two);
    await().until(second::alive);

    List<Instance> created =
        get(
            Flowable.range(0, 80)
                .flatMapSingle(
                    i ->
                        (i % 2 == 0 ? fixture.store : replica)
                            .instances()
                            .create(fixture.draft("both-" + i), Set.of()))
                .toList());

    await().until(() -> created.stream().allMatch(i -> one.knows(i) && two.knows(i)));
    assertThat(one.changes()).isEqualTo(two.changes()).hasSize(80);
    assertThat(one.changes()).extracting(Instance::revision).isSorted().doesNotHaveDuplicates();
    replica.close().blockingAwait();
  }

  @Test
  void aKilledConnectionIsReplacedAndEverythingLoadedAgain() {
    FeedRecorder recorder = new FeedRecorder();
    ChangeFeed feed = feed(recorder);
    await().until(() -> !fixture.texts(FEEDS).isEmpty());

    String pid = fixture.texts(FEEDS).get(0);
    fixture.execute("SELECT pg_terminate_backend(" + pid + ")");
    Instance meanwhile = fixture.create("meanwhile");

    await().until(() -> recorder.loads() == 2 && recorder.knows(meanwhile));
    await().until(feed::alive);
    Instance after = fixture.create("after");
    await().atMost(SOON).until(() -> recorder.knows(after));
  }

  @Test
  void aLostNotificationIsHealedByTheNextHeartbeat() {
    Instance instance = fixture.create("silent");
    FeedRecorder recorder = new FeedRecorder();
    feed(recorder);

    fixture.execute(
        "UPDATE instance SET name = 'changed silently', revision = nextval('revision') WHERE id = '"
            + instance.id()
            + "'");

    await()
        .atMost(SOON)
        .until(() -> recorder.instances().get(instance.id()).name().equals("changed silently"));
  }

  @Test
  void aDatabasePutBackToAnOlderStateIsLoadedAgain() {
    Instance kept = fixture.create("kept");
    Instance unmade = fixture.create("unmade");
    FeedRecorder recorder = new FeedRecorder();
    feed(recorder);
    assertThat(recorder.knows(unmade)).isTrue();

    fixture.execute(
        "BEGIN; SET LOCAL session_replication_role = replica;"
            + " DELETE FROM operation WHERE instance = '"
            + unmade.id()
            + "'; DELETE FROM instance WHERE id = '"
            + unmade.id()
            + "'; COMMIT",
        // Last, for it is seen at once: no transaction holds it back.
        "SELECT setval('revision', " + kept.revision() + ")");

    await().until(() -> recorder.loads() == 2);
    assertThat(recorder.instances()).containsOnlyKeys(kept.id());
    Instance anew = fixture.create("anew");
    await().until(() -> recorder.knows(anew));
  }

  @Test
  void loadsAndCatchesUpInManyPages() {
    Instance template = fixture.create("template");
    copies(template, 1, 1_700);
    FeedRecorder recorder = new FeedRecorder();
    feed(recorder);
    assertThat(recorder.instances()).hasSize(1_701);

    copies(template, 1_701, 2_900);

    await().until(() -> recorder.instances().size() == 2_901);
    assertThat(recorder.changes()).extracting(Instance::revision).isSorted();
    assertThat(recorder.loads()).isEqualTo(1);
  }

  @Test
  void loadsTombstonesButNotTokensLongGone() {
    Instance tombstone = fixture.buried("dead");
    Token works = token("1", null);
    token("2", Instant.now().minusSeconds(5));
    Token justRevoked = token("3", null);
    get(fixture.store.tokens().revoke(fixture.tenant, justRevoked.shortId(), null).toSingle());
    Token longRevoked = token("4", null);
    fixture.execute(
        "UPDATE token SET revoked_at = now() - interval '1 day' WHERE id = '"
            + longRevoked.id()
            + "'");
    // Newer than all of them, so that the cursor is beyond them.
    Token last = token("5", null);

    FeedRecorder recorder = new FeedRecorder();
    feed(recorder);

    assertThat(recorder.knows(tombstone)).isTrue();
    assertThat(recorder.tokens()).containsOnlyKeys(works.id(), justRevoked.id(), last.id());
  }

  @Test
  void aListenerThatFailsIsLoadedAnew() {
    FeedRecorder recorder = new FeedRecorder();
    UUID[] refused = new UUID[1];
    recorders.add(recorder);
    ChangeFeed feed =
        fixture.store.feed(
            new ChangeListener() {
              @Override
              public void loaded(List<Instance> instances, List<Token> tokens) {
                recorder.loaded(instances, tokens);
              }

              @Override
              public void changed(List<Instance> instances, List<Token> tokens) {
                if (refused[0] == null) {
                  refused[0] = instances.get(0).id();
                  throw new IllegalStateException("a fault of the listener");
                }
                recorder.changed(instances, tokens);
              }
            });
    await().until(feed::alive);

    Instance created = fixture.create("refused");

    await().until(() -> recorder.loads() == 2);
    assertThat(recorder.knows(created)).isTrue();
    await().until(feed::alive);
  }

  @Test
  void aClosedFeedIsNotAliveAndLeavesNoConnection() {
    FeedRecorder recorder = new FeedRecorder();
    ChangeFeed feed = feed(recorder);
    await().until(() -> !fixture.texts(FEEDS).isEmpty());

    feed.close().blockingAwait();

    assertThat(feed.alive()).isFalse();
    await().until(() -> fixture.texts(FEEDS).isEmpty());
  }

  private ChangeFeed feed(FeedRecorder recorder) {
    recorders.add(recorder);
    ChangeFeed feed = fixture.store.feed(recorder);
    await().until(feed::alive);
    return feed;
  }

  private Token token(String number, Instant expiresAt) {
    Single<Token> created =
        fixture
            .store
            .tokens()
            .create(
                fixture.tenant,
                "token " + number,
                new StoredSecret(number.repeat(64), ""),
                null,
                expiresAt,
                null);
    return get(created);
  }

  private void copies(Instance template, int from, int to) {
    assertThat(template.operation().kind()).isEqualTo(OperationKind.CREATE);
    fixture.execute(
        "INSERT INTO instance (id, short_id, tenant, origin, name, handle, engine, version,"
            + " cpu_milli, memory_mib, storage_mib, instances, place, host, port, owner, database,"
            + " operation) SELECT gen_random_uuid(), lpad(to_hex(n), 8, '0'), tenant, origin, name,"
            + " 'h' || n, engine, version, cpu_milli, memory_mib, storage_mib, instances, place,"
            + " 'h' || n, port, owner, database, operation FROM instance, generate_series("
            + from
            + ", "
            + to
            + ") AS n WHERE id = '"
            + template.id()
            + "'");
  }
}
