package mooring.local.kubernetes;

import static mooring.local.kubernetes.SemanticsSuite.eventually;
import static mooring.local.kubernetes.SemanticsSuite.object;
import static org.assertj.core.api.Assertions.assertThat;

import mooring.local.kubernetes.RawClient.Reply;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** StatefulSets, the claims and the Pods that controllers make of them. */
interface WorkloadSemantics extends SemanticsSuite {

  private static String statefulSet(String name, String label) {
    return """
        {"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"%s"},"spec":{
         "replicas":0,"serviceName":"%s","selector":{"matchLabels":{"app":"%s"}},
         "template":{"metadata":{"labels":{"app":"%s"}},"spec":{
          "containers":[{"name":"database","image":"redis:7.0.15",
           "readinessProbe":{"exec":{"command":["true"]}}}],
          "volumes":[{"name":"files","secret":{"secretName":"files"}}]}},
         "volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{
          "accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}]}}"""
        .formatted(name, name, name, label);
  }

  private static String pod(String name, String more) {
    return """
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%s"},"spec":{%s
         "containers":[{"name":"database","image":"redis:7.0.15"}]}}"""
        .formatted(name, more);
  }

  /** They are forbidden before a controller has given the namespace its service account. */
  private Reply createdPod(String pod) {
    Reply reply =
        Awaitility.await()
            .atMost(SOON)
            .until(() -> http().post(core("pods"), pod), answer -> answer.code() != 403);
    assertThat(reply.code()).as("%s", reply.body()).isEqualTo(201);
    return reply;
  }

  @Test
  default void aStatefulSetIsCompletedAndCountsItsGenerations() {
    Reply made = created(apps("statefulsets"), statefulSet("sets", "sets"));
    assertThat(made.text("/spec/podManagementPolicy")).isEqualTo("OrderedReady");
    assertThat(made.text("/spec/updateStrategy/type")).isEqualTo("RollingUpdate");
    assertThat(made.text("/spec/volumeClaimTemplates/0/spec/volumeMode")).isEqualTo("Filesystem");
    String template = "/spec/template/spec";
    assertThat(made.text(template + "/restartPolicy")).isEqualTo("Always");
    assertThat(made.text(template + "/containers/0/imagePullPolicy")).isEqualTo("IfNotPresent");
    String probe = template + "/containers/0/readinessProbe";
    assertThat(made.body().at(probe + "/periodSeconds").asInt()).isEqualTo(10);
    assertThat(made.body().at(probe + "/failureThreshold").asInt()).isEqualTo(3);
    assertThat(made.body().at(template + "/volumes/0/secret/defaultMode").asInt()).isEqualTo(420);
    assertThat(made.body().at("/metadata/generation").asInt()).isEqualTo(1);

    String template2 = "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"a\":\"b\"}}}}}";
    Reply changed = ok(http().patch(apps("statefulsets/sets"), RawClient.MERGE, template2));
    assertThat(changed.body().at("/metadata/generation").asInt()).isEqualTo(2);
    String annotated = "{\"metadata\":{\"annotations\":{\"a\":\"b\"}}}";
    Reply same = ok(http().patch(apps("statefulsets/sets"), RawClient.MERGE, annotated));
    assertThat(same.body().at("/metadata/generation").asInt()).isEqualTo(2);
    Reply status =
        ok(
            http()
                .patch(
                    apps("statefulsets/sets/status"),
                    RawClient.MERGE,
                    "{\"status\":{\"observedGeneration\":2},\"spec\":{\"replicas\":5}}"));
    assertThat(status.body().at("/spec/replicas").asInt()).isZero();
    ok(http().delete(apps("statefulsets/sets")));
  }

  @Test
  default void aStatefulSetKeepsItsSelectorAndItsClaims() {
    refused(http().post(apps("statefulsets"), statefulSet("odd", "other")), 422, "Invalid");
    created(apps("statefulsets"), statefulSet("fixed", "fixed"));
    for (String change :
        new String[] {
          "{\"spec\":{\"serviceName\":\"other\"}}",
          "{\"spec\":{\"volumeClaimTemplates\":[]}}",
          "{\"spec\":{\"selector\":{\"matchLabels\":{\"more\":\"x\"}}}}"
        }) {
      Reply refusal = http().patch(apps("statefulsets/fixed"), RawClient.MERGE, change);
      refused(refusal, 422, "Invalid");
      assertThat(refusal.text("/message")).contains("spec: Forbidden: updates to statefulset spec");
    }
    ok(http().patch(apps("statefulsets/fixed/status"), RawClient.MERGE, "{\"status\":{}}"));
    ok(http().delete(apps("statefulsets/fixed")));
  }

  @Test
  default void aClaimDoesNotShrink() {
    created(
        core("persistentvolumeclaims"),
        """
        {"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"space"},"spec":{
         "accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"2Gi"}}}}""");
    String size = "{\"spec\":{\"resources\":{\"requests\":{\"storage\":\"1Gi\"}}}}";
    String path = core("persistentvolumeclaims/space");
    refused(http().patch(path, RawClient.MERGE, size), 422, "Invalid");
    String modes = "{\"spec\":{\"accessModes\":[\"ReadWriteMany\"]}}";
    refused(http().patch(path, RawClient.MERGE, modes), 422, "Invalid");
    ok(http().delete(path));
  }

  @Test
  default void aPodThatNobodyRunsGoesAtOnce() {
    Reply unused = createdPod(pod("idle", ""));
    ok(http().delete(core("pods/idle")));
    eventually(() -> http().get(core("pods/idle")).code(), 404);
  }

  @Test
  default void aPodOnANodeGoesWhenItsProcessesHaveEnded() {
    Reply made = createdPod(pod("busy", "\"nodeName\":\"here\","));
    assertThat(made.text("/status/phase")).isEqualTo("Pending");
    Reply marked = ok(http().delete(core("pods/busy")));
    assertThat(marked.text("/metadata/deletionTimestamp")).isNotEmpty();
    assertThat(marked.body().at("/metadata/deletionGracePeriodSeconds").asInt()).isEqualTo(30);
    ok(
        http()
            .patch(
                core("pods/busy/status"),
                RawClient.MERGE,
                "{\"status\":{\"message\":\"it is ending\"}}"));
    Reply still = ok(http().get(core("pods/busy")));
    assertThat(object(still).at("/status/message").asText()).isEqualTo("it is ending");
    ok(http().delete(core("pods/busy"), "{\"gracePeriodSeconds\":0}"));
    assertThat(http().get(core("pods/busy")).code()).isEqualTo(404);
  }
}
