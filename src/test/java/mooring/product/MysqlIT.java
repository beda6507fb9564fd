package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import mooring.local.pods.HostServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** MySQL on the embedded default. */
@Tag("slow")
class MysqlIT {
  @RegisterExtension final Workplace place = new Workplace();
  private Product product;
  private Path data;
  private String version;

  @BeforeEach
  void choosePlace() {
    HostServer.version("mysql --version", "(mysql)", List.of("mysql"));
    version =
        HostServer.version("mysqld --version", "Ver ([0-9]+\\.[0-9]+)", List.of("8.0", "8.4"));
    product = new Product(place, "mooring", Map.of("MOORING_ADDRESS_POOL", "127.92.0.0/16"));
    data = product.directory().resolve("data");
  }

  @Test
  void mysqlKeepsItsDataUntilItIsDeleted() throws Exception {
    product.start();
    JsonObject body = Databases.body("shop").put("plan_id", "db-s-1vcpu-1gb");
    String id = databases().create(body.put("db_type", "mysql").put("version", version));
    JsonObject credentials = databases().credentials(id);
    databases().awaitStatus(id, "running");
    URI uri = URI.create(credentials.getString("connection_string"));
    assertThat(ask(uri, "create table t (id int primary key); insert into t values (7)")).isEmpty();
    String wrong = uri.toString().replaceFirst(":[^:@]+@", ":wrong@");
    assertThat(ask(URI.create(wrong), "select id from t")).contains("Access denied");

    product.stop();
    HostServers.awaitNone(data);
    product.start();
    databases().awaitStatus(id, "running");
    assertThat(databases().credentials(id)).isEqualTo(credentials);
    assertThat(ask(uri, "select id from t")).isEqualTo("7");

    databases().delete(id);
    databases().awaitGone(id);
    HostServers.awaitNone(data);
    assertThat(ask(uri, "select id from t")).contains("Can't connect");
    assertThat(product.output()).doesNotContain(credentials.getString("password"));
  }

  private Databases databases() throws Exception {
    String exports = Files.readString(data.resolve("credentials.env"));
    return new Databases(product.client(Exports.of(exports).get("MOORING_TOKEN")));
  }

  /** What {@code mysql} says when it logs in with a connection string. */
  private static String ask(URI uri, String sql) {
    String[] login = uri.getUserInfo().split(":", 2);
    return HostServer.run(
        Map.of("MYSQL_PWD", login[1]),
        "mysql",
        "--no-defaults",
        "--protocol=TCP",
        "--skip-column-names",
        "--host=" + uri.getHost(),
        "--port=" + uri.getPort(),
        "--user=" + login[0],
        "--execute=" + sql,
        uri.getPath().substring(1));
  }
}
