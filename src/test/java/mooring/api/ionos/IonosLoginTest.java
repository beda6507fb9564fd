package mooring.api.ionos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mooring.Tries;
import mooring.api.ContractClient;
import mooring.api.ContractClient.Answer;
import mooring.core.Accounts;
import mooring.core.Caller;
import mooring.status.TokenDirectory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is let in: an account with its password, or who holds a token. */
class IonosLoginTest extends IonosTestBase {
  private static final String PASSWORD = "Correct: Horse-9";

  private String email;
  private ContractClient account;

  @BeforeEach
  void account() {
    email = tenant + "@mooring.invalid";
    assertThat(server.api.accounts.create(tenant, email, "shop", PASSWORD).blockingGet().tenant())
        .isEqualTo(tenant);
    account = client.as(email, PASSWORD);
  }

  @Test
  void anAccountsPasswordLetsIn() {
    String path = create(account, asked("shop"));
    assertThat(account.get(path).status()).isEqualTo(200);
    assertThat(names(account.get(CLUSTERS))).containsExactly("shop");
    assertThat(names(client.get(CLUSTERS))).as("the same tenant").containsExactly("shop");
    assertThat(account.get(path, "X-Contract-Number", "31").status()).isEqualTo(200);
    assertThat(state(account.delete(path))).isEqualTo("DESTROYING");
  }

  @Test
  void aBodyThatComesWithAFirstLoginIsNotLost() {
    assertThat(account.post(CLUSTERS, asked("first")).status()).isEqualTo(200);
    Answer answer =
        client.as(" " + email, PASSWORD).post(CLUSTERS, asked("x").put("x", "x".repeat(65 * 1024)));
    refused(answer, 413, "payload-too-large");
  }

  @Test
  void aPasswordIsCheckedOnceHoweverManyAskAtOnce() {
    // More at once than failures are free, and than checks can wait.
    List<CompletableFuture<Integer>> polls =
        IntStream.range(0, 40)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> account.get(CLUSTERS).status()))
            .toList();
    assertThat(polls.stream().map(CompletableFuture::join)).containsOnly(200);
    int checks = server.api.checks.get();
    for (int i = 0; i < 50; i++) {
      assertThat(account.get(CLUSTERS).status()).isEqualTo(200);
    }
    assertThat(server.api.checks).hasValue(checks);
  }

  @Test
  void strangersAreToldHowToShowWhoTheyAre() {
    for (ContractClient stranger :
        List.of(
            client.as(null),
            client.as("dkc_live_unknown"),
            client.as(email, "wrong"),
            client.as("nobody@mooring.invalid", PASSWORD),
            client.as(email, ""),
            client.as("", ""))) {
      Answer answer = stranger.get(CLUSTERS);
      refused(answer, 401, "unauthenticated");
      assertThat(answer.header("www-authenticate"))
          .isEqualTo("Basic realm=\"Mooring\", charset=\"UTF-8\", Bearer");
      assertThat(answer.body().toString()).doesNotContain(PASSWORD, "wrong");
    }
    for (String header : List.of("Basic", "Basic !", "Basic bm9jb2xvbg==", "Digest x", "")) {
      Answer answer = client.as(null).get(CLUSTERS, "Authorization", header);
      refused(answer, 401, "unauthenticated");
    }
    assertThat(account.get(CLUSTERS).status()).isEqualTo(200);
  }

  @Test
  void whoGuessesHasToWaitAndWhoWasLetInBeforeDoesNot() {
    assertThat(account.get(CLUSTERS).status()).isEqualTo(200);
    AtomicInteger guesses = new AtomicInteger();
    Supplier<Answer> guess =
        () -> client.as(email, "wrong " + guesses.incrementAndGet()).get(CLUSTERS);
    // To check a password can take longer than the first wait.
    server.api.attempts.set(Instant.now());
    try {
      Answer answer =
          await().atMost(Duration.ofMinutes(1)).until(guess::get, one -> one.status() == 429);
      refused(answer, 429, "too-many-requests");
      assertThat(Integer.parseInt(answer.header("retry-after"))).isPositive();
      assertThat(account.get(CLUSTERS).status()).isEqualTo(200);
    } finally {
      server.api.attempts.set(null);
    }
  }

  @Test
  void whoGoesOnWithAnOldPasswordDoesNotKeepOutWhoHasTheNewOne() {
    ContractClient old = client.as(email, "of before");
    // More often than failures are free: what was found to be wrong is not checked again.
    for (int i = 0; i < 20; i++) {
      refused(old.get(CLUSTERS), 401, "unauthenticated");
    }
    assertThat(account.get(CLUSTERS).status()).isEqualTo(200);
    refused(old.get(CLUSTERS), 401, "unauthenticated");

    // Until it is the right one.
    assertThat(server.api.accounts.setPassword(tenant, email, "of before").toSingle().blockingGet())
        .isNotNull();
    await().until(() -> old.get(CLUSTERS).status() == 200);
    refused(account.get(CLUSTERS), 401, "unauthenticated");
  }

  @Test
  void whoWasRefusedBeforeThereWasTheAccountIsLetInWithIt() {
    String soon = "soon-" + email;
    ContractClient early = client.as(soon, PASSWORD);
    refused(early.get(CLUSTERS), 401, "unauthenticated");
    assertThat(server.api.accounts.create(tenant, soon, "soon", PASSWORD).blockingGet().tenant())
        .isEqualTo(tenant);
    await().until(() -> early.get(CLUSTERS).status() == 200);
  }

  @Test
  void anotherPasswordTakesThePlaceOfTheOldOneWithinASecond() {
    assertThat(account.get(CLUSTERS).status()).isEqualTo(200);
    AtomicInteger changes = new AtomicInteger();
    Tries.oneWithin(
        Duration.ofSeconds(1),
        () -> {
          String next = "Another-Horse-" + changes.incrementAndGet();
          Duration letIn = letInAfterAChangeTo(next);
          ContractClient changed = client.as(email, next);
          assertThat(changed.get(CLUSTERS).status()).isEqualTo(200);
          refused(account.get(CLUSTERS), 401, "unauthenticated");
          account = changed;
          return letIn;
        });
  }

  /** How long after another password was set the old one was last let in. */
  private Duration letInAfterAChangeTo(String password) {
    // As the command line does it, in another process: only the change feed tells of it.
    Accounts elsewhere =
        new Accounts(server.store.accounts(), TokenDirectory::hash, Clock.systemUTC());
    Single<?> changed = elsewhere.setPassword(tenant, email, password).toSingle();
    assertThat(changed.blockingGet()).isNotNull();
    long changedAt = System.nanoTime();
    AtomicReference<Duration> last = new AtomicReference<>(Duration.ZERO);
    // To find out that it is wrong now takes its time; what counts is when it was still right.
    await()
        .until(
            () -> {
              Duration since = Duration.ofNanos(System.nanoTime() - changedAt);
              boolean letIn = account.get(CLUSTERS).status() == 200;
              if (letIn) {
                last.set(since);
              }
              return !letIn;
            });
    return last.get();
  }

  @Test
  void aNarrowTokenMayOnlyWhatItMay() {
    Caller root = new Caller(tenant, null, null);
    String narrow =
        server
            .api
            .tokens
            .create(root, "dkc_live_", "ci", Set.of("databases:read"), null)
            .blockingGet()
            .secret();
    ContractClient reader = client.as(narrow);
    String path = create(client, asked("shop"));
    Stream.of(CLUSTERS, path, path + "/versions", ROOT + "/versions", ROOT + "/infos/version")
        .forEach(at -> assertThat(reader.get(at).status()).as(at).isEqualTo(200));
    refused(reader.post(CLUSTERS, asked("x")), 403, "forbidden");
    refused(reader.patch(path, body(new JsonObject())), 403, "forbidden");
    refused(reader.delete(path), 403, "forbidden");
    refused(client.as(null).get(ROOT + "/infos/version"), 401, "unauthenticated");
  }
}
