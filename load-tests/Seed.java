import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Puts running databases where the server will find them, by no door of the server: rows into its
 * schema (made before by a first start), objects with their statuses into the Kubernetes API.
 * Arguments: JDBC URL, user, password, Kubernetes URL, its token, how many, the API token, and the
 * file that gets the ids, one a line.
 */
public class Seed {
  private static final String NAMESPACE = "default";
  private static final int AT_ONCE = 32;

  private final HttpClient http = HttpClient.newHttpClient();
  private final String kubernetes;
  private final String bearer;

  Seed(String kubernetes, String token) {
    this.kubernetes = kubernetes;
    this.bearer = "Bearer " + token;
  }

  public static void main(String[] args) throws Exception {
    int count = Integer.parseInt(args[5]);
    UUID tenant = UUID.randomUUID();
    UUID[] ids = new UUID[count];
    for (int i = 0; i < count; i++) {
      ids[i] = UUID.randomUUID();
    }
    Seed seed = new Seed(args[3], args[4]);
    long version = seed.objects(ids, tenant);
    try (Connection database = DriverManager.getConnection(args[0], args[1], args[2])) {
      database.setAutoCommit(false);
      tenant(database, tenant, args[6]);
      rows(database, ids, tenant, version);
      database.commit();
    }
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(Path.of(args[7])))) {
      for (int i = 0; i < count; i++) {
        out.println("db_" + shortId(i));
      }
    }
  }

  private static String shortId(int number) {
    return String.format("%08x", number * 2654435761L & 0xffffffffL);
  }

  private static String host(int number) {
    return "127.77." + (number / 254) + "." + (number % 254 + 1);
  }

  private static void tenant(Connection database, UUID tenant, String secret) throws Exception {
    try (PreparedStatement insert =
        database.prepareStatement("INSERT INTO tenant (id, name) VALUES (?, 'load')")) {
      insert.setObject(1, tenant);
      insert.execute();
    }
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    try (PreparedStatement insert =
        database.prepareStatement(
            "INSERT INTO token (id, short_id, tenant, name, hash)"
                + " VALUES (?, '0000000a', ?, 'load', ?)")) {
      insert.setObject(1, UUID.randomUUID());
      insert.setObject(2, tenant);
      insert.setString(3, HexFormat.of().formatHex(digest));
      insert.execute();
    }
  }

  private static void rows(Connection database, UUID[] ids, UUID tenant, long version)
      throws Exception {
    Instant start = Instant.now().minusSeconds(ids.length);
    try (PreparedStatement instance =
            database.prepareStatement(
                "INSERT INTO instance (id, short_id, tenant, origin, name, handle, engine, version,"
                    + " cpu_milli, memory_mib, storage_mib, instances, place, address_number, host,"
                    + " port, owner, database, attributes, operation, created_at) VALUES (?, ?, ?,"
                    + " 'UNCLOUD', ?, ?, 'POSTGRESQL', '16', 2000, 4096, 51200, 1, 'nyc1', ?, ?,"
                    + " 5432, 'app_user', 'app', '{\"plan_id\": \"db-s-2vcpu-4gb\"}', ?, ?)");
        PreparedStatement operation =
            database.prepareStatement(
                "INSERT INTO operation (id, instance, kind, outcome, accepted_in,"
                    + " platform_version, attempt, deadline, ended_at) VALUES (?, ?, 'CREATE',"
                    + " 'SUCCEEDED', 'PENDING', ?, 1, now(), now())")) {
      for (int i = 0; i < ids.length; i++) {
        UUID created = UUID.randomUUID();
        instance.setObject(1, ids[i]);
        instance.setString(2, shortId(i));
        instance.setObject(3, tenant);
        instance.setString(4, "main-postgres-" + i);
        instance.setString(5, "main-postgres-" + i);
        instance.setInt(6, i);
        instance.setString(7, host(i));
        instance.setObject(8, created);
        instance.setTimestamp(9, Timestamp.from(start.plusSeconds(i)));
        instance.addBatch();
        operation.setObject(1, created);
        operation.setObject(2, ids[i]);
        operation.setLong(3, version);
        operation.addBatch();
      }
      instance.executeBatch();
      operation.executeBatch();
    }
  }

  /** Makes the objects; returns a resource version older than every one of them. */
  private long objects(UUID[] ids, UUID tenant) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
    AtomicReference<Exception> fault = new AtomicReference<>();
    for (int i = 0; i < ids.length; i++) {
      int number = i;
      pool.execute(
          () -> {
            try {
              object(number, ids[number], tenant);
            } catch (Exception e) {
              fault.set(e);
            }
          });
    }
    pool.shutdown();
    if (!pool.awaitTermination(30, TimeUnit.MINUTES) || fault.get() != null) {
      throw new IllegalStateException("seeding failed", fault.get());
    }
    return 1;
  }

  private void object(int number, UUID id, UUID tenant) throws Exception {
    String name = "db-" + shortId(number);
    String services = "/api/v1/namespaces/" + NAMESPACE + "/services";
    String clusters = "/apis/postgresql.cnpg.io/v1/namespaces/" + NAMESPACE + "/clusters";
    send("POST", services, "application/json", service(number, name, id, tenant));
    String ingress =
        "{\"status\":{\"loadBalancer\":{\"ingress\":[{\"ip\":\"" + host(number) + "\"}]}}}";
    send("PATCH", services + "/" + name + "/status", "application/merge-patch+json", ingress);
    send("POST", clusters, "application/json", cluster(name, id, tenant));
    send("PATCH", clusters + "/" + name + "/status", "application/merge-patch+json", HEALTHY);
  }

  private static final String HEALTHY =
      "{\"status\":{\"phase\":\"Cluster in healthy state\",\"instances\":1,\"readyInstances\":1,"
          + "\"image\":\"ghcr.io/cloudnative-pg/postgresql:16.15\","
          + "\"pgDataImageInfo\":{\"image\":\"ghcr.io/cloudnative-pg/postgresql:16.15\","
          + "\"majorVersion\":16},\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\","
          + "\"reason\":\"ClusterIsReady\",\"message\":\"Cluster is Ready\","
          + "\"lastTransitionTime\":\"2024-01-15T10:30:00Z\"}]}}";

  private static String metadata(String name, UUID id, UUID tenant) {
    return "\"metadata\":{\"name\":\""
        + name
        + "\",\"labels\":{\"app.kubernetes.io/managed-by\":\"mooring\",\"mooring/instance\":\""
        + id
        + "\",\"mooring/tenant\":\""
        + tenant
        + "\"}}";
  }

  private static String service(int number, String name, UUID id, UUID tenant) {
    return "{\"apiVersion\":\"v1\",\"kind\":\"Service\","
        + metadata(name, id, tenant)
        + ",\"spec\":{\"type\":\"LoadBalancer\",\"loadBalancerIP\":\""
        + host(number)
        + "\",\"ports\":[{\"name\":\"postgresql\",\"port\":5432,\"targetPort\":5432}],"
        + "\"selector\":{\"cnpg.io/cluster\":\""
        + name
        + "\",\"cnpg.io/instanceRole\":\"primary\"}}}";
  }

  private static String cluster(String name, UUID id, UUID tenant) {
    return "{\"apiVersion\":\"postgresql.cnpg.io/v1\",\"kind\":\"Cluster\","
        + metadata(name, id, tenant)
        + ",\"spec\":{\"instances\":1,\"imageCatalogRef\":{\"apiGroup\":\"postgresql.cnpg.io\","
        + "\"kind\":\"ImageCatalog\",\"name\":\"mooring-postgresql\",\"major\":16},"
        + "\"storage\":{\"size\":\"50Gi\"},\"resources\":{\"requests\":{\"cpu\":\"2000m\","
        + "\"memory\":\"4Gi\"},\"limits\":{\"memory\":\"4Gi\"}}}}";
  }

  private void send(String method, String path, String type, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(kubernetes + path))
            .header("Authorization", bearer)
            .header("Content-Type", type)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new IllegalStateException(method + " " + path + ": " + answer.body());
    }
  }
}
