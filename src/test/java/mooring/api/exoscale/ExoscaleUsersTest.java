package mooring.api.exoscale;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import mooring.api.ContractClient.Answer;
import mooring.core.Instance;
import mooring.core.LogicalDatabase;
import mooring.core.Operation.Cause;
import mooring.core.OperationKind;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The users and databases within a service. */
class ExoscaleUsersTest extends ExoscaleTestBase {
  private static final String ORDERS = POSTGRES + "orders";
  private static final String USERS = ORDERS + "/user";
  private static final String DATABASES = ORDERS + "/database";

  @BeforeEach
  void service() {
    Instance unused = running("orders");
  }

  @Test
  void aUserIsThereWhenTheServersSaySo() {
    String made = pending(client.post(USERS, new JsonObject().put("username", "reporting")));
    assertThat(users()).containsExactly("avnadmin");
    refused(client.get(USERS + "/reporting/password/reveal"), 404, "user not found");
    refused(
        client.post(USERS, new JsonObject().put("username", "other")),
        409,
        "another operation is running");
    finish("orders");
    assertThat(operation(made).getString("state")).isEqualTo("success");
    assertThat(users()).containsExactly("avnadmin", "reporting");
    Answer revealed = client.get(USERS + "/reporting/password/reveal");
    assertThat(revealed.header("cache-control")).isEqualTo("no-store");
    assertThat(revealed.header("etag")).isNull();
    assertThat(revealed.json().getString("username")).isEqualTo("reporting");
    assertThat(revealed.json().getString("password")).hasSizeGreaterThan(23);
    refused(
        client.post(USERS, new JsonObject().put("username", "reporting")), 409, "exists already");
    String deleted = pending(client.delete(USERS + "/reporting"));
    assertThat(users()).contains("reporting");
    finish("orders");
    assertThat(operation(deleted).getString("state")).isEqualTo("success");
    assertThat(users()).containsExactly("avnadmin");
    refused(client.delete(USERS + "/reporting"), 404, "user not found");
  }

  @ParameterizedTest
  @CsvSource({
    "SERVERS,failure,conflict",
    "PLATFORM,failure,fault",
    "DEADLINE,timeout,unavailable",
  })
  void whatFailsSaysOnWhoseAccount(Cause cause, String state, String reason) {
    String made = pending(client.post(USERS, new JsonObject().put("username", "reporting")));
    Instance unused = server.fail(row("orders"), "role cannot be made", cause);
    JsonObject failed = operation(made);
    assertThat(failed.getString("state")).isEqualTo(state);
    assertThat(failed.getString("reason")).isEqualTo(reason);
    assertThat(failed.getString("message")).isEqualTo("role cannot be made");
    assertThat(users()).containsExactly("avnadmin");
  }

  @Test
  void whatTheReleaseBeforeRecordedIsToldAsItWas() {
    String made = pending(client.post(USERS, new JsonObject().put("username", "reporting")));
    Instance unused = server.fail(row("orders"), "role cannot be made");
    assertThat(operation(made).getString("state")).isEqualTo("failure");
    assertThat(operation(made).getString("reason")).isEqualTo("conflict");
  }

  @Test
  void theAdminIsThereAtOnceAndStays() {
    String before = password("avnadmin");
    refused(client.delete(USERS + "/avnadmin"), 403, "service's admin");
    refused(
        client.put(
            USERS + "/avnadmin/allow-replication", new JsonObject().put("allow-replication", true)),
        403,
        "service's admin");
    String reset =
        pending(
            client.put(
                USERS + "/avnadmin/password/reset",
                new JsonObject().put("password", "chosen-one-1")));
    assertThat(password("avnadmin")).isEqualTo(before);
    assertThat(row("orders").operation().kind()).isEqualTo(OperationKind.RESET_PASSWORD);
    finish("orders");
    assertThat(operation(reset).getString("state")).isEqualTo("success");
    assertThat(password("avnadmin")).isEqualTo("chosen-one-1");
  }

  @Test
  void aPasswordIsResetByItsOperation() {
    pending(client.post(USERS, new JsonObject().put("username", "reporting")));
    finish("orders");
    String before = password("reporting");
    String path = USERS + "/reporting/password/reset";
    // Clients that choose none send no body.
    String failing = pending(client.send("PUT", path, null));
    assertThat(password("reporting")).isEqualTo(before);
    Instance unused = server.fail(row("orders"), "not now");
    assertThat(operation(failing).getString("state")).isEqualTo("failure");
    assertThat(password("reporting")).isEqualTo(before);
    pending(client.put(path, new JsonObject().put("password", "chosen-one-2")));
    finish("orders");
    assertThat(password("reporting")).isEqualTo("chosen-one-2");
    invalid(
        client.put(path, new JsonObject().put("password", "short")),
        "$['password']",
        "8 to 256 characters");
    for (String odd : List.of("chosen-one\n", "chosen\0one", "chosen\none")) {
      invalid(
          client.put(path, new JsonObject().put("password", odd)),
          "$['password']",
          "no control characters");
    }
    refused(client.send("PUT", USERS + "/none/password/reset", null), 404, "user not found");
  }

  @Test
  void aPasswordThatNotEveryClientCouldUseIsRefused() {
    pending(client.post(USERS, new JsonObject().put("username", "reporting")));
    finish("orders");
    for (String user : List.of("avnadmin", "reporting")) {
      String path = USERS + "/" + user + "/password/reset";
      for (String odd :
          List.of(
              "\u00ad".repeat(8),
              "\u0340abcdefgh",
              "pa\u0308sswoerter",
              "no\u00a0break-space",
              "private-use-\ue000",
              "mixed-\u05d0-direction")) {
        invalid(
            client.put(path, new JsonObject().put("password", odd)), "$['password']", "SASLprep");
      }
      String chosen = "pässwörter-\u5bc6\u7801";
      pending(client.put(path, new JsonObject().put("password", chosen)));
      finish("orders");
      assertThat(password(user)).isEqualTo(chosen);
    }
  }

  @Test
  void aUserMayBeLetReplicate() {
    pending(
        client.post(
            USERS, new JsonObject().put("username", "copy").put("allow-replication", true)));
    finish("orders");
    assertThat(replicating()).containsExactly("copy");
    CompletableFuture<Answer> asked = CompletableFuture.supplyAsync(() -> allow("copy", false));
    Awaitility.await().until(() -> row("orders").operation().running());
    finish("orders");
    Answer answer = asked.join();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().getJsonArray("users"))
        .isEqualTo(new JsonArray().add(user("avnadmin", "primary")).add(user("copy", "normal")));
    assertThat(replicating()).isEmpty();
    assertThat(allow("copy", false).status()).as("nothing to do").isEqualTo(200);
    refused(allow("none", true), 404, "user not found");
    CompletableFuture<Answer> failing = CompletableFuture.supplyAsync(() -> allow("copy", true));
    Awaitility.await().until(() -> row("orders").operation().running());
    Instance unused = server.fail(row("orders"), "too many", Cause.SERVERS);
    refused(failing.join(), 409, "too many");
    assertThat(replicating()).as("taken back").isEmpty();
    CompletableFuture<Answer> away = CompletableFuture.supplyAsync(() -> allow("copy", true));
    Awaitility.await().until(() -> row("orders").operation().running());
    Instance unusedToo = server.fail(row("orders"), "nobody there", Cause.PLATFORM);
    refused(away.join(), 503, "nobody there");
  }

  @Test
  void untilTheServersHaveItARoleMayWhatItMight() {
    pending(client.post(USERS, new JsonObject().put("username", "copy")));
    finish("orders");
    Duration patience = server.api.patience;
    server.api.patience = Duration.ZERO;
    try {
      CompletableFuture<Answer> asked = CompletableFuture.supplyAsync(() -> allow("copy", true));
      Awaitility.await().until(() -> row("orders").operation().running());
      assertThat(replicating()).isEmpty();
      Answer late = asked.join();
      refused(late, 503, "not done it yet");
      assertThat(late.header("retry-after")).isNotNull();
      assertThat(replicating()).isEmpty();
    } finally {
      server.api.patience = patience;
    }
    CompletableFuture<Answer> again = CompletableFuture.supplyAsync(() -> allow("copy", true));
    finish("orders");
    assertThat(again.join().status()).isEqualTo(200);
    assertThat(replicating()).containsExactly("copy");
    pending(client.post(USERS, new JsonObject().put("username", "other")));
    assertThat(allow("copy", true).status()).as("nothing to do, nor to wait for").isEqualTo(200);
    Instance unused = server.fail(row("orders"), "too many");
  }

  @Test
  void whatIsBeingDeletedIsNotWaitedFor() {
    pending(client.post(USERS, new JsonObject().put("username", "copy")));
    finish("orders");
    CompletableFuture<Answer> asked = CompletableFuture.supplyAsync(() -> allow("copy", true));
    Awaitility.await().until(() -> row("orders").operation().running());
    pending(client.delete(ORDERS));
    refused(allow("copy", true), 409, "the service is being deleted");
    assertThat(asked.join().status()).isEqualTo(503);
    finish("orders");
  }

  @Test
  void aLineFeedIsNoPartOfAName() {
    for (String member : List.of("database-name", "lc-collate", "lc-ctype")) {
      invalid(
          client.post(
              DATABASES, new JsonObject().put("database-name", "shop").put(member, "shop\n")),
          "$['" + member + "']",
          "must be");
    }
    invalid(
        client.post(USERS, new JsonObject().put("username", "copy\n")),
        "$['username']",
        "must be letters");
  }

  @Test
  void databasesComeAndGo() {
    String made =
        pending(client.post(DATABASES, new JsonObject().put("database-name", "invoices")));
    assertThat(databases()).containsExactly("defaultdb");
    finish("orders");
    assertThat(operation(made).getString("state")).isEqualTo("success");
    assertThat(databases()).containsExactly("defaultdb", "invoices");
    refused(
        client.post(DATABASES, new JsonObject().put("database-name", "invoices")), 409, "exists");
    refused(client.delete(DATABASES + "/defaultdb"), 403, "the service's own");
    refused(client.delete(DATABASES + "/none"), 404, "no such database");
    pending(client.delete(DATABASES + "/invoices"));
    finish("orders");
    assertThat(databases()).containsExactly("defaultdb");
  }

  @ParameterizedTest
  @CsvSource({
    "database,database-name,a b,must be letters",
    "database,database-name,postgres,must not be a reserved name",
    "user,username,postgres,must not be a reserved name",
    "user,username,a b,must be letters",
  })
  void aNameThatIsRefusedIsNamed(String what, String member, String name, String message) {
    invalid(
        client.post(ORDERS + "/" + what, new JsonObject().put(member, name)),
        "$['" + member + "']",
        message);
    invalid(client.post(ORDERS + "/" + what, new JsonObject()), "$['" + member + "']", "required");
    Answer none = client.post(POSTGRES + "none/" + what, new JsonObject().put(member, "fine"));
    refused(none, 404, "service not found");
  }

  @Test
  void aDatabaseMayHaveALocaleOfItsOwn() {
    JsonObject asked = new JsonObject().put("database-name", "namn");
    pending(client.post(DATABASES, asked.put("lc-collate", "sv_SE.UTF-8")));
    LogicalDatabase made = finish("orders").contents().database("namn").orElseThrow();
    assertThat(made.locale()).isEqualTo(new LogicalDatabase.Locale("sv_SE.UTF-8", null));
    invalid(
        client.post(DATABASES, asked.put("lc-ctype", "a locale")),
        "$['lc-ctype']",
        "must be the name of a locale");
  }

  private Answer allow(String name, boolean allowed) {
    return client.put(
        USERS + "/" + name + "/allow-replication",
        new JsonObject().put("allow-replication", allowed));
  }

  private static JsonObject user(String name, String type) {
    return new JsonObject().put("username", name).put("type", type).put("allow-replication", false);
  }

  private String password(String name) {
    return client.get(USERS + "/" + name + "/password/reveal").json().getString("password");
  }

  private List<String> users() {
    return all("users").stream().map(one -> ((JsonObject) one).getString("username")).toList();
  }

  private List<String> replicating() {
    return all("users").stream()
        .map(JsonObject.class::cast)
        .filter(one -> one.getBoolean("allow-replication"))
        .map(one -> one.getString("username"))
        .toList();
  }

  private List<Object> databases() {
    return all("databases").stream().toList();
  }

  private JsonArray all(String member) {
    return client.get(ORDERS).json().getJsonArray(member);
  }
}
