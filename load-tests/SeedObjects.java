import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Makes the objects of running databases, with the statuses that their operators would write. */
final class SeedObjects {
  private static final int AT_ONCE = 32;
  private static final String CORE = "/api/v1/namespaces/default/";
  private static final String OPERATOR = "/apis/postgresql.cnpg.io/v1/namespaces/default/";
  private static final String JSON = "application/json";
  private static final String MERGE_PATCH = "application/merge-patch+json";

  private final HttpClient http;
  private final String server;
  private final String bearer;

  SeedObjects(Path kubeconfig) throws Exception {
    Config config = Config.fromKubeconfig(kubeconfig.toFile());
    http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(SSLUtils.sslContext(config))
            .build();
    server = config.getMasterUrl().replaceAll("/+$", "");
    bearer = "Bearer " + config.getAutoOAuthToken();
  }

  void make(List<Seed.Database> databases, UUID tenant) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Future<?>> made = new ArrayList<>();
      for (Seed.Database database : databases) {
        made.add(
            pool.submit(
                () -> {
                  make(database, tenant);
                  return null;
                }));
      }
      for (Future<?> one : made) {
        one.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private void make(Seed.Database database, UUID tenant) throws Exception {
    String name = "db-" + database.shortId();
    String metadata = METADATA.formatted(name, database.id(), tenant, database.name());
    send("POST", CORE + "services", JSON, SERVICE.formatted(metadata, database.host(), name));
    String bound = BOUND.formatted(database.host());
    send("PATCH", CORE + "services/" + name + "/status", MERGE_PATCH, bound);
    send("POST", OPERATOR + "clusters", JSON, CLUSTER.formatted(metadata, name));
    send("PATCH", OPERATOR + "clusters/" + name + "/status", MERGE_PATCH, HEALTHY);
  }

  private void send(String method, String path, String type, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server + path))
            .header("Authorization", bearer)
            .header("Content-Type", type)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new IllegalStateException(method + " " + path + ": " + answer.body());
    }
  }

  private static final String METADATA =
      """
      {"name": "%1$s", "annotations": {"mooring/name": "%4$s"},
       "labels": {"app.kubernetes.io/managed-by": "mooring", "mooring/instance": "%2$s",
        "mooring/tenant": "%3$s"}}
      """;

  private static final String SERVICE =
      """
      {"apiVersion": "v1", "kind": "Service", "metadata": %1$s,
       "spec": {"type": "LoadBalancer", "loadBalancerIP": "%2$s",
        "ports": [{"name": "postgresql", "protocol": "TCP", "port": 5432, "targetPort": 5432}],
        "selector": {"cnpg.io/cluster": "%3$s", "cnpg.io/instanceRole": "primary"}}}
      """;

  private static final String BOUND =
      """
      {"status": {"loadBalancer": {"ingress": [{"ip": "%s"}]}}}
      """;

  private static final String CLUSTER =
      """
      {"apiVersion": "postgresql.cnpg.io/v1", "kind": "Cluster", "metadata": %1$s,
       "spec": {"instances": 1, "storage": {"size": "50Gi"},
        "imageCatalogRef": {"apiGroup": "postgresql.cnpg.io", "kind": "ImageCatalog",
         "name": "mooring-postgresql", "major": 16},
        "resources": {"requests": {"cpu": "2000m", "memory": "4Gi"}, "limits": {"memory": "4Gi"}},
        "bootstrap": {"initdb": {"database": "app", "owner": "app_user",
         "secret": {"name": "%2$s-app"}, "encoding": "UTF8"}},
        "primaryUpdateStrategy": "unsupervised", "enableSuperuserAccess": false,
        "enablePDB": false}}
      """;

  private static final String HEALTHY =
      """
      {"status": {"phase": "Cluster in healthy state", "instances": 1, "readyInstances": 1,
       "image": "ghcr.io/cloudnative-pg/postgresql:16.15",
       "pgDataImageInfo": {"image": "ghcr.io/cloudnative-pg/postgresql:16.15", "majorVersion": 16},
       "conditions": [{"type": "Ready", "status": "True", "reason": "ClusterIsReady",
        "message": "Cluster is Ready", "lastTransitionTime": "2024-01-15T10:30:00Z"}]}}
      """;
}
