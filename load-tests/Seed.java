import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * Puts running databases of the one tenant there is where the server will find them, by no door of
 * the server: rows into its schema, objects into the Kubernetes API. Arguments: the URL of the
 * records, the kubeconfig, how many, and the file that gets the ids, one a line.
 */
public final class Seed {
  /** A database to be; its address is the one that a pool of 127.77.0.0/16 gives its number. */
  record Database(int number, UUID id, String shortId) {
    String name() {
      return "main-postgres-" + number;
    }

    String host() {
      return "127.77." + (number / 254) + "." + (number % 254 + 1);
    }
  }

  private Seed() {}

  public static void main(String[] args) throws Exception {
    // The product's short ids are random too; these are the same in every run.
    Random random = new Random(1);
    List<Database> databases = new ArrayList<>();
    for (int shortId : random.ints().distinct().limit(Integer.parseInt(args[2])).toArray()) {
      String digits = HexFormat.of().toHexDigits(shortId);
      databases.add(new Database(databases.size(), UUID.randomUUID(), digits));
    }
    URI url = URI.create(args[0]);
    String[] login = url.getUserInfo().split(":", 2);
    String jdbc = "jdbc:postgresql://" + url.getHost() + ":" + url.getPort() + url.getPath();
    try (Connection records = DriverManager.getConnection(jdbc, login[0], login[1])) {
      UUID tenant = tenant(records);
      new SeedObjects(Path.of(args[1])).make(databases, tenant);
      records.setAutoCommit(false);
      rows(records, databases, tenant);
      records.commit();
    }
    Files.write(Path.of(args[3]), databases.stream().map(one -> "db_" + one.shortId()).toList());
  }

  private static UUID tenant(Connection records) throws Exception {
    try (Statement query = records.createStatement();
        ResultSet row = query.executeQuery("SELECT id FROM tenant")) {
      row.next();
      return row.getObject(1, UUID.class);
    }
  }

  /** A finished create each; any object at all is newer than its platform_version. */
  private static void rows(Connection records, List<Database> databases, UUID tenant)
      throws Exception {
    Instant first = Instant.now().minusSeconds(databases.size());
    try (PreparedStatement instance =
            records.prepareStatement(
                """
                INSERT INTO instance (id, short_id, tenant, origin, name, handle, engine, version,
                  cpu_milli, memory_mib, storage_mib, instances, place, address_number, host, port,
                  owner, database, attributes, operation, created_at)
                VALUES (?, ?, ?, 'UNCLOUD', ?, ?, 'POSTGRESQL', '16', 2000, 4096, 51200, 1, 'nyc1',
                  ?, ?, 5432, 'app_user', 'app', '{"plan_id": "db-s-2vcpu-4gb"}', ?, ?)
                """);
        PreparedStatement operation =
            records.prepareStatement(
                """
                INSERT INTO operation (id, instance, kind, outcome, accepted_in, platform_version,
                  attempt, deadline, ended_at)
                VALUES (?, ?, 'CREATE', 'SUCCEEDED', 'PENDING', 1, 1, now(), now())
                """);
        Statement cursor = records.createStatement()) {
      for (Database one : databases) {
        UUID create = UUID.randomUUID();
        instance.setObject(1, one.id());
        instance.setString(2, one.shortId());
        instance.setObject(3, tenant);
        instance.setString(4, one.name());
        instance.setString(5, one.name());
        instance.setInt(6, one.number());
        instance.setString(7, one.host());
        instance.setObject(8, create);
        instance.setTimestamp(9, Timestamp.from(first.plusSeconds(one.number())));
        instance.addBatch();
        operation.setObject(1, create);
        operation.setObject(2, one.id());
        operation.addBatch();
      }
      instance.executeBatch();
      operation.executeBatch();
      cursor.execute("UPDATE address_cursor SET number = " + (databases.size() - 1));
    }
  }
}
