package mooring.local.kubernetes;

import static mooring.local.kubernetes.SemanticsSuite.cluster;
import static mooring.local.kubernetes.SemanticsSuite.configMap;
import static mooring.local.kubernetes.SemanticsSuite.configMapWith;
import static mooring.local.kubernetes.SemanticsSuite.object;
import static mooring.local.kubernetes.SemanticsSuite.service;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.UUID;
import mooring.local.kubernetes.RawClient.Reply;
import org.junit.jupiter.api.Test;

/** Creating, reading, replacing: metadata, versions, generation, status, refusals. */
interface CrudSemantics extends SemanticsSuite {

  @Test
  default void aCreatedObjectGetsItsMetadata() {
    Reply made = created(core("configmaps"), configMap("meta", "{\"a\":\"b\"}"));
    assertThat(UUID.fromString(made.text("/metadata/uid"))).isNotNull();
    assertThat(made.text("/metadata/creationTimestamp")).matches("\\d{4}-.*T\\d\\d:\\d\\d:\\d\\dZ");
    assertThat(made.text("/metadata/namespace")).isEqualTo(namespace());
    assertThat(made.version()).matches("[1-9]\\d*");
    assertThat(made.body().path("metadata").has("generation")).isFalse();
    assertThat(ok(http().get(core("configmaps/meta"))).body()).isEqualTo(made.body());
  }

  @Test
  default void aMissingObjectIsAStatusThatNamesIt() {
    Reply secret = refused(http().get(core("secrets/none")), 404, "NotFound");
    assertThat(secret.text("/message")).isEqualTo("secrets \"none\" not found");
    assertThat(secret.text("/details/name")).isEqualTo("none");
    assertThat(secret.text("/details/kind")).isEqualTo("secrets");
    Reply cluster = refused(http().get(cnpg("clusters/none")), 404, "NotFound");
    assertThat(cluster.text("/message"))
        .isEqualTo("clusters.postgresql.cnpg.io \"none\" not found");
    assertThat(cluster.text("/details/group")).isEqualTo("postgresql.cnpg.io");
    refused(http().get(core("nothings")), 404, "NotFound");
    assertThat(http().get("/apis/nobody.example/v1/things").code()).isEqualTo(404);
    refused(http().delete(core("secrets/none")), 404, "NotFound");
    refused(http().patch(core("secrets/none"), RawClient.MERGE, "{}"), 404, "NotFound");
  }

  @Test
  default void aSecondCreateOfTheSameNameConflicts() {
    created(core("configmaps"), configMap("twice", "{}"));
    Reply again =
        refused(http().post(core("configmaps"), configMap("twice", "{}")), 409, "AlreadyExists");
    assertThat(again.text("/message")).isEqualTo("configmaps \"twice\" already exists");
    assertThat(again.text("/details/name")).isEqualTo("twice");
  }

  @Test
  default void aCreateNeedsItsNamespaceAndAValidName() {
    Reply nowhere =
        refused(
            http().post("/api/v1/namespaces/nowhere/configmaps", configMap("x", "{}")),
            404,
            "NotFound");
    assertThat(nowhere.text("/details/kind")).isEqualTo("namespaces");
    refused(
        http()
            .post(
                "/apis/postgresql.cnpg.io/v1/namespaces/nowhere/clusters",
                cluster("x", "{\"instances\":1,\"storage\":{\"size\":\"1Gi\"}}")),
        404,
        "NotFound");
    Reply bad =
        refused(
            http().post(core("secrets"), "{\"metadata\":{\"name\":\"Bad_Name\"}}"), 422, "Invalid");
    assertThat(bad.text("/details/causes/0/field")).isEqualTo("metadata.name");
    assertThat(bad.text("/details/causes/0/reason")).isEqualTo("FieldValueInvalid");
    assertThat(bad.text("/details/kind")).isEqualTo("Secret");
    refused(
        http().post(core("services"), service("1digit-first", "{\"ports\":[{\"port\":1}]}")),
        422,
        "Invalid");
    refused(http().post(core("secrets"), "{\"metadata\":{}}"), 422, "Invalid");
    refused(
        http().post(core("secrets"), "{\"metadata\":{\"name\":\"x\",\"namespace\":\"other\"}}"),
        400,
        "BadRequest");
    refused(
        http().post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"Not.Valid\"}}"),
        422,
        "Invalid");
  }

  @Test
  default void whatIsNotTheObjectIsRefused() {
    refused(http().post(core("secrets"), "{\"metadata\":"), 400, "BadRequest");
    refused(http().post(core("secrets"), service("x", "{}")), 400, "BadRequest");
    refused(http().send("POST", core("secrets"), "text/plain", "{}"), 415, "UnsupportedMediaType");
    refused(http().post(core("secrets/x"), "{}"), 405, "MethodNotAllowed");
    refused(
        http().post(core("configmaps"), configMapWith("lbl", "\"labels\":{\"a\":\"not valid!\"}")),
        422,
        "Invalid");
  }

  @Test
  default void generateNameMakesNamesOfItsOwn() {
    String body = "{\"metadata\":{\"generateName\":\"gen-\"}}";
    String one = created(core("configmaps"), body).text("/metadata/name");
    String two = created(core("configmaps"), body).text("/metadata/name");
    assertThat(one).matches("gen-[a-z0-9]{5}").isNotEqualTo(two);
  }

  @Test
  default void versionsGrowAndStayWhenNothingChanges() {
    Reply first = created(core("configmaps"), configMap("versions", "{\"a\":\"1\"}"));
    Reply same = ok(http().put(core("configmaps/versions"), first.body()));
    assertThat(same.body()).isEqualTo(first.body());
    Reply patchedSame =
        ok(http().patch(core("configmaps/versions"), RawClient.MERGE, "{\"data\":{\"a\":\"1\"}}"));
    assertThat(patchedSame.version()).isEqualTo(first.version());
    ObjectNode next = object(first);
    next.withObjectProperty("data").put("a", "2");
    Reply second = ok(http().put(core("configmaps/versions"), next));
    assertThat(Long.parseLong(second.version())).isGreaterThan(Long.parseLong(first.version()));
    assertThat(second.text("/metadata/uid")).isEqualTo(first.text("/metadata/uid"));
    assertThat(second.text("/metadata/creationTimestamp"))
        .isEqualTo(first.text("/metadata/creationTimestamp"));
  }

  @Test
  default void aStaleVersionConflictsOnPutAndPatch() {
    Reply first = created(core("configmaps"), configMap("stale", "{\"a\":\"1\"}"));
    ok(http().patch(core("configmaps/stale"), RawClient.MERGE, "{\"data\":{\"a\":\"2\"}}"));
    ObjectNode old = object(first);
    old.withObjectProperty("data").put("a", "3");
    Reply put = refused(http().put(core("configmaps/stale"), old), 409, "Conflict");
    assertThat(put.text("/message")).contains("the object has been modified");
    String patch = "{\"metadata\":{\"resourceVersion\":\"%s\"}}".formatted(first.version());
    refused(http().patch(core("configmaps/stale"), RawClient.MERGE, patch), 409, "Conflict");
    String replace =
        "[{\"op\":\"replace\",\"path\":\"/metadata/resourceVersion\",\"value\":\"%s\"},"
                .formatted(first.version())
            + "{\"op\":\"replace\",\"path\":\"/data/a\",\"value\":\"4\"}]";
    refused(http().patch(core("configmaps/stale"), RawClient.JSON_PATCH, replace), 409, "Conflict");
    assertThat(http().get(core("configmaps/stale")).text("/data/a")).isEqualTo("2");
  }

  @Test
  default void aPutWithoutVersionReplacesABuiltInButNoCustomResource() {
    created(core("configmaps"), configMap("blind", "{\"a\":\"1\"}"));
    Reply put =
        http()
            .send(
                "PUT",
                core("configmaps/blind"),
                RawClient.JSON,
                configMap("blind", "{\"b\":\"2\"}"));
    assertThat(ok(put).body().path("data").toString()).isEqualTo("{\"b\":\"2\"}");
    String spec = "{\"instances\":1,\"storage\":{\"size\":\"1Gi\"}}";
    created(cnpg("clusters"), cluster("blind", spec));
    Reply refused =
        refused(
            http().send("PUT", cnpg("clusters/blind"), RawClient.JSON, cluster("blind", spec)),
            422,
            "Invalid");
    assertThat(refused.text("/details/causes/0/field")).isEqualTo("metadata.resourceVersion");
    refused(
        http().send("PUT", core("configmaps/blind"), RawClient.JSON, configMap("other", "{}")),
        400,
        "BadRequest");
    refused(
        http().send("PUT", core("configmaps/none"), RawClient.JSON, configMap("none", "{}")),
        404,
        "NotFound");
  }

  @Test
  default void anObjectOfAnotherUidConflicts() {
    Reply made = created(core("configmaps"), configMap("uids", "{}"));
    ObjectNode other = object(made);
    other.withObjectProperty("metadata").put("uid", UUID.randomUUID().toString());
    refused(http().put(core("configmaps/uids"), other), 409, "Conflict");
  }

  @Test
  default void generationCountsChangesOfTheSpecAlone() {
    String spec = "{\"instances\":1,\"storage\":{\"size\":\"1Gi\"}}";
    Reply made = created(cnpg("clusters"), cluster("gen", spec));
    assertThat(made.body().at("/metadata/generation").asInt()).isEqualTo(1);
    String path = cnpg("clusters/gen");
    Reply labelled =
        ok(http().patch(path, RawClient.MERGE, "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"));
    assertThat(labelled.body().at("/metadata/generation").asInt()).isEqualTo(1);
    Reply wider = ok(http().patch(path, RawClient.MERGE, "{\"spec\":{\"instances\":2}}"));
    assertThat(wider.body().at("/metadata/generation").asInt()).isEqualTo(2);
    Reply status =
        ok(http().patch(path + "/status", RawClient.MERGE, "{\"status\":{\"phase\":\"x\"}}"));
    assertThat(status.body().at("/metadata/generation").asInt()).isEqualTo(2);
    Reply forged = ok(http().patch(path, RawClient.MERGE, "{\"metadata\":{\"generation\":9}}"));
    assertThat(forged.body().at("/metadata/generation").asInt()).isEqualTo(2);
  }

  @Test
  default void statusIsWrittenThroughItsSubresourceAlone() {
    String spec = "{\"instances\":1,\"storage\":{\"size\":\"1Gi\"}}";
    ObjectNode body = object(new Reply(0, parse(cluster("status", spec))));
    body.putObject("status").put("phase", "forged");
    Reply made = created(cnpg("clusters"), body.toString());
    assertThat(made.body().has("status")).isFalse();
    String path = cnpg("clusters/status");
    ok(http().patch(path, RawClient.MERGE, "{\"status\":{\"phase\":\"forged\"}}"));
    assertThat(http().get(path).body().has("status")).isFalse();

    ObjectNode withStatus = object(http().get(path));
    withStatus.putObject("status").put("phase", "true").put("instances", 1);
    withStatus.withObjectProperty("spec").put("instances", 3);
    withStatus.withObjectProperty("metadata").putObject("labels").put("a", "b");
    Reply written = ok(http().put(path + "/status", withStatus));
    assertThat(written.text("/status/phase")).isEqualTo("true");
    assertThat(written.body().at("/spec/instances").asInt()).isEqualTo(1);
    assertThat(written.body().at("/metadata/labels").isMissingNode()).isTrue();
    assertThat(ok(http().get(path + "/status")).body()).isEqualTo(written.body());

    Reply patched =
        ok(http().patch(path, RawClient.MERGE, "{\"spec\":{\"instances\":2},\"status\":null}"));
    assertThat(patched.body().at("/spec/instances").asInt()).isEqualTo(2);
    assertThat(patched.text("/status/phase")).isEqualTo("true");
    refused(http().get(core("secrets/x/status")), 404, "NotFound");
  }

  @Test
  default void aStatusWriteNeedsTheVersionItNames() {
    created(
        cnpg("clusters"),
        cluster("stale-status", "{\"instances\":1,\"storage\":{\"size\":\"1Gi\"}}"));
    String path = cnpg("clusters/stale-status");
    ObjectNode old = object(http().get(path));
    ok(http().patch(path, RawClient.MERGE, "{\"spec\":{\"instances\":2}}"));
    old.putObject("status").put("phase", "late");
    refused(http().put(path + "/status", old), 409, "Conflict");
  }

  @Test
  default void aDryRunChangesNothing() {
    Reply made = http().post(core("configmaps?dryRun=All"), configMap("dry", "{}"));
    assertThat(made.code()).isEqualTo(201);
    assertThat(http().get(core("configmaps/dry")).code()).isEqualTo(404);
    Reply real = created(core("configmaps"), configMap("dry", "{\"a\":\"1\"}"));
    Reply patched =
        ok(
            http()
                .patch(
                    core("configmaps/dry?dryRun=All"),
                    RawClient.MERGE,
                    "{\"data\":{\"a\":\"2\"}}"));
    assertThat(patched.text("/data/a")).isEqualTo("2");
    ok(http().delete(core("configmaps/dry?dryRun=All")));
    assertThat(http().get(core("configmaps/dry")).body()).isEqualTo(real.body());
  }

  @Test
  default void strangersAreTurnedAway() {
    refused(new RawClient(server(), "wrong").get(core("secrets")), 401, "Unauthorized");
  }

  @Test
  default void itTellsWhatItIs() {
    assertThat(ok(http().get("/version")).text("/major")).isEqualTo("1");
    for (String health : new String[] {"/healthz", "/readyz", "/livez"}) {
      assertThat(http().get(health).text("")).isEqualTo("ok");
    }
    assertThat(http().get("/api").text("/versions/0")).isEqualTo("v1");
    Reply resources = ok(http().get("/apis/postgresql.cnpg.io/v1"));
    assertThat(resources.body().path("resources").findValuesAsText("name"))
        .contains("clusters", "clusters/status", "backups", "poolers");
    assertThat(ok(http().get("/apis")).body().path("groups").findValuesAsText("name"))
        .contains("apps", "networking.k8s.io", "barmancloud.cnpg.io");
    assertThat(ok(http().get("/api/v1")).body().path("resources").findValuesAsText("kind"))
        .contains("Secret", "Service", "Namespace");
  }

  private static com.fasterxml.jackson.databind.JsonNode parse(String json) {
    try {
      return Json.read(json.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
