package mooring.api.exoscale;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import mooring.api.ContractClient;
import mooring.api.ContractClient.Answer;
import mooring.core.Engine;
import mooring.core.Instance;
import mooring.core.Operation;
import mooring.core.Replication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Services made, changed and deleted. */
class ExoscaleServicesTest extends ExoscaleTestBase {
  private static final JsonObject PLAN = new JsonObject().put("plan", "startup-4");

  @Test
  void aServiceIsMadeAndItsOperationTellsWhenItIsReal() {
    Answer answer = client.post(POSTGRES + "orders", PLAN.copy().put("version", "16"));
    String operation = pending(answer);
    Instance row = row("orders");
    assertThat(answer.json().getJsonObject("reference"))
        .isEqualTo(
            new JsonObject()
                .put("id", row.id().toString())
                .put("link", "/v2/dbaas-postgres/orders")
                .put("command", "get-dbaas-service-pg"));
    assertThat(operation(operation)).isEqualTo(answer.json());
    Answer before = client.get(POSTGRES + "orders");
    assertThat(before.json().getString("state")).isEqualTo("rebuilding");
    assertThat(before.json().getJsonArray("node-states").getJsonObject(0).getString("state"))
        .isEqualTo("setting_up_vm");
    finish("orders");
    assertThat(operation(operation).getString("state")).isEqualTo("success");
    JsonObject service = client.get(POSTGRES + "orders").json();
    assertThat(service.getString("state")).isEqualTo("running");
    assertThat(service.getString("plan")).isEqualTo("startup-4");
    assertThat(service.getString("version")).isEqualTo("16");
    assertThat(service.getJsonArray("databases")).isEqualTo(new JsonArray().add("defaultdb"));
    assertThat(service.getJsonArray("users").getJsonObject(0).getString("username"))
        .isEqualTo("avnadmin");
    assertThat(service.getLong("disk-size")).isEqualTo(80L << 30);
    assertThat(service.getInteger("node-cpu-count")).isEqualTo(2);
    // The other APIs see it, too.
    assertThat(
            server
                .api
                .client(server.token(tenant, "dkc_live_"))
                .get("/databases/postgresql/clusters/" + row.id())
                .status())
        .isEqualTo(200);
  }

  @Test
  void whatIsLeftOutHasItsDefault() {
    String unused = create("plain", PLAN);
    assertThat(row("plain").spec().version()).isEqualTo("18");
    assertThat(row("plain").setup().retentionDays()).isEqualTo(3);
    String chosen =
        create(
            "chosen",
            new JsonObject()
                .put("plan", "business-4")
                .put("admin-username", "root.of_all")
                .put("admin-password", "long-enough_1")
                .put("synchronous-replication", "quorum")
                .put("variant", "aiven"));
    assertThat(operation(chosen).getString("state")).isEqualTo("pending");
    assertThat(row("chosen").owner()).isEqualTo("root.of_all");
    assertThat(row("chosen").spec().instances()).isEqualTo(2);
    assertThat(row("chosen").setup().replication()).isEqualTo(Replication.STRICTLY_SYNCHRONOUS);
    assertThat(client.get(POSTGRES + "chosen").json().getString("synchronous-replication"))
        .isEqualTo("quorum");
  }

  @Test
  void aNameIsTakenOnceByATenant() {
    String unused = create("orders", PLAN);
    refused(client.post(POSTGRES + "orders", PLAN), 409, "a service of that name");
    foreign("sessions", Engine.REDIS);
    assertThat(client.post(POSTGRES + "sessions", PLAN).status()).isEqualTo(409);
    assertThat(newTenant().post(POSTGRES + "orders", PLAN).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Orders", "1st", "-a", "a-", "a_b", "a%0A", "%C3%A4"})
  void aNameIsPartOfAnAddress(String name) {
    invalid(client.post(POSTGRES + name, PLAN), "$['name']", "name must be");
  }

  @Test
  void aNameIsKeptAsItIs() {
    String unused = create("a--b", PLAN);
    finish("a--b");
    assertThat(client.get(POSTGRES + "a-b").status()).isEqualTo(404);
    String other = create("a-b", PLAN);
    assertThat(operation(other).getJsonObject("reference").getString("link"))
        .isEqualTo(POSTGRES + "a-b");
    assertThat(client.get(POSTGRES + "a--b").json().getString("name")).isEqualTo("a--b");
    assertThat(names(client.get(SERVICES))).containsExactlyInAnyOrder("a--b", "a-b");
    refused(client.post(POSTGRES + "a--b", PLAN), 409, "a service of that name");
    pending(client.put(POSTGRES + "a--b", new JsonObject().put("plan", "startup-8")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "plan | \"huge-1\" | $['plan'] | plan must be one of hobbyist-2",
        "version | \"12\" | $['version'] | version must be one of 14",
        "admin-username | \"postgres\" | $['admin-username'] | must not be a reserved name",
        "admin-username | \"a b\" | $['admin-username'] | must be letters",
        "admin-password | \"short\" | $['admin-password'] | 8 to 256 characters",
        "synchronous-replication | \"quorum\" | $['synchronous-replication'] | single node",
        "synchronous-replication | \"all\" | $['synchronous-replication'] | must be one of quorum,"
            + " off",
        "variant | \"timescale\" | $['variant'] | not offered",
        "migration | {\"host\": \"x\"} | $['migration']['port'] | required",
      })
  void aMemberThatIsRefusedIsNamed(String member, String value, String location, String message) {
    String body = "{\"plan\": \"startup-4\"}";
    JsonObject asked =
        new JsonObject(body).put(member, new JsonObject("{\"v\":" + value + "}").getValue("v"));
    invalid(client.post(POSTGRES + "refused", asked), location, message);
    assertThat(row("refused")).isNull();
  }

  @Test
  void ofManyFaultsTheFirstAreNamed() {
    JsonObject settings = new JsonObject();
    for (int i = 0; i < 1_000; i++) {
      settings.put("unheard_of_" + i, i);
    }
    Answer answer = client.post(POSTGRES + "refused", PLAN.copy().put("pg-settings", settings));
    refused(answer, 400, "unheard_of_0 is not a setting");
    assertThat(answer.json().getJsonArray("errors")).hasSize(100);
  }

  @Test
  void allFaultsAreNamedTogether() {
    JsonObject asked =
        new JsonObject()
            .put("plan", "huge-1")
            .put("version", "12")
            .put("pg-settings", new JsonObject().put("jit", 1));
    Answer answer = client.post(POSTGRES + "refused", asked);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().getJsonArray("errors"))
        .extracting(error -> ((JsonObject) error).getString("location"))
        .containsExactlyInAnyOrder("$['plan']", "$['version']", "$['pg-settings']['jit']");
  }

  @Test
  void aBodyIsAnObjectInJson() {
    refused(client.post(POSTGRES + "refused", "{"), 400, "not valid JSON");
    invalid(client.post(POSTGRES + "refused", new JsonObject()), "$['plan']", "plan is required");
    Answer text = client.send("POST", POSTGRES + "refused", "{}", "Content-Type", "text/plain");
    assertThat(text.status()).isEqualTo(415);
    ContractClient wrong = client.signed(Signing.with(key.name(), "wrong"));
    refused(wrong.post(POSTGRES + "refused", PLAN), 403, "signature is not valid");
    assertThat(stranger.post(POSTGRES + "refused", PLAN).status()).isEqualTo(401);
    Answer odd = wrong.send("POST", POSTGRES + "refused", "x", "Content-Type", "text/plain");
    refused(odd, 403, "signature is not valid");
    ContractClient other =
        client.signed(
            (method, target, body) ->
                Signing.with(key.name(), key.secret()).sign(method, target, body + " "));
    refused(other.post(POSTGRES + "refused", PLAN), 403, "signature is not valid");
    String large = new JsonObject().put("plan", "x".repeat(70_000)).encode();
    assertThat(client.post(POSTGRES + "refused", large).status()).isEqualTo(413);
  }

  @Test
  void anotherPlanIsAnotherSize() {
    running("orders");
    String operation =
        pending(client.put(POSTGRES + "orders", new JsonObject().put("plan", "business-8")));
    JsonObject service = client.get(POSTGRES + "orders").json();
    assertThat(service.getString("plan")).isEqualTo("business-8");
    assertThat(service.getString("state")).isEqualTo("rebalancing");
    refused(
        client.put(POSTGRES + "orders", new JsonObject().put("plan", "startup-4")),
        409,
        "the service is rebalancing and cannot be changed now");
    Instance changed = finish("orders");
    assertThat(operation(operation).getString("state")).isEqualTo("success");
    assertThat(changed.setup().retentionDays()).isEqualTo(3);
    assertThat(changed.spec().memoryMib()).isEqualTo(8192);
    pending(
        client.put(POSTGRES + "orders", new JsonObject().put("synchronous-replication", "quorum")));
    finish("orders");
    // The disk of a smaller plan stays as it is, and with it the plan's name.
    JsonObject single =
        new JsonObject().put("plan", "startup-4").put("synchronous-replication", "quorum");
    invalid(client.put(POSTGRES + "orders", single), "$['synchronous-replication']", "single node");
    pending(client.put(POSTGRES + "orders", new JsonObject().put("plan", "startup-4")));
    refused(
        client.put(POSTGRES + "orders", new JsonObject().put("plan", "startup-8")),
        409,
        "the service is rebuilding and cannot be changed now");
    finish("orders");
    assertThat(client.get(POSTGRES + "orders").json().getString("plan")).isEqualTo("startup-4");
    assertThat(row("orders").spec().storageMib()).isEqualTo(175 * 1024);
  }

  @Test
  void nothingIsWaitedForWithASingleNode() {
    String path = POSTGRES + "orders";
    JsonObject quorum = new JsonObject().put("synchronous-replication", "quorum");
    JsonObject two = new JsonObject().put("plan", "business-4");
    String unused = create("orders", two.copy().mergeIn(quorum));
    finish("orders");
    assertThat(client.get(path).json().getString("synchronous-replication")).isEqualTo("quorum");
    pending(client.put(path, PLAN));
    assertThat(client.get(path).json().getString("synchronous-replication")).isEqualTo("off");
    assertThat(finish("orders").setup().replication()).isEqualTo(Replication.ASYNCHRONOUS);
    requireNothingToDo(PLAN.copy().put("synchronous-replication", "off"));
    invalid(client.put(path, quorum), "$['synchronous-replication']", "single node");
    pending(client.put(path, two));
    finish("orders");
    assertThat(client.get(path).json().getString("synchronous-replication")).isEqualTo("off");
    pending(client.put(path, quorum));
    assertThat(finish("orders").setup().replication()).isEqualTo(Replication.STRICTLY_SYNCHRONOUS);
  }

  @Test
  void whatAnotherApiWantsOfStandbysIsOffWithoutAny() {
    Instance made = foreign("orders", Engine.POSTGRESQL, Replication.STRICTLY_SYNCHRONOUS);
    server.finish(made);
    String path = POSTGRES + "orders";
    assertThat(client.get(path).json().getString("synchronous-replication")).isEqualTo("off");
    requireNothingToDo(new JsonObject().put("synchronous-replication", "off"));
    assertThat(row("orders").setup().replication()).isEqualTo(Replication.STRICTLY_SYNCHRONOUS);
    JsonObject two = new JsonObject().put("plan", "business-4");
    pending(client.put(path, two.put("synchronous-replication", "off")));
    assertThat(finish("orders").setup().replication()).isEqualTo(Replication.ASYNCHRONOUS);
  }

  @Test
  void nothingToChangeIsASuccessThatCanBePolled() {
    running("orders");
    Answer answer = client.put(POSTGRES + "orders", new JsonObject());
    assertThat(answer.json().getString("state")).isEqualTo("success");
    assertThat(operation(answer.json().getString("id"))).isEqualTo(answer.json());
    assertThat(answer.json().getString("id")).isEqualTo(row("orders").id().toString());
    Answer same = client.put(POSTGRES + "orders", new JsonObject().put("plan", "startup-4"));
    assertThat(same.json().getString("state")).isEqualTo("success");
    // Also after something else has failed.
    var restarting = server.api.instances.restart(caller(), row("orders").shortId()).blockingGet();
    server.fail(restarting, "no");
    Answer after = client.put(POSTGRES + "orders", new JsonObject());
    assertThat(after.json().getString("state")).isEqualTo("success");
    assertThat(operation(after.json().getString("id"))).isEqualTo(after.json());
  }

  @Test
  void whatElseIsUnderWayIsNoAnswer() {
    running("orders");
    JsonObject plan = new JsonObject().put("plan", "startup-8");
    String resize = pending(client.put(POSTGRES + "orders", plan));
    requireNothingToDo(new JsonObject());
    assertThat(pending(client.put(POSTGRES + "orders", plan)))
        .as("is real no sooner")
        .isEqualTo(resize);
    requireNothingToDo(new JsonObject().put(ExoscalePolicy.PROTECTION, true));
    assertThat(row("orders").setup().policy().deletionProtected()).isTrue();
    requireNothingToDo(new JsonObject().put(ExoscalePolicy.PROTECTION, false));
    finish("orders");
    assertThat(operation(resize).getString("state")).isEqualTo("success");
    var restarting = server.api.instances.restart(caller(), row("orders").shortId()).blockingGet();
    server.fail(restarting, "no");
    requireNothingToDo(new JsonObject().put(ExoscalePolicy.PROTECTION, false));
    String deletion = pending(client.delete(POSTGRES + "orders"));
    requireNothingToDo(new JsonObject());
    requireNothingToDo(plan);
    refused(
        client.put(POSTGRES + "orders", new JsonObject().put("plan", "startup-16")),
        409,
        "the service is being deleted");
    refused(
        client.put(POSTGRES + "orders", new JsonObject().put(ExoscalePolicy.PROTECTION, true)),
        409,
        "the service is being deleted");
    assertThat(row("orders").setup().policy().deletionProtected()).isFalse();
    finish("orders");
    assertThat(operation(deletion).getString("state")).isEqualTo("success");
  }

  @Test
  void protectionHoldsWithAllElseThatIsAskedForOrNotAtAll() {
    running("orders");
    String resize =
        pending(client.put(POSTGRES + "orders", new JsonObject().put("plan", "startup-8")));
    JsonObject both =
        new JsonObject().put("plan", "startup-16").put(ExoscalePolicy.PROTECTION, true);
    refused(client.put(POSTGRES + "orders", both), 409, "cannot be changed now");
    assertThat(row("orders").setup().policy().deletionProtected()).isFalse();
    finish("orders");
    String again = pending(client.put(POSTGRES + "orders", both));
    assertThat(again).isNotEqualTo(resize);
    assertThat(row("orders").setup().policy().deletionProtected()).isTrue();
    refused(client.delete(POSTGRES + "orders"), 409, "protected");
    server.fail(row("orders"), "no room");
    assertThat(operation(again).getString("state")).isEqualTo("failure");
    assertThat(client.get(POSTGRES + "orders").json().getBoolean(ExoscalePolicy.PROTECTION))
        .isTrue();
    assertThat(pending(client.put(POSTGRES + "orders", both))).isNotEqualTo(again);
    finish("orders");
  }

  @Test
  void whatHasFailedIsTriedAgainByTheSameWishAlone() {
    running("orders");
    JsonObject plan = new JsonObject().put("plan", "startup-16");
    String failed = pending(client.put(POSTGRES + "orders", plan));
    server.fail(row("orders"), "no room");
    assertThat(client.get(POSTGRES + "orders").json().getString("state")).isNotEqualTo("running");
    requireNothingToDo(new JsonObject());
    requireNothingToDo(new JsonObject().put(ExoscalePolicy.PROTECTION, false));
    String again =
        pending(client.put(POSTGRES + "orders", plan.copy().put(ExoscalePolicy.PROTECTION, true)));
    assertThat(again).isNotEqualTo(failed);
    assertThat(row("orders").setup().policy().deletionProtected()).isTrue();
    server.fail(row("orders"), "no room");
    requireNothingToDo(new JsonObject().put(ExoscalePolicy.PROTECTION, false));
    assertThat(row("orders").setup().policy().deletionProtected()).isFalse();
    pending(client.put(POSTGRES + "orders", plan));
    finish("orders");
  }

  @Test
  void aRefusedSettingIsTriedAgainAlthoughTheServersAreWell() {
    running("orders");
    JsonObject open = new JsonObject().put("ip-filter", new JsonArray().add("10.0.0.0/8"));
    String failed = pending(client.put(POSTGRES + "orders", open));
    server.fail(row("orders"), "refused", Operation.Cause.PLATFORM);
    assertThat(client.get(POSTGRES + "orders").json().getString("state")).isEqualTo("running");
    requireNothingToDo(new JsonObject());
    String again = pending(client.put(POSTGRES + "orders", open));
    assertThat(again).isNotEqualTo(failed);
    finish("orders");
    requireNothingToDo(open);
  }

  private void requireNothingToDo(JsonObject asked) {
    Answer answer = client.put(POSTGRES + "orders", asked);
    assertThat(answer.status()).as(asked.encode()).isEqualTo(200);
    assertThat(answer.json().getString("state")).as(asked.encode()).isEqualTo("success");
    assertThat(answer.json().getString("id")).isEqualTo(row("orders").id().toString());
  }

  @Test
  void aLowerVersionIsRefused() {
    running("orders");
    invalid(
        client.put(POSTGRES + "orders", new JsonObject().put("version", "17")),
        "$['version']",
        "version must be one of 18");
    invalid(
        client.put(POSTGRES + "orders", new JsonObject().put("plan", "huge-1")),
        "$['plan']",
        "plan must be one of");
    refused(client.put(POSTGRES + "none", new JsonObject()), 404, "service not found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/dbaas-service/", "/v2/dbaas-postgres/", "/dbaas-postgres/"})
  void aDeletedServiceIsGoneAndItsOperationStays(String path) {
    running("orders");
    String operation = pending(client.delete(path + "orders"));
    assertThat(client.get(POSTGRES + "orders").json().getString("state")).isEqualTo("running");
    assertThat(pending(client.delete(path + "orders"))).isEqualTo(operation);
    finish("orders");
    assertThat(operation(operation).getString("state")).isEqualTo("success");
    assertThat(client.get(POSTGRES + "orders").status()).isEqualTo(404);
    refused(client.delete(path + "orders"), 404, "service not found");
    String again = create("orders", PLAN);
    assertThat(operation(again).getString("state")).isEqualTo("pending");
  }

  private mooring.core.Caller caller() {
    return new mooring.core.Caller(tenant, null, null);
  }
}
