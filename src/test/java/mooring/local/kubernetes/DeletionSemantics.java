package mooring.local.kubernetes;

import static mooring.local.kubernetes.SemanticsSuite.configMap;
import static mooring.local.kubernetes.SemanticsSuite.configMapWith;
import static mooring.local.kubernetes.SemanticsSuite.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import mooring.local.kubernetes.RawClient.Reply;
import mooring.local.kubernetes.RawClient.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Deleting: finalizers, preconditions, owners, whole collections and namespaces. */
interface DeletionSemantics extends SemanticsSuite {

  private Reply owner(String name) {
    return created(core("configmaps"), configMap(name, "{}"));
  }

  private String ownedBy(String name, Reply owner, boolean blocks, String more) {
    return configMapWith(
        name,
        """
        "ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"%s","uid":"%s",
         "blockOwnerDeletion":%s}%s]"""
            .formatted(owner.text("/metadata/name"), owner.text("/metadata/uid"), blocks, more));
  }

  @Test
  default void aDeleteAnswersWithWhatItDeleted() {
    Reply made = owner("del");
    Reply deleted = ok(http().delete(core("configmaps/del")));
    assertThat(deleted.text("/kind")).isEqualTo("Status");
    assertThat(deleted.text("/status")).isEqualTo("Success");
    assertThat(deleted.text("/details/uid")).isEqualTo(made.text("/metadata/uid"));
    assertThat(http().get(core("configmaps/del")).code()).isEqualTo(404);
    Reply again = owner("del");
    assertThat(again.text("/metadata/uid")).isNotEqualTo(made.text("/metadata/uid"));
  }

  @Test
  default void preconditionsGuardADelete() {
    Reply made = owner("guarded");
    String wrongUid = "{\"preconditions\":{\"uid\":\"%s\"}}".formatted(UUID.randomUUID());
    refused(http().delete(core("configmaps/guarded"), wrongUid), 409, "Conflict");
    ok(http().patch(core("configmaps/guarded"), RawClient.MERGE, "{\"data\":{\"a\":\"1\"}}"));
    String stale = "{\"preconditions\":{\"resourceVersion\":\"%s\"}}".formatted(made.version());
    refused(http().delete(core("configmaps/guarded"), stale), 409, "Conflict");
    String right = "{\"preconditions\":{\"uid\":\"%s\"}}".formatted(made.text("/metadata/uid"));
    ok(http().delete(core("configmaps/guarded"), right));
  }

  @Test
  default void aFinalizerHoldsADelete() {
    created(
        cnpg("clusters"),
        """
        {"apiVersion":"postgresql.cnpg.io/v1","kind":"Cluster","metadata":{"name":"held",
         "finalizers":["example.org/hold"]},"spec":{"instances":1,"storage":{"size":"1Gi"}}}""");
    String path = cnpg("clusters/held");
    String query = "clusters?watch=true&fieldSelector=metadata.name%3Dheld";
    try (Stream watch = http().watch(cnpg(query))) {
      assertThat(watch.nextTypeAndName()).isEqualTo("ADDED held");
      Reply marked = ok(http().delete(path));
      assertThat(marked.text("/kind")).isEqualTo("Cluster");
      assertThat(marked.text("/metadata/deletionTimestamp")).isNotEmpty();
      assertThat(marked.body().at("/metadata/generation").asInt()).isEqualTo(2);
      assertThat(watch.nextTypeAndName()).isEqualTo("MODIFIED held");
      Reply again = ok(http().delete(path));
      assertThat(again.text("/metadata/deletionTimestamp"))
          .isEqualTo(marked.text("/metadata/deletionTimestamp"));
      refused(
          http()
              .patch(
                  path,
                  RawClient.MERGE,
                  "{\"metadata\":{\"finalizers\":[\"example.org/hold\",\"example.org/more\"]}}"),
          422,
          "Invalid");
      ok(http().patch(path + "/status", RawClient.MERGE, "{\"status\":{\"phase\":\"ending\"}}"));
      assertThat(watch.nextTypeAndName()).isEqualTo("MODIFIED held");
      ok(http().patch(path, RawClient.MERGE, "{\"metadata\":{\"finalizers\":[]}}"));
      assertThat(watch.nextTypeAndName()).isEqualTo("DELETED held");
    }
    assertThat(http().get(path).code()).isEqualTo(404);
  }

  @Test
  default void dependentsFollowTheirOwner() {
    Reply owner = owner("bg-owner");
    created(core("configmaps"), ownedBy("bg-child", owner, false, ""));
    ok(http().delete(core("configmaps/bg-owner"), "{\"propagationPolicy\":\"Background\"}"));
    assertThat(http().get(core("configmaps/bg-owner")).code()).isEqualTo(404);
    eventually(() -> http().get(core("configmaps/bg-child")).code(), 404);
  }

  @Test
  default void aDependentOfTwoOwnersStaysUntilBothAreGone() {
    Reply one = owner("two-one");
    Reply two = owner("two-two");
    String second =
        ",{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"name\":\"two-two\",\"uid\":\"%s\"}"
            .formatted(two.text("/metadata/uid"));
    created(core("configmaps"), ownedBy("two-child", one, false, second));
    ok(http().delete(core("configmaps/two-one")));
    Awaitility.await()
        .atMost(SOON)
        .until(
            () -> http().get(core("configmaps/two-child")).body().at("/metadata/ownerReferences"),
            owners -> owners.size() == 1);
    ok(http().delete(core("configmaps/two-two")));
    eventually(() -> http().get(core("configmaps/two-child")).code(), 404);
  }

  @Test
  default void aForegroundDeleteWaitsForBlockingDependents() {
    Reply owner = owner("fg-owner");
    created(core("configmaps"), ownedBy("fg-child", owner, true, ""));
    ok(
        http()
            .patch(
                core("configmaps/fg-child"),
                RawClient.MERGE,
                "{\"metadata\":{\"finalizers\":[\"example.org/hold\"]}}"));
    Reply marked =
        ok(http().delete(core("configmaps/fg-owner"), "{\"propagationPolicy\":\"Foreground\"}"));
    assertThat(marked.body().at("/metadata/finalizers").toString())
        .isEqualTo("[\"foregroundDeletion\"]");
    Awaitility.await()
        .atMost(SOON)
        .until(
            () -> http().get(core("configmaps/fg-child")).text("/metadata/deletionTimestamp"),
            t -> !t.isEmpty());
    assertThat(http().get(core("configmaps/fg-owner")).code()).isEqualTo(200);
    ok(
        http()
            .patch(
                core("configmaps/fg-child"),
                RawClient.MERGE,
                "{\"metadata\":{\"finalizers\":null}}"));
    eventually(() -> http().get(core("configmaps/fg-owner")).code(), 404);
    assertThat(http().get(core("configmaps/fg-child")).code()).isEqualTo(404);
  }

  @Test
  default void aForegroundDeleteWithoutDependentsEnds() {
    owner("fg-alone");
    ok(http().delete(core("configmaps/fg-alone?propagationPolicy=Foreground")));
    eventually(() -> http().get(core("configmaps/fg-alone")).code(), 404);
  }

  @Test
  default void orphansStay() {
    Reply owner = owner("orphan-owner");
    created(core("configmaps"), ownedBy("orphan-child", owner, false, ""));
    ok(http().delete(core("configmaps/orphan-owner"), "{\"propagationPolicy\":\"Orphan\"}"));
    eventually(() -> http().get(core("configmaps/orphan-owner")).code(), 404);
    Reply child = ok(http().get(core("configmaps/orphan-child")));
    assertThat(child.body().at("/metadata/ownerReferences").isMissingNode()).isTrue();
  }

  @Test
  default void aDependentOfNobodyIsCollected() {
    Reply ghost =
        new Reply(
            0,
            Json.object()
                .set(
                    "metadata",
                    Json.object().put("name", "ghost").put("uid", UUID.randomUUID().toString())));
    created(core("configmaps"), ownedBy("ghost-child", ghost, false, ""));
    eventually(() -> http().get(core("configmaps/ghost-child")).code(), 404);
  }

  @Test
  default void aCollectionIsDeletedBySelector() {
    for (String name : new String[] {"many-1", "many-2"}) {
      created(core("configmaps"), configMapWith(name, "\"labels\":{\"many\":\"yes\"}"));
    }
    owner("many-not");
    ok(http().delete(core("configmaps?labelSelector=many%3Dyes")));
    assertThat(http().get(core("configmaps?labelSelector=many")).body().path("items")).isEmpty();
    assertThat(http().get(core("configmaps/many-not")).code()).isEqualTo(200);
  }

  @Test
  default void aNamespaceGoesWithItsContent() {
    String name = namespace() + "-gone";
    Reply made = created("/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + name + "\"}}");
    assertThat(made.text("/status/phase")).isEqualTo("Active");
    assertThat(made.text("/spec/finalizers/0")).isEqualTo("kubernetes");
    String content = "/api/v1/namespaces/" + name + "/configmaps";
    created(content, configMapWith("inside", "\"finalizers\":[\"example.org/hold\"]"));
    Reply marked = ok(http().delete("/api/v1/namespaces/" + name));
    assertThat(marked.text("/status/phase")).isEqualTo("Terminating");
    refused(http().post(content, configMap("late", "{}")), 403, "Forbidden");
    Awaitility.await()
        .atMost(SOON)
        .until(
            () -> http().get(content + "/inside").text("/metadata/deletionTimestamp"),
            t -> !t.isEmpty());
    ok(http().patch(content + "/inside", RawClient.MERGE, "{\"metadata\":{\"finalizers\":null}}"));
    eventually(() -> http().get("/api/v1/namespaces/" + name).code(), 404);
  }
}
