package mooring.local.kubernetes;

import static mooring.local.kubernetes.SemanticsSuite.cluster;
import static mooring.local.kubernetes.SemanticsSuite.configMap;
import static mooring.local.kubernetes.SemanticsSuite.configMapWith;
import static mooring.local.kubernetes.SemanticsSuite.service;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import mooring.local.kubernetes.RawClient.Reply;
import org.junit.jupiter.api.Test;

/** Server-side apply: who owns which field, and what follows from it. */
interface ApplySemantics extends SemanticsSuite {

  private Reply apply(String path, String manager, String body) {
    return http().patch(path + "?fieldManager=" + manager, RawClient.APPLY, body);
  }

  private Reply force(String path, String manager, String body) {
    return http().patch(path + "?force=true&fieldManager=" + manager, RawClient.APPLY, body);
  }

  /** What a manager owns; a missing node when it owns nothing. */
  private static JsonNode fields(Reply reply, String manager, String operation) {
    for (JsonNode entry : reply.body().at("/metadata/managedFields")) {
      if (entry.path("manager").asText().equals(manager)
          && entry.path("operation").asText().equals(operation)) {
        return entry.path("fieldsV1");
      }
    }
    return reply.body().path("none");
  }

  @Test
  default void anApplyCreatesWhatIsAbsentAndOwnsWhatItNames() {
    String path = core("configmaps/apply");
    Reply made = apply(path, "one", configMapWith("apply", "\"labels\":{\"l\":\"1\"}"));
    assertThat(made.code()).isEqualTo(201);
    assertThat(fields(made, "one", "Apply").toString())
        .isEqualTo("{\"f:metadata\":{\"f:labels\":{\"f:l\":{}}}}");
    Reply entry = made;
    assertThat(entry.text("/metadata/managedFields/0/fieldsType")).isEqualTo("FieldsV1");
    assertThat(entry.text("/metadata/managedFields/0/apiVersion")).isEqualTo("v1");
    Reply again = apply(path, "one", configMapWith("apply", "\"labels\":{\"l\":\"1\"}"));
    assertThat(ok(again).version()).isEqualTo(made.version());
  }

  @Test
  default void anApplyMayBeYaml() {
    Reply made =
        apply(
            core("configmaps/yaml"),
            "one",
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yaml\ndata:\n  a: \"1\"\n");
    assertThat(made.code()).isEqualTo(201);
    assertThat(made.text("/data/a")).isEqualTo("1");
  }

  @Test
  default void anApplyNeedsAManagerAndAWholeHead() {
    String path = core("configmaps/head");
    Reply nobody =
        refused(http().patch(path, RawClient.APPLY, configMap("head", "{}")), 422, "Invalid");
    assertThat(nobody.text("/details/causes/0/field")).isEqualTo("fieldManager");
    refused(apply(path, "one", "{\"metadata\":{\"name\":\"head\"}}"), 400, "BadRequest");
    created(core("configmaps"), configMap("head", "{}"));
    refused(
        apply(path, "one", configMapWith("head", "\"managedFields\":[{\"manager\":\"x\"}]")),
        400,
        "BadRequest");
    assertThat(apply(path, "one", configMap("other", "{}")).code()).isEqualTo(400);
  }

  @Test
  default void whatAnotherOwnsConflictsUnlessForced() {
    String path = core("configmaps/conflict");
    apply(path, "one", configMap("conflict", "{\"a\":\"1\",\"b\":\"1\"}"));
    Reply refused =
        refused(
            apply(path, "two", configMap("conflict", "{\"a\":\"2\",\"b\":\"2\",\"c\":\"2\"}")),
            409,
            "Conflict");
    assertThat(refused.body().at("/details/causes").findValuesAsText("field"))
        .containsExactlyInAnyOrder(".data.a", ".data.b");
    assertThat(refused.text("/details/causes/0/reason")).isEqualTo("FieldManagerConflict");
    assertThat(refused.text("/details/causes/0/message")).isEqualTo("conflict with \"one\"");
    assertThat(http().get(path).body().path("data").toString())
        .isEqualTo("{\"a\":\"1\",\"b\":\"1\"}");

    Reply forced = ok(force(path, "two", configMap("conflict", "{\"a\":\"2\"}")));
    assertThat(forced.text("/data/a")).isEqualTo("2");
    assertThat(fields(forced, "one", "Apply").toString()).isEqualTo("{\"f:data\":{\"f:b\":{}}}");
    assertThat(fields(forced, "two", "Apply").toString()).isEqualTo("{\"f:data\":{\"f:a\":{}}}");
  }

  @Test
  default void theSameValueIsSharedWithoutConflict() {
    String path = core("configmaps/shared");
    apply(path, "one", configMap("shared", "{\"a\":\"1\"}"));
    Reply both = ok(apply(path, "two", configMap("shared", "{\"a\":\"1\"}")));
    assertThat(fields(both, "one", "Apply")).isEqualTo(fields(both, "two", "Apply"));
    Reply left = ok(apply(path, "one", configMap("shared", "{}")));
    assertThat(left.text("/data/a")).isEqualTo("1");
    Reply gone = ok(apply(path, "two", configMap("shared", "{}")));
    assertThat(gone.body().at("/data/a").isMissingNode()).isTrue();
  }

  @Test
  default void whatIsNoLongerAppliedGoesAway() {
    String path = core("configmaps/dropped");
    apply(
        path,
        "one",
        """
        {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"dropped","labels":{"l":"1"},
         "annotations":{"x":"1"}},"data":{"a":"1","b":"1"}}""");
    ok(http().patch(path, RawClient.MERGE, "{\"data\":{\"foreign\":\"1\"}}"));
    Reply less =
        ok(
            apply(
                path,
                "one",
                """
                {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"dropped",
                 "annotations":{"x":"1"}},"data":{"a":"1"}}"""));
    assertThat(less.body().path("data").toString()).isEqualTo("{\"a\":\"1\",\"foreign\":\"1\"}");
    assertThat(less.body().at("/metadata/labels").isMissingNode()).isTrue();
    assertThat(less.text("/metadata/annotations/x")).isEqualTo("1");
  }

  @Test
  default void anUpdateTakesOwnershipAndThenConflicts() {
    String path = core("configmaps/update");
    apply(path, "one", configMap("update", "{\"a\":\"1\",\"b\":\"1\"}"));
    Reply patched =
        ok(http().patch(path + "?fieldManager=two", RawClient.MERGE, "{\"data\":{\"a\":\"2\"}}"));
    assertThat(fields(patched, "two", "Update").toString()).isEqualTo("{\"f:data\":{\"f:a\":{}}}");
    assertThat(fields(patched, "one", "Apply").toString()).isEqualTo("{\"f:data\":{\"f:b\":{}}}");
    Reply conflict =
        refused(
            apply(path, "one", configMap("update", "{\"a\":\"1\",\"b\":\"1\"}")), 409, "Conflict");
    assertThat(conflict.text("/details/causes/0/message"))
        .startsWith("conflict with \"two\" using v1");
    ok(force(path, "one", configMap("update", "{\"a\":\"1\",\"b\":\"1\"}")));
  }

  @Test
  default void whatWasCreatedIsOwnedByItsCreator() {
    Reply made =
        created(core("configmaps?fieldManager=maker"), configMap("creator", "{\"a\":\"1\"}"));
    assertThat(fields(made, "maker", "Update").toString())
        .isEqualTo("{\"f:data\":{\".\":{},\"f:a\":{}}}");
    String path = core("configmaps/creator");
    refused(apply(path, "one", configMap("creator", "{\"a\":\"2\"}")), 409, "Conflict");
    Reply removed =
        ok(http().patch(path + "?fieldManager=two", RawClient.MERGE, "{\"data\":{\"a\":null}}"));
    assertThat(fields(removed, "maker", "Update").at("/f:data/f:a").isMissingNode()).isTrue();
  }

  @Test
  default void portsOfAServiceAreItemsOfTheirOwn() {
    String path = core("services/ports");
    apply(
        path,
        "one",
        service("ports", "{\"ports\":[{\"name\":\"a\",\"port\":1,\"protocol\":\"TCP\"}]}"));
    Reply two =
        ok(
            apply(
                path,
                "two",
                service(
                    "ports", "{\"ports\":[{\"name\":\"b\",\"port\":2,\"protocol\":\"TCP\"}]}")));
    assertThat(two.body().at("/spec/ports").findValuesAsText("name")).containsExactly("a", "b");
    assertThat(fields(two, "two", "Apply").at("/f:spec/f:ports").fieldNames().next())
        .isEqualTo("k:{\"port\":2,\"protocol\":\"TCP\"}");
    Reply conflict =
        refused(
            apply(
                path,
                "two",
                service("ports", "{\"ports\":[{\"name\":\"z\",\"port\":1,\"protocol\":\"TCP\"}]}")),
            409,
            "Conflict");
    assertThat(conflict.text("/details/causes/0/field"))
        .isEqualTo(".spec.ports[port=1,protocol=\"TCP\"].name");
    Reply moved =
        ok(
            apply(
                path,
                "two",
                service(
                    "ports", "{\"ports\":[{\"name\":\"c\",\"port\":3,\"protocol\":\"TCP\"}]}")));
    assertThat(moved.body().at("/spec/ports").findValuesAsText("name")).containsExactly("a", "c");
    assertThat(moved.body().at("/spec/ports/1/targetPort").asInt()).isEqualTo(3);
  }

  @Test
  default void aPortWithoutItsProtocolHasNoIdentity() {
    Reply refused =
        apply(core("services/half"), "one", service("half", "{\"ports\":[{\"port\":1}]}"));
    assertThat(refused.code()).isEqualTo(500);
    assertThat(refused.text("/message")).contains("omits key field \"protocol\"");
  }

  @Test
  default void finalizersAndOwnersMergeAsSets() {
    String path = core("configmaps/sets");
    apply(path, "one", configMapWith("sets", "\"finalizers\":[\"a.io/a\"]"));
    Reply both = ok(apply(path, "two", configMapWith("sets", "\"finalizers\":[\"b.io/b\"]")));
    assertThat(both.body().at("/metadata/finalizers").toString())
        .isEqualTo("[\"a.io/a\",\"b.io/b\"]");
    assertThat(fields(both, "two", "Apply").at("/f:metadata/f:finalizers").fieldNames().next())
        .isEqualTo("v:\"b.io/b\"");
    Reply one = ok(apply(path, "one", configMap("sets", "{}")));
    assertThat(one.body().at("/metadata/finalizers").toString()).isEqualTo("[\"b.io/b\"]");
    ok(http().patch(path, RawClient.MERGE, "{\"metadata\":{\"finalizers\":[]}}"));
  }

  @Test
  default void otherListsAreOneValue() {
    String path = cnpg("clusters/atomic");
    String spec = "{\"instances\":1,\"storage\":{\"size\":\"1Gi\"},\"postgresql\":{\"pg_hba\":%s}}";
    apply(path, "one", cluster("atomic", spec.formatted("[\"a\",\"b\"]")));
    Reply conflict =
        refused(
            apply(path, "two", cluster("atomic", "{\"postgresql\":{\"pg_hba\":[\"c\"]}}")),
            409,
            "Conflict");
    assertThat(conflict.text("/details/causes/0/field")).isEqualTo(".spec.postgresql.pg_hba");
    Reply replaced = ok(apply(path, "one", cluster("atomic", spec.formatted("[\"c\"]"))));
    assertThat(replaced.body().at("/spec/postgresql/pg_hba").toString()).isEqualTo("[\"c\"]");
    assertThat(replaced.body().at("/metadata/generation").asInt()).isEqualTo(2);
  }

  @Test
  default void anObjectThatVanishesFromAnApplyVanishes() {
    String path = cnpg("clusters/nested");
    String spec = "{\"instances\":1,\"storage\":{\"size\":\"1Gi\"}%s}";
    apply(
        path,
        "one",
        cluster("nested", spec.formatted(",\"postgresql\":{\"parameters\":{\"a\":\"1\"}}")));
    Reply less = ok(apply(path, "one", cluster("nested", spec.formatted(""))));
    assertThat(less.body().at("/spec/postgresql/parameters/a").isMissingNode()).isTrue();
    assertThat(less.body().at("/spec/instances").asInt()).isEqualTo(1);
    assertThat(less.text("/spec/storage/size")).isEqualTo("1Gi");
  }

  @Test
  default void aMapOfACustomResourceIsOwnedItself() {
    String spec = "{\"instances\":1,\"storage\":{\"size\":\"1Gi\"}}";
    Reply made = apply(cnpg("clusters/deduced"), "one", cluster("deduced", spec));
    assertThat(fields(made, "one", "Apply").toString())
        .isEqualTo(
            "{\"f:spec\":{\".\":{},\"f:instances\":{},\"f:storage\":{\".\":{},\"f:size\":{}}}}");
    apply(cnpg("clusters/deduced"), "two", finalized("c.io/c"));
    refused(apply(cnpg("clusters/deduced"), "three", finalized("d.io/d")), 409, "Conflict");
    ok(
        http()
            .patch(
                cnpg("clusters/deduced"), RawClient.MERGE, "{\"metadata\":{\"finalizers\":null}}"));
  }

  private static String finalized(String finalizer) {
    return """
        {"apiVersion":"postgresql.cnpg.io/v1","kind":"Cluster",
         "metadata":{"name":"deduced","finalizers":["%s"]}}"""
        .formatted(finalizer);
  }

  @Test
  default void nullInAnApplySaysNothing() {
    String path = core("configmaps/nulls");
    Reply made =
        apply(path, "one", configMapWith("nulls", "\"labels\":null,\"annotations\":{\"a\":\"b\"}"));
    assertThat(fields(made, "one", "Apply").toString())
        .isEqualTo("{\"f:metadata\":{\"f:annotations\":{\"f:a\":{}}}}");
  }

  @Test
  default void anApplyOfStatusLeavesTheSpecAlone() {
    String path = cnpg("clusters/apply-status");
    apply(path, "one", cluster("apply-status", "{\"instances\":1,\"storage\":{\"size\":\"1Gi\"}}"));
    Reply status =
        ok(
            apply(
                path + "/status",
                "operator",
                """
                {"apiVersion":"postgresql.cnpg.io/v1","kind":"Cluster",
                 "metadata":{"name":"apply-status"},"status":{"phase":"fine"}}"""));
    assertThat(status.text("/status/phase")).isEqualTo("fine");
    assertThat(status.body().at("/spec/instances").asInt()).isEqualTo(1);
    Reply again =
        ok(
            apply(
                path,
                "one",
                cluster("apply-status", "{\"instances\":2,\"storage\":{\"size\":\"1Gi\"}}")));
    assertThat(again.text("/status/phase")).isEqualTo("fine");
  }

  @Test
  default void anApplyWithAStaleVersionConflicts() {
    String path = core("configmaps/apply-stale");
    Reply made = apply(path, "one", configMap("apply-stale", "{\"a\":\"1\"}"));
    apply(path, "one", configMap("apply-stale", "{\"a\":\"2\"}"));
    refused(
        apply(
            path,
            "one",
            configMapWith("apply-stale", "\"resourceVersion\":\"" + made.version() + "\"")),
        409,
        "Conflict");
  }

  @Test
  default void anApplyOnConditionChangesOnlyWhatItNames() {
    String path = core("configmaps/conditional");
    String none = configMapWith("conditional", "\"resourceVersion\":\"1\"");
    assertThat(apply(path, "one", none).code()).isEqualTo(201);
    refused(apply(path, "one", none), 409, "Conflict");
    Reply there = http().get(path);
    String condition = "\"resourceVersion\":\"" + there.version() + "\",\"uid\":\"%s\"";
    String same = configMapWith("conditional", condition.formatted(there.text("/metadata/uid")));
    assertThat(ok(force(path, "one", same)).version()).isEqualTo(there.version());
    assertThat(http().delete(path).code()).isEqualTo(200);
    refused(force(path, "one", same), 409, "Conflict");
    assertThat(http().get(path).code()).isEqualTo(404);
  }

  @Test
  default void anApplyOfANewServiceNamesNoVersion() {
    Reply refused =
        apply(
            core("services/versioned"),
            "one",
            """
            {"apiVersion":"v1","kind":"Service",
             "metadata":{"name":"versioned","resourceVersion":"1"},
             "spec":{"ports":[{"port":1,"protocol":"TCP"}]}}""");
    assertThat(refused.code()).isEqualTo(500);
    assertThat(http().get(core("services/versioned")).code()).isEqualTo(404);
  }

  @Test
  default void ownershipCanBeReset() {
    Reply made = created(core("configmaps"), configMap("reset", "{\"a\":\"1\"}"));
    assertThat(made.body().at("/metadata/managedFields")).hasSize(1);
    Reply reset =
        ok(
            http()
                .patch(
                    core("configmaps/reset"),
                    RawClient.MERGE,
                    "{\"metadata\":{\"managedFields\":[{}]}}"));
    assertThat(reset.body().at("/metadata/managedFields").isMissingNode()).isTrue();
    Reply conflict =
        refused(
            apply(core("configmaps/reset"), "one", configMap("reset", "{\"a\":\"2\"}")),
            409,
            "Conflict");
    assertThat(conflict.text("/message")).contains("before-first-apply");
  }
}
