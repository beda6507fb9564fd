package mooring.api.ionos;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import mooring.api.ContractClient;
import mooring.api.ContractClient.Answer;
import mooring.core.Caller;
import mooring.core.Instance;
import mooring.core.Operation;
import mooring.core.OperationKind;
import mooring.core.Role;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The users of a cluster that runs. */
class IonosUsersTest extends IonosTestBase {
  private static final String PASSWORD = "Long-Enough-1";
  private String path;

  @BeforeEach
  void cluster() {
    path = running(client, "shop");
  }

  private static JsonObject user(String name, String password) {
    return body(new JsonObject().put("username", name).put("password", password));
  }

  private String made(String name) {
    assertThat(client.post(path + "/users", user(name, PASSWORD)).status()).isEqualTo(200);
    finish(path);
    return path + "/users/" + name;
  }

  private List<String> listed(String query) {
    return client.get(path + "/users" + query).json().getJsonArray("items").stream()
        .map(one -> ((JsonObject) one).getString("id"))
        .toList();
  }

  private static String password(Instance row, String name) {
    Role role = row.contents().role(name).orElseThrow();
    return server.store.instances().rolePasswords(row).blockingGet().get(role.id());
  }

  /** Deletes something, with an operation that a worker ends as told. */
  private Answer delete(String what, String reason) {
    CompletableFuture<Answer> asked = CompletableFuture.supplyAsync(() -> client.delete(what));
    Awaitility.await().until(() -> row(path).operation().running());
    assertThat(client.get(what).status()).isEqualTo(200);
    if (reason == null) {
      finish(path);
    } else {
      server.fail(row(path), reason);
    }
    return asked.join();
  }

  @Test
  void aUserIsThereAtOnceAndTheClusterBusyUntilTheServersHaveIt() {
    Answer answer = client.post(path + "/users", user("reporting", PASSWORD));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().toString()).doesNotContain(PASSWORD);
    assertThat(answer.json().getString("type")).isEqualTo("user");
    assertThat(answer.json().getString("id")).isEqualTo("reporting");
    assertThat(answer.json().getString("href")).isEqualTo(path + "/users/reporting");
    assertThat(properties(answer))
        .isEqualTo(new JsonObject().put("username", "reporting").put("system", false));
    assertThat(answer.json().getJsonObject("metadata").getString("resourceURN"))
        .startsWith("ionos:postgresql:de-fra:" + tenant + ":clusters/")
        .endsWith("/users/reporting");
    assertThat(state(client.get(path))).isEqualTo("BUSY");
    assertThat(row(path).operation().kind()).isEqualTo(OperationKind.ADMINISTER);
    assertThat(password(row(path), "reporting")).isEqualTo(PASSWORD);
    assertThat(client.get(path + "/users/reporting").json()).isEqualTo(answer.json());
    finish(path);
    assertThat(state(client.get(path))).isEqualTo("AVAILABLE");
    assertThat(client.get(path + "/users/reporting").json()).isEqualTo(answer.json());
    assertThat(password(row(path), "reporting")).isEqualTo(PASSWORD);
  }

  @Test
  void aUserThatTheServersDoNotGetIsGoneAgain() {
    client.post(path + "/users", user("reporting", PASSWORD));
    server.fail(row(path), "the servers are away");
    refused(client.get(path + "/users/reporting"), 404, "not-found");
    assertThat(state(client.get(path))).isEqualTo("AVAILABLE");
    assertThat(server.store.instances().rolePasswords(row(path)).blockingGet()).isEmpty();
    String again = made("reporting");
    assertThat(client.get(again).status()).isEqualTo(200);
  }

  @Test
  void listsThemInPages() {
    made("b");
    made("a");
    Answer all = client.get(path + "/users");
    assertThat(listed("")).containsExactly("owner", "b", "a");
    assertThat(all.json().getString("type")).isEqualTo("collection");
    assertThat(all.json().getString("href")).isEqualTo(path + "/users");
    assertThat(all.json().getJsonObject("_links").fieldNames()).containsExactly("self");
    assertThat(listed("?limit=1&offset=1")).containsExactly("b");
    JsonObject links =
        client.get(path + "/users?limit=1&offset=1&system=true").json().getJsonObject("_links");
    assertThat(links.getString("next"))
        .endsWith(path + "/users?limit=1&offset=2&system=true")
        .startsWith("http://");
    assertThat(links.getString("prev")).endsWith("limit=1&offset=0&system=true");
    assertThat(listed("?system=true"))
        .containsExactly("owner", "b", "a", "postgres", "streaming_replica");
    assertThat(listed("?system=True")).isEqualTo(listed("?system=true"));
    invalid(client.get(path + "/users?system=maybe"), "system must be true or false");
    invalid(client.get(path + "/users?limit=0"), "limit must be");
    Answer same = client.get(path + "/users", "If-None-Match", all.header("etag"));
    assertThat(same.status()).isEqualTo(304);
  }

  @Test
  void theServersOwnAreShownAndNeverChanged() {
    for (String name : List.of("postgres", "streaming_replica")) {
      String system = path + "/users/" + name;
      assertThat(properties(client.get(system)).getBoolean("system")).isTrue();
      assertThat(client.get(system).json().getJsonObject("metadata").getString("createdBy"))
          .endsWith("_system_");
      refused(client.delete(system), 403, "forbidden");
      JsonObject change = body(new JsonObject().put("password", PASSWORD));
      refused(client.patch(system, change), 403, "forbidden");
    }
  }

  @Test
  void reservedNamesAreRefused() {
    for (String name :
        List.of(
            "postgres",
            "Postgres",
            "admin",
            "standby",
            "streaming_replica",
            "pg_mine",
            "cnpg_x",
            "public",
            "none")) {
      invalid(
          client.post(path + "/users", user(name, PASSWORD)),
          "properties.username must not be a reserved name");
    }
  }

  @Test
  void badRequestsAreRefusedNamingTheProperty() {
    String users = path + "/users";
    invalid(client.post(users, user("a b", PASSWORD)), "properties.username");
    invalid(client.post(users, user("line\n", PASSWORD)), "properties.username");
    invalid(client.post(users, user("", PASSWORD)), "properties.username");
    invalid(client.post(users, user("x".repeat(64), PASSWORD)), "properties.username");
    invalid(client.post(users, user("short", "too-short")), "properties.password");
    invalid(client.post(users, user("long", "x".repeat(64))), "properties.password");
    invalid(client.post(users, user("line", PASSWORD + "\n")), "properties.password");
    invalid(
        client.post(users, body(new JsonObject().put("password", PASSWORD))),
        "properties.username");
    invalid(client.post(users, body(new JsonObject().put("username", "a"))), "properties.password");
    invalid(client.post(users, new JsonObject()), "properties");
    invalid(
        client.patch(users + "/owner", body(new JsonObject().put("password", "short"))),
        "properties.password");
    assertThat(listed("")).containsExactly("owner");
  }

  @Test
  void aPasswordThatNotEveryClientCouldUseIsRefused() {
    String reporting = made("reporting");
    for (String odd : List.of("\u00ad".repeat(10), "\u0340abcdefghij")) {
      String message = "properties.password must have only characters that SASLprep";
      invalid(client.post(path + "/users", user("other", odd)), message);
      JsonObject change = body(new JsonObject().put("password", odd));
      invalid(client.patch(reporting, change), message);
      invalid(client.patch(path + "/users/owner", change), message);
    }
    assertThat(listed("")).containsExactly("owner", "reporting");
    JsonObject change = body(new JsonObject().put("password", "pässwörter"));
    assertThat(client.patch(reporting, change).status()).isEqualTo(200);
    assertThat(password(row(path), "reporting")).isEqualTo("pässwörter");
  }

  @Test
  void aTakenNameAndABusyClusterAreConflicts() {
    refused(client.post(path + "/users", user("owner", PASSWORD)), 409, "conflict");
    String reporting = made("reporting");
    refused(client.post(path + "/users", user("reporting", PASSWORD)), 409, "conflict");
    client.post(path + "/users", user("other", PASSWORD));
    refused(client.post(path + "/users", user("third", PASSWORD)), 409, "conflict");
    JsonObject change = body(new JsonObject().put("password", "Another-One-2"));
    refused(client.patch(reporting, change), 409, "conflict");
    refused(client.delete(reporting), 409, "conflict");
  }

  @Test
  void aPasswordIsChangedOrStaysAsItWas() {
    String reporting = made("reporting");
    JsonObject change = body(new JsonObject().put("password", "Another-One-2"));
    Answer answer = client.patch(reporting, change);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().toString()).doesNotContain("Another-One-2");
    assertThat(state(client.get(path))).isEqualTo("BUSY");
    assertThat(password(row(path), "reporting")).isEqualTo("Another-One-2");
    server.fail(row(path), "not taken in time");
    assertThat(password(row(path), "reporting")).isEqualTo(PASSWORD);
    assertThat(client.patch(reporting, change).status()).isEqualTo(200);
    finish(path);
    assertThat(password(row(path), "reporting")).isEqualTo("Another-One-2");
    assertThat(client.patch(reporting, body(new JsonObject())).status()).isEqualTo(200);
    assertThat(state(client.get(path))).isEqualTo("AVAILABLE");
  }

  @Test
  void theFirstUsersPasswordIsAnsweredOnceTheServersHaveIt() {
    JsonObject change = body(new JsonObject().put("password", "Another-One-2"));
    CompletableFuture<Answer> asked =
        CompletableFuture.supplyAsync(() -> client.patch(path + "/users/owner", change));
    Awaitility.await().until(() -> row(path).operation().kind() == OperationKind.RESET_PASSWORD);
    finish(path);
    assertThat(properties(asked.join()).getString("username")).isEqualTo("owner");
    assertThat(server.store.instances().credentials(row(path)).blockingGet().password())
        .isEqualTo("Another-One-2");
  }

  @Test
  void aDeletedUserIsGoneWhenThatIsAnswered() {
    String reporting = made("reporting");
    assertThat(delete(reporting, null).status()).isEqualTo(204);
    refused(client.get(reporting), 404, "not-found");
    refused(client.delete(reporting), 404, "not-found");
    assertThat(listed("")).containsExactly("owner");
    assertThat(server.store.instances().rolePasswords(row(path)).blockingGet()).isEmpty();
  }

  @Test
  void aUserThatOwnsSomethingStays() {
    String reporting = made("reporting");
    Answer refusal = delete(reporting, "reporting owns a table");
    refused(refusal, 409, "conflict");
    assertThat(refusal.messages()).containsExactly("reporting owns a table");
    assertThat(client.get(reporting).status()).isEqualTo(200);
    assertThat(state(client.get(path))).isEqualTo("AVAILABLE");

    JsonObject database = new JsonObject().put("name", "orders").put("owner", "reporting");
    client.post(path + "/databases", body(database));
    finish(path);
    Answer owner = client.delete(reporting);
    refused(owner, 409, "conflict");
    assertThat(owner.messages().get(0))
        .isEqualTo(
            "the user reporting cannot be deleted: username is the owner of the database orders");
    refused(client.delete(path + "/users/owner"), 409, "conflict");
  }

  @Test
  void aUserStaysWhenNobodyCouldAskTheServers() {
    String reporting = made("reporting");
    CompletableFuture<Answer> asked = CompletableFuture.supplyAsync(() -> client.delete(reporting));
    Awaitility.await().until(() -> row(path).operation().running());
    server.fail(row(path), "nobody there", Operation.Cause.PLATFORM);
    refused(asked.join(), 503, "unavailable");
    assertThat(client.get(reporting).status()).isEqualTo(200);
  }

  @Test
  void nobodyElseSeesThem() {
    String reporting = made("reporting");
    ContractClient other = newTenant();
    String unknown = CLUSTERS + "/11111111-aaaa-4bbb-8ccc-222222222222/users";
    JsonObject change = body(new JsonObject().put("password", PASSWORD));
    for (String users : List.of(path + "/users", unknown)) {
      refused(other.get(users), 404, "not-found");
      refused(other.post(users, user("mine", PASSWORD)), 404, "not-found");
      refused(other.get(users + "/reporting"), 404, "not-found");
      refused(other.patch(users + "/reporting", change), 404, "not-found");
      refused(other.delete(users + "/reporting"), 404, "not-found");
    }
    refused(client.get(path + "/users/nobody"), 404, "not-found");
    refused(client.patch(path + "/users/nobody", change), 404, "not-found");
    refused(client.delete(path + "/users/nobody"), 404, "not-found");
    Caller root = new Caller(tenant, null, null);
    String reading =
        server
            .api
            .tokens
            .create(root, "x_", "r", Set.of("databases:read"), null)
            .blockingGet()
            .secret();
    refused(client.as(reading).delete(reporting), 403, "forbidden");
    assertThat(client.as(reading).get(reporting).status()).isEqualTo(200);
  }

  @Test
  void aClusterOfAnotherApiShowsItsOwn() {
    JsonObject asked =
        new JsonObject().put("name", "other").put("region", "fsn1").put("tier", "small");
    String id = client.post("/v1/databases", asked).json().getString("id");
    Instance row = server.store.instances().find(id.substring(id.length() - 8)).blockingGet();
    server.finish(row);
    path = CLUSTERS + "/" + row.id();
    assertThat(listed("")).containsExactly(row.owner());
    made("reporting");
    assertThat(listed("")).containsExactly(row.owner(), "reporting");
  }
}
