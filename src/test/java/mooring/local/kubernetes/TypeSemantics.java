package mooring.local.kubernetes;

import static mooring.local.kubernetes.SemanticsSuite.cluster;
import static mooring.local.kubernetes.SemanticsSuite.object;
import static mooring.local.kubernetes.SemanticsSuite.service;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import mooring.local.kubernetes.RawClient.Reply;
import org.junit.jupiter.api.Test;

/** What the server fills in, and the promises of single types. */
interface TypeSemantics extends SemanticsSuite {

  @Test
  default void aServiceIsCompleted() {
    Reply made =
        created(
            core("services"),
            service("plain", "{\"ports\":[{\"port\":5432}],\"selector\":{\"a\":\"b\"}}"));
    assertThat(made.text("/spec/type")).isEqualTo("ClusterIP");
    assertThat(made.text("/spec/ports/0/protocol")).isEqualTo("TCP");
    assertThat(made.body().at("/spec/ports/0/targetPort").asInt()).isEqualTo(5432);
    assertThat(made.text("/spec/sessionAffinity")).isEqualTo("None");
    assertThat(made.text("/spec/clusterIP")).matches("10\\.96\\.\\d+\\.\\d+");
    assertThat(made.body().at("/status/loadBalancer").isObject()).isTrue();

    ObjectNode put = object(made);
    put.withObjectProperty("spec").putObject("selector").put("c", "d");
    Reply kept = ok(http().put(core("services/plain"), put));
    assertThat(kept.text("/spec/clusterIP")).isEqualTo(made.text("/spec/clusterIP"));
    put.withObjectProperty("spec").remove(List.of("clusterIP", "clusterIPs"));
    put.withObjectProperty("metadata").remove("resourceVersion");
    refused(http().put(core("services/plain"), put), 422, "Invalid");
    refused(
        http()
            .patch(
                core("services/plain"),
                RawClient.MERGE,
                "{\"spec\":{\"clusterIP\":\"10.96.9.9\"}}"),
        422,
        "Invalid");
  }

  @Test
  default void aLoadBalancerGetsNodePortsAndItsStatusFromOutside() {
    Reply made =
        created(
            core("services"),
            service(
                "balanced",
                "{\"type\":\"LoadBalancer\",\"loadBalancerIP\":\"127.77.0.9\",\"ports\":[{\"port\":5432}]}"));
    assertThat(made.body().at("/spec/ports/0/nodePort").asInt()).isGreaterThanOrEqualTo(30000);
    assertThat(made.text("/spec/externalTrafficPolicy")).isEqualTo("Cluster");
    String status = "{\"status\":{\"loadBalancer\":{\"ingress\":[{\"ip\":\"127.77.0.9\"}]}}}";
    Reply written = ok(http().patch(core("services/balanced/status"), RawClient.MERGE, status));
    assertThat(written.text("/status/loadBalancer/ingress/0/ip")).isEqualTo("127.77.0.9");
    assertThat(written.body().at("/spec/ports/0/nodePort"))
        .isEqualTo(made.body().at("/spec/ports/0/nodePort"));
  }

  @Test
  default void theAddressAndThePortsOfAServiceAreItsOwnUntilItGoes() {
    String spec = "{\"type\":\"NodePort\",\"ports\":[{\"port\":5432,\"nodePort\":%s}]}";
    Reply first = created(core("services"), service("first", spec.formatted("null")));
    String port = first.text("/spec/ports/0/nodePort");
    String address = first.text("/spec/clusterIP");
    Reply samePort = http().post(core("services"), service("second", spec.formatted(port)));
    refused(samePort, 422, "Invalid");
    assertThat(samePort.text("/message")).contains("provided port is already allocated");
    String there = "{\"clusterIP\":\"" + address + "\",\"ports\":[{\"port\":5432}]}";
    Reply sameAddress = http().post(core("services"), service("second", there));
    refused(sameAddress, 422, "Invalid");
    assertThat(sameAddress.text("/message")).contains("provided IP is already allocated");

    Reply same =
        ok(
            http()
                .patch(
                    core("services/first"),
                    RawClient.MERGE,
                    "{\"spec\":" + spec.formatted(port).replace("5432", "5433") + "}"));
    assertThat(same.text("/spec/ports/0/nodePort")).isEqualTo(port);
    ok(http().delete(core("services/first")));
    created(core("services"), service("second", there));
    created(core("services"), service("third", spec.formatted(port)));
    refused(
        http()
            .patch(
                core("services/second"),
                RawClient.MERGE,
                "{\"spec\":" + spec.formatted(port) + "}"),
        422,
        "Invalid");
    ok(http().delete(core("services/second")));
    ok(http().delete(core("services/third")));
  }

  @Test
  default void stringDataOfASecretIsKeptAsData() {
    Reply made =
        created(
            core("secrets"),
            "{\"metadata\":{\"name\":\"plain\"},\"stringData\":{\"password\":\"geheim\"},\"data\":{\"a\":\"Yg==\"}}");
    assertThat(made.text("/data/password")).isEqualTo("Z2VoZWlt");
    assertThat(made.text("/data/a")).isEqualTo("Yg==");
    assertThat(made.body().has("stringData")).isFalse();
    assertThat(made.text("/type")).isEqualTo("Opaque");
    refused(
        http().patch(core("secrets/plain"), RawClient.MERGE, "{\"type\":\"other\"}"),
        422,
        "Invalid");
  }

  @Test
  default void aTypedSecretHoldsItsKeys() {
    String secret =
        "{\"metadata\":{\"name\":\"typed\"},\"type\":\"kubernetes.io/%s\",\"data\":{\"%s\":\"Yg==\"}}";
    refused(http().post(core("secrets"), secret.formatted("basic-auth", "a")), 422, "Invalid");
    refused(http().post(core("secrets"), secret.formatted("tls", "tls.crt")), 422, "Invalid");
    created(core("secrets"), secret.formatted("basic-auth", "username"));
  }

  @Test
  default void customResourcesGetTheirDefaults() {
    Reply made = created(cnpg("clusters"), cluster("defaults", "{\"storage\":{\"size\":\"1Gi\"}}"));
    assertThat(made.body().at("/spec/instances").asInt()).isEqualTo(1);
    assertThat(made.text("/spec/primaryUpdateStrategy")).isEqualTo("unsupervised");
    assertThat(made.text("/spec/replicationSlots/highAvailability/slotPrefix")).isEqualTo("_cnpg_");
    assertThat(made.body().at("/spec/storage/resizeInUseVolumes").asBoolean()).isTrue();
  }
}
