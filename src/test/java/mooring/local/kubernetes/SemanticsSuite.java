package mooring.local.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.function.Supplier;
import mooring.local.kubernetes.RawClient.Reply;
import org.awaitility.Awaitility;

/**
 * What every topic of the suite stands on: a server, a namespace of its own on it, and small
 * objects to play with. Names within the namespace are the tests' own, one prefix each.
 */
interface SemanticsSuite {
  /** A server that has just learnt a kind collects garbage only after half a minute. */
  Duration SOON = Duration.ofSeconds(60);

  /** The server under test. */
  KubernetesServer server();

  RawClient http();

  /** A namespace that exists and belongs to this run. */
  String namespace();

  default String core(String rest) {
    return "/api/v1/namespaces/" + namespace() + "/" + rest;
  }

  default String apps(String rest) {
    return "/apis/apps/v1/namespaces/" + namespace() + "/" + rest;
  }

  default String cnpg(String rest) {
    return "/apis/postgresql.cnpg.io/v1/namespaces/" + namespace() + "/" + rest;
  }

  static String configMap(String name, String data) {
    return """
        {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s"},"data":%s}"""
        .formatted(name, data);
  }

  /** A ConfigMap with more in its metadata: {@code "labels":{...}}. */
  static String configMapWith(String name, String metadata) {
    return """
        {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s",%s}}"""
        .formatted(name, metadata);
  }

  static String cluster(String name, String spec) {
    return """
        {"apiVersion":"postgresql.cnpg.io/v1","kind":"Cluster","metadata":{"name":"%s"},"spec":%s}"""
        .formatted(name, spec);
  }

  static String service(String name, String spec) {
    return """
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"%s"},"spec":%s}"""
        .formatted(name, spec);
  }

  default Reply created(String path, String body) {
    Reply reply = http().post(path, body);
    assertThat(reply.code()).as("%s", reply.body()).isEqualTo(201);
    return reply;
  }

  default Reply ok(Reply reply) {
    assertThat(reply.code()).as("%s", reply.body()).isEqualTo(200);
    return reply;
  }

  /** Asserts a refusal in the form of a Status. */
  default Reply refused(Reply reply, int code, String reason) {
    assertThat(reply.code()).as("%s", reply.body()).isEqualTo(code);
    assertThat(reply.text("/kind")).isEqualTo("Status");
    assertThat(reply.text("/status")).isEqualTo("Failure");
    assertThat(reply.text("/reason")).isEqualTo(reason);
    assertThat(reply.body().path("code").asInt()).isEqualTo(code);
    return reply;
  }

  static ObjectNode object(Reply reply) {
    return reply.body().deepCopy();
  }

  static void eventually(Supplier<Integer> code, int expected) {
    Awaitility.await().atMost(SOON).until(code::get, c -> c == expected);
  }
}
