package mooring.local.kubernetes;

import static mooring.local.kubernetes.SemanticsSuite.cluster;
import static mooring.local.kubernetes.SemanticsSuite.configMap;
import static mooring.local.kubernetes.SemanticsSuite.service;
import static org.assertj.core.api.Assertions.assertThat;

import mooring.local.kubernetes.RawClient.Reply;
import org.junit.jupiter.api.Test;

/** The three plain kinds of patch. */
interface PatchSemantics extends SemanticsSuite {

  @Test
  default void aMergePatchReplacesArraysAndRemovesByNull() {
    created(
        cnpg("clusters"),
        cluster(
            "merge",
            """
            {"instances":1,"storage":{"size":"1Gi"},
             "postgresql":{"pg_hba":["a","b"],"parameters":{"x":"1","y":"2"}}}"""));
    Reply patched =
        ok(
            http()
                .patch(
                    cnpg("clusters/merge"),
                    RawClient.MERGE,
                    """
                    {"spec":{"postgresql":{"pg_hba":["z"],"parameters":{"x":null,"w":"3"}}}}"""));
    assertThat(patched.body().at("/spec/postgresql/pg_hba").toString()).isEqualTo("[\"z\"]");
    assertThat(patched.text("/spec/postgresql/parameters/w")).isEqualTo("3");
    assertThat(patched.text("/spec/postgresql/parameters/y")).isEqualTo("2");
    assertThat(patched.body().at("/spec/postgresql/parameters")).hasSize(2);
  }

  @Test
  default void aJsonPatchIsAllOrNothing() {
    created(core("configmaps"), configMap("jsonpatch", "{\"a\":\"1\",\"b\":\"2\"}"));
    String path = core("configmaps/jsonpatch");
    String good =
        """
        [{"op":"test","path":"/data/a","value":"1"},{"op":"remove","path":"/data/b"},
         {"op":"add","path":"/data/c","value":"3"}]""";
    Reply patched = ok(http().patch(path, RawClient.JSON_PATCH, good));
    assertThat(patched.body().path("data").toString()).isEqualTo("{\"a\":\"1\",\"c\":\"3\"}");
    String failing =
        """
        [{"op":"replace","path":"/data/a","value":"9"},{"op":"test","path":"/data/c","value":"no"}]""";
    refused(http().patch(path, RawClient.JSON_PATCH, failing), 422, "Invalid");
    refused(
        http().patch(path, RawClient.JSON_PATCH, "[{\"op\":\"remove\",\"path\":\"/data/none\"}]"),
        422,
        "Invalid");
    refused(http().patch(path, RawClient.JSON_PATCH, "[{\"op\":"), 400, "BadRequest");
    assertThat(http().get(path).version()).isEqualTo(patched.version());
  }

  @Test
  default void aStrategicMergePatchKnowsTheKeysOfLists() {
    created(
        core("services"),
        service(
            "strategic",
            """
            {"ports":[{"name":"a","port":1},{"name":"b","port":2}],"selector":{"x":"1"}}"""));
    Reply patched =
        ok(
            http()
                .patch(
                    core("services/strategic"),
                    RawClient.STRATEGIC,
                    """
                    {"spec":{"selector":{"y":"2"},
                     "ports":[{"port":2,"name":"c"},{"$patch":"delete","port":1}]}}"""));
    assertThat(patched.body().at("/spec/ports").findValuesAsText("name")).containsExactly("c");
    assertThat(patched.text("/spec/selector/x")).isEqualTo("1");
    assertThat(patched.text("/spec/selector/y")).isEqualTo("2");
  }

  @Test
  default void finalizersMergeAsASetInAStrategicPatch() {
    created(core("configmaps"), configMap("strategic-set", "{}"));
    String path = core("configmaps/strategic-set");
    ok(http().patch(path, RawClient.STRATEGIC, "{\"metadata\":{\"finalizers\":[\"a.io/a\"]}}"));
    Reply both =
        ok(http().patch(path, RawClient.STRATEGIC, "{\"metadata\":{\"finalizers\":[\"b.io/b\"]}}"));
    assertThat(both.body().at("/metadata/finalizers")).hasSize(2);
    Reply one =
        ok(
            http()
                .patch(
                    path,
                    RawClient.STRATEGIC,
                    "{\"metadata\":{\"$deleteFromPrimitiveList/finalizers\":[\"a.io/a\"]}}"));
    assertThat(one.body().at("/metadata/finalizers").toString()).isEqualTo("[\"b.io/b\"]");
    ok(http().patch(path, RawClient.MERGE, "{\"metadata\":{\"finalizers\":null}}"));
  }

  @Test
  default void otherPatchesAreRefused() {
    created(core("configmaps"), configMap("formats", "{}"));
    refused(
        http().patch(core("configmaps/formats"), "text/plain", "{}"), 415, "UnsupportedMediaType");
    refused(
        http().patch(core("configmaps/formats"), "application/json", "{}"),
        415,
        "UnsupportedMediaType");
    created(cnpg("clusters"), cluster("formats", "{\"storage\":{\"size\":\"1Gi\"}}"));
    refused(
        http().patch(cnpg("clusters/formats"), RawClient.STRATEGIC, "{}"),
        415,
        "UnsupportedMediaType");
    Reply broken = http().patch(core("configmaps/formats"), RawClient.MERGE, "{\"a\":");
    // A real server of version 1.20 calls it its own fault.
    assertThat(broken.code()).isIn(400, 500);
    assertThat(broken.text("/kind")).isEqualTo("Status");
  }

  @Test
  default void aPatchCannotMoveAnObject() {
    created(core("configmaps"), configMap("fixed", "{}"));
    Reply renamed =
        http()
            .patch(
                core("configmaps/fixed"), RawClient.MERGE, "{\"metadata\":{\"name\":\"moved\"}}");
    assertThat(renamed.code()).isIn(400, 422);
    assertThat(http().get(core("configmaps/moved")).code()).isEqualTo(404);
  }
}
