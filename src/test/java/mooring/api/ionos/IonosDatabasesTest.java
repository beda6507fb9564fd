package mooring.api.ionos;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import mooring.api.ContractClient;
import mooring.api.ContractClient.Answer;
import mooring.core.OperationKind;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The databases within a cluster that runs. */
class IonosDatabasesTest extends IonosTestBase {
  private String path;

  @BeforeEach
  void cluster() {
    path = running(client, "shop");
  }

  private static JsonObject database(String name, String owner) {
    return body(new JsonObject().put("name", name).put("owner", owner));
  }

  private String made(String name) {
    assertThat(client.post(path + "/databases", database(name, "owner")).status()).isEqualTo(200);
    finish(path);
    return path + "/databases/" + name;
  }

  private List<String> listed(String query) {
    return client.get(path + "/databases" + query).json().getJsonArray("items").stream()
        .map(one -> ((JsonObject) one).getString("id"))
        .toList();
  }

  private Answer delete(String what, String reason) {
    CompletableFuture<Answer> asked = CompletableFuture.supplyAsync(() -> client.delete(what));
    Awaitility.await().until(() -> row(path).operation().running());
    if (reason == null) {
      finish(path);
    } else {
      server.fail(row(path), reason);
    }
    return asked.join();
  }

  @Test
  void aDatabaseIsThereAtOnceAndTheClusterBusyUntilTheServersHaveIt() {
    Answer answer = client.post(path + "/databases", database("orders", "owner"));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().getString("type")).isEqualTo("database");
    assertThat(answer.json().getString("href")).isEqualTo(path + "/databases/orders");
    assertThat(properties(answer))
        .isEqualTo(new JsonObject().put("name", "orders").put("owner", "owner"));
    assertThat(state(client.get(path))).isEqualTo("BUSY");
    assertThat(row(path).operation().kind()).isEqualTo(OperationKind.ADMINISTER);
    assertThat(client.get(path + "/databases/orders").json()).isEqualTo(answer.json());
    finish(path);
    assertThat(state(client.get(path))).isEqualTo("AVAILABLE");
    assertThat(client.get(path + "/databases/orders").json()).isEqualTo(answer.json());
  }

  @Test
  void oneThatTheServersDoNotGetIsGoneAgain() {
    client.post(path + "/databases", database("orders", "owner"));
    server.fail(row(path), "the servers are away");
    refused(client.get(path + "/databases/orders"), 404, "not-found");
    assertThat(state(client.get(path))).isEqualTo("AVAILABLE");
  }

  @Test
  void listsThemInPages() {
    made("b");
    made("a");
    assertThat(listed("")).containsExactly("postgres", "app", "b", "a");
    assertThat(listed("?limit=2&offset=2")).containsExactly("b", "a");
    JsonObject page = client.get(path + "/databases?limit=1&offset=1").json();
    assertThat(page.getString("href")).isEqualTo(path + "/databases");
    assertThat(page.getJsonObject("_links").getString("next"))
        .endsWith(path + "/databases?limit=1&offset=2");
    invalid(client.get(path + "/databases?offset=-1"), "offset must be");
  }

  @Test
  void anOwnerHasToBeThere() {
    invalid(
        client.post(path + "/databases", database("orders", "nobody")),
        "properties.owner must be the name of a user");
    invalid(
        client.post(path + "/databases", database("orders", "postgres")),
        "properties.owner must be the name of a user");
    JsonObject user = new JsonObject().put("username", "r").put("password", "Long-Enough-1");
    client.post(path + "/users", body(user));
    finish(path);
    Answer answer = client.post(path + "/databases", database("orders", "r"));
    assertThat(properties(answer).getString("owner")).isEqualTo("r");
  }

  @Test
  void reservedNamesAreRefusedAndNeverDeleted() {
    for (String name : List.of("postgres", "template0", "template1")) {
      invalid(
          client.post(path + "/databases", database(name, "owner")),
          "properties.name must not be a reserved name");
      refused(client.delete(path + "/databases/" + name), 403, "forbidden");
    }
  }

  @Test
  void badRequestsAreRefusedNamingTheProperty() {
    String databases = path + "/databases";
    invalid(client.post(databases, database("a b", "owner")), "properties.name");
    invalid(client.post(databases, database("line\n", "owner")), "properties.name");
    invalid(client.post(databases, database("", "owner")), "properties.name");
    invalid(client.post(databases, database("x".repeat(64), "owner")), "properties.name");
    invalid(client.post(databases, database("orders", "")), "properties.owner");
    invalid(
        client.post(databases, body(new JsonObject().put("name", "orders"))), "properties.owner");
    invalid(
        client.post(databases, body(new JsonObject().put("owner", "owner"))), "properties.name");
    assertThat(listed("")).containsExactly("postgres", "app");
  }

  @Test
  void aTakenNameAndABusyClusterAreConflicts() {
    refused(client.post(path + "/databases", database("app", "owner")), 409, "conflict");
    String orders = made("orders");
    refused(client.post(path + "/databases", database("orders", "owner")), 409, "conflict");
    client.post(path + "/databases", database("other", "owner"));
    refused(client.post(path + "/databases", database("third", "owner")), 409, "conflict");
    refused(client.delete(orders), 409, "conflict");
  }

  @Test
  void aDeletedOneIsGoneWhenThatIsAnsweredAndOneInUseStays() {
    String orders = made("orders");
    Answer refusal = delete(orders, "the database is being accessed by other users");
    refused(refusal, 409, "conflict");
    assertThat(client.get(orders).status()).isEqualTo(200);
    assertThat(delete(orders, null).status()).isEqualTo(204);
    refused(client.get(orders), 404, "not-found");
    refused(client.delete(orders), 404, "not-found");
    refused(client.delete(path + "/databases/app"), 403, "forbidden");
  }

  @Test
  void nobodyElseSeesThem() {
    made("orders");
    ContractClient other = newTenant();
    String unknown = CLUSTERS + "/11111111-aaaa-4bbb-8ccc-222222222222/databases";
    for (String databases : List.of(path + "/databases", unknown)) {
      refused(other.get(databases), 404, "not-found");
      refused(other.post(databases, database("mine", "owner")), 404, "not-found");
      refused(other.get(databases + "/orders"), 404, "not-found");
      refused(other.delete(databases + "/orders"), 404, "not-found");
    }
    refused(client.get(path + "/databases/none"), 404, "not-found");
  }
}
