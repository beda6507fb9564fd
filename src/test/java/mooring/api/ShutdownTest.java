package mooring.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.subjects.SingleSubject;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mooring.status.Freshness;
import mooring.status.StatusCache;
import mooring.status.StatusFeed;
import mooring.status.TokenDirectory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Stopping accepts no more, finishes what is in flight, and does not wait for ever. */
class ShutdownTest {
  private static final String TOKENS = "/api/v1/api-tokens";
  private static final String DATABASES = "/api/v1/databases";

  private final Vertx vertx = Vertx.vertx();
  private final SingleSubject<Reply> slow = SingleSubject.create();
  private final CountDownLatch arrived = new CountDownLatch(1);
  private ApiServer server;
  private ContractClient client;

  @BeforeEach
  void start() {
    start(Duration.ofMinutes(5));
  }

  private void start(Duration drain) {
    TokenDirectory directory = new TokenDirectory(Clock.systemUTC());
    StatusFeed feed = new StatusFeed(new StatusCache(), directory);
    feed.loaded(List.of(), List.of(Rows.token(UUID.randomUUID(), "all", null, null)));
    feed.synced(1);
    Map<String, Command> commands = new HashMap<>();
    Contract contract = ApiFixture.await(Contract.load(vertx, "uncloud"));
    contract
        .model()
        .operations()
        .forEach(op -> commands.put(op.getOperationId(), call -> Single.never()));
    commands.put("listDatabases", call -> Single.just(Reply.ok(Buffer.buffer("[]"))));
    commands.put(
        "listApiTokens",
        call -> {
          arrived.countDown();
          return slow;
        });
    server =
        new ApiServer(
            vertx,
            new Contracts(vertx),
            new HttpSettings("127.0.0.1", 0, 2, drain),
            List.of(
                new PublishedApi(
                    "uncloud",
                    new BearerAuthenticator(directory),
                    new ProblemJson(),
                    Map.of(),
                    commands)),
            feed::ready,
            new Freshness(System::nanoTime, Duration.ofSeconds(90)),
            new SimpleMeterRegistry());
    client = ContractClient.of(vertx, ApiFixture.await(server.start()), "all");
  }

  @AfterEach
  void stop() {
    ApiFixture.await(vertx.close());
  }

  @Test
  void finishesRequestsInFlight() throws InterruptedException {
    // Leaves an idle connection behind, which must not hold the server up.
    assertThat(client.get(DATABASES).status()).isEqualTo(200);
    CompletableFuture<Integer> inFlight =
        CompletableFuture.supplyAsync(() -> client.get(TOKENS).status());
    assertThat(arrived.await(60, TimeUnit.SECONDS)).isTrue();
    Future<Void> stopped = server.stop();
    // Its event loops stop listening when they get to it.
    Awaitility.await()
        .untilAsserted(
            () -> assertThatThrownBy(this::refused).isInstanceOf(UncheckedIOException.class));
    assertThat(stopped.isComplete()).isFalse();
    slow.onSuccess(Reply.ok(Buffer.buffer("[]")));
    assertThat(inFlight.orTimeout(60, TimeUnit.SECONDS).join()).isEqualTo(200);
    ApiFixture.await(stopped);
  }

  @Test
  void doesNotWaitForEver() throws InterruptedException {
    ApiFixture.await(server.stop());
    start(Duration.ofMillis(300));
    CompletableFuture<Integer> inFlight =
        CompletableFuture.supplyAsync(() -> client.get(TOKENS).status());
    assertThat(arrived.await(60, TimeUnit.SECONDS)).isTrue();
    ApiFixture.await(server.stop());
    assertThatThrownBy(() -> inFlight.orTimeout(60, TimeUnit.SECONDS).join())
        .hasCauseInstanceOf(UncheckedIOException.class);
  }

  /** Over a new connection, because the client's own may still be open. */
  private void refused() {
    assertThat(client.fresh().get(DATABASES).status()).isEqualTo(200);
  }
}
