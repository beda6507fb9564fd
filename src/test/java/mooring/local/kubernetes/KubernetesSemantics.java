package mooring.local.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * The semantics that the product relies on, told as tests that run against any API server: the
 * embedded one, and a real one wherever there is one. The real one is right.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(240)
abstract class KubernetesSemantics
    implements CrudSemantics,
        TypeSemantics,
        WorkloadSemantics,
        PatchSemantics,
        ApplySemantics,
        ListSemantics,
        WatchSemantics,
        DeletionSemantics,
        ClientSemantics {

  private final String namespace = "semantics-" + UUID.randomUUID().toString().substring(0, 8);
  private KubernetesServer server;
  private RawClient http;

  /** Starts or finds the server. */
  abstract KubernetesServer open() throws Exception;

  @BeforeAll
  void begin() throws Exception {
    server = open();
    http = new RawClient(server);
    assertThat(
            http.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + namespace + "\"}}")
                .code())
        .isEqualTo(201);
  }

  @AfterAll
  void end() {
    if (http == null) {
      return;
    }
    for (String type :
        new String[] {"/api/v1/%s/configmaps", "/apis/postgresql.cnpg.io/v1/%s/clusters"}) {
      String path = type.formatted("namespaces/" + namespace);
      http.get(path)
          .body()
          .path("items")
          .forEach(
              item -> {
                String one = path + "/" + item.at("/metadata/name").asText();
                http.patch(one, RawClient.MERGE, "{\"metadata\":{\"finalizers\":null}}");
              });
    }
    assertThat(http.delete("/api/v1/namespaces/" + namespace).code()).isEqualTo(200);
    SemanticsSuite.eventually(() -> http.get("/api/v1/namespaces/" + namespace).code(), 404);
  }

  @Override
  public KubernetesServer server() {
    return server;
  }

  @Override
  public RawClient http() {
    return http;
  }

  @Override
  public String namespace() {
    return namespace;
  }
}
