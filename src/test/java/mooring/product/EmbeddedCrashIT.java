package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code kill -9} while something is under way: what was accepted is done, once. */
@Tag("slow")
class EmbeddedCrashIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @RegisterExtension final Workplace place = new Workplace();
  private Product product;
  private Path data;

  @BeforeEach
  void startProduct() {
    product = new Product(place, "mooring", Map.of("MOORING_ADDRESS_POOL", "127.86.0.0/16"));
    data = product.directory().resolve("data");
    product.start();
  }

  /** With the servers that it started, or without. */
  @ParameterizedTest
  @CsvSource({
    "msg=\"from acceptance\", false",
    "Setting up primary, false",
    "Setting up primary, true",
    "msg=\"PostgreSQL runs\", false",
    "msg=\"PostgreSQL runs\", true",
    "Cluster in healthy state, true",
  })
  void duringACreate(String moment, boolean everything) throws Exception {
    Databases databases = databases();
    String id = databases.create("orders");
    if (!moment.contains("acceptance")) {
      await(moment).atMost(LIMIT).until(() -> product.output().contains(moment));
    }
    product.kill();
    if (everything) {
      place.servers(data).killAll();
    }

    product.start();
    databases = databases();
    databases.awaitStatus(id, "running");

    assertThat(databases.listed()).containsExactly(id);
    assertThat(Login.of(databases.credentials(id)).ask("select 1")).isEqualTo("1");
    assertThat(place.servers(data).serversByDirectory())
        .hasSize(2)
        .allSatisfy((directory, servers) -> assertThat(servers).isEqualTo(1));
  }

  @Test
  void duringADelete() throws Exception {
    Databases databases = databases();
    String id = databases.create("orders");
    databases.awaitStatus(id, "running");
    Path files = data.resolve("databases").resolve("default").resolve(id.replace('_', '-') + "-1");
    assertThat(files).isDirectory();

    databases.delete(id);
    product.kill();
    product.start();

    databases().awaitGone(id);
    assertThat(files).doesNotExist();
    assertThat(place.servers(data).serversByDirectory()).hasSize(1);
  }

  private Databases databases() throws IOException {
    String lines = Files.readString(data.resolve("credentials.env"));
    return new Databases(product.client(Exports.of(lines).get("MOORING_TOKEN")));
  }
}
