package mooring.product;

import static mooring.product.CloudheedDatabases.login;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import mooring.api.ContractClient;
import mooring.store.SecretBox;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Stories on a real API server: the product under the Role in {@code k8s/} and nothing more, the
 * embedded operator under one of its own.
 */
@Tag("real-kubernetes")
@EnabledIfEnvironmentVariable(
    named = "MOORING_TEST_KUBECONFIG",
    matches = ".+",
    disabledReason = "MOORING_TEST_KUBECONFIG names no API server")
class RealKubernetesStoryIT {
  @RegisterExtension final Workplace place = new Workplace();
  private final Map<String, String> settings = new HashMap<>();
  private RealKubernetes kubernetes;
  private Product product;

  @BeforeEach
  void install() throws IOException {
    kubernetes = place.closing(new RealKubernetes(place));
    kubernetes.apply("k8s/serviceaccount.yaml", "k8s/role.yaml", "k8s/rolebinding.yaml");
    kubernetes.apply("k8s/imagecatalog.yaml", "src/test/resources/mooring/product/operator.yaml");
    new Operator(place, kubernetes.kubeconfig("operator"), kubernetes.namespace).start();
    Records records = place.closing(new Records(place));
    settings.put("MOORING_DATABASE_URL", records.uri());
    settings.put("MOORING_ENCRYPTION_KEYSET", SecretBox.newKeyset());
    settings.put("MOORING_KUBERNETES", "kubeconfig");
    settings.put("KUBECONFIG", kubernetes.kubeconfig("mooring").toString());
    settings.put("MOORING_NAMESPACE", kubernetes.namespace);
    settings.put("MOORING_SERVICE_TYPE", "LoadBalancer");
    settings.put("MOORING_ADDRESS_POOL", "127.118.0.0/16");
  }

  @Test
  void createRunDelete() throws Exception {
    Databases databases = new Databases(start());

    String id = databases.create("main-postgres");
    databases.awaitStatus(id, "running");
    Login login = Login.of(databases.credentials(id));
    assertThat(login.ask("show server_version")).startsWith("16.");
    assertThat(kubernetes.objects()).hasSize(3);

    databases.delete(id);
    databases.awaitGone(id);
    assertNothingIsLeftAndNothingWasForbidden();
  }

  @Test
  void backUpRestoreAndEveryChange() throws Exception {
    settings.put("MOORING_BACKUP_STORES", "mooring");
    CloudheedDatabases databases = new CloudheedDatabases(start());

    JsonObject shop = databases.create("shop", "small");
    String id = shop.getString("id");
    databases.awaitStatus(id, "running");
    Login login = login(shop);
    login.run("create table words (word text)", "insert into words values ('kept')");
    String backup = databases.backUp(id, "first").getString("id");
    databases.awaitBackup(id, backup, "completed");
    login.run("insert into words values ('later')");
    JsonObject copy = databases.restore(id, backup, "copy");
    databases.awaitStatus(copy.getString("id"), "running");
    assertThat(login(copy).ask("select string_agg(word, ' ') from words")).isEqualTo("kept");

    databases.act(id, "stop");
    databases.awaitStatus(id, "stopped");
    databases.act(id, "start");
    databases.awaitStatus(id, "running");
    String small = login.ask("show shared_buffers");
    databases.act(id, "resize", new JsonObject().put("tier", "medium"));
    databases.awaitStatus(id, "running");
    assertThat(login.ask("show shared_buffers")).isNotEqualTo(small);
    databases.act(id, "restart");
    databases.awaitStatus(id, "running");
    Login changed = login(databases.act(id, "reset-password"));
    assertThat(changed.ask("select count(*) from words")).isEqualTo("2");
    assertThat(kubernetes.objects()).anyMatch(object -> object.startsWith("ScheduledBackup "));

    databases.delete(id);
    databases.delete(copy.getString("id"));
    databases.awaitGone(id);
    databases.awaitGone(copy.getString("id"));
    assertNothingIsLeftAndNothingWasForbidden();
  }

  private ContractClient start() {
    Child command = Product.run(place, settings, "tenant", "create", "shop");
    assertThat(command.awaitExit(Duration.ofSeconds(60))).as(command.output()).isZero();
    product = new Product(place, "mooring", settings).start();
    return product.client(Exports.of(command.output()).get("MOORING_TOKEN"));
  }

  private void assertNothingIsLeftAndNothingWasForbidden() {
    await("all objects are gone")
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(kubernetes.objects()).isEmpty());
    assertThat(product.output()).doesNotContainIgnoringCase("forbidden");
  }
}
