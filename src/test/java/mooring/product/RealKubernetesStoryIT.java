package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import mooring.store.SecretBox;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * One story on a real API server: the product under the Role in {@code k8s/} and nothing more, the
 * embedded operator under one of its own.
 */
@Tag("real-kubernetes")
@EnabledIfEnvironmentVariable(
    named = "MOORING_TEST_KUBECONFIG",
    matches = ".+",
    disabledReason = "MOORING_TEST_KUBECONFIG names no API server")
class RealKubernetesStoryIT {
  @RegisterExtension final Workplace place = new Workplace();

  @Test
  void createRunDelete() throws Exception {
    RealKubernetes kubernetes = place.closing(new RealKubernetes(place));
    kubernetes.apply("k8s/serviceaccount.yaml", "k8s/role.yaml", "k8s/rolebinding.yaml");
    kubernetes.apply("k8s/imagecatalog.yaml", "src/test/resources/mooring/product/operator.yaml");
    new Operator(place, kubernetes.kubeconfig("operator"), kubernetes.namespace).start();
    Records records = place.closing(new Records(place));
    Map<String, String> settings = new HashMap<>();
    settings.put("MOORING_DATABASE_URL", records.uri());
    settings.put("MOORING_ENCRYPTION_KEYSET", SecretBox.newKeyset());
    settings.put("MOORING_KUBERNETES", "kubeconfig");
    settings.put("KUBECONFIG", kubernetes.kubeconfig("mooring").toString());
    settings.put("MOORING_NAMESPACE", kubernetes.namespace);
    settings.put("MOORING_SERVICE_TYPE", "LoadBalancer");
    settings.put("MOORING_ADDRESS_POOL", "127.84.0.0/16");
    Child command = Product.run(place, settings, "tenant", "create", "shop");
    assertThat(command.awaitExit(Duration.ofSeconds(30))).as(command.output()).isZero();
    String token = Exports.of(command.output()).get("MOORING_TOKEN");
    Product product = new Product(place, "mooring", settings).start();
    Databases databases = new Databases(product.client(token));

    String id = databases.create("main-postgres");
    databases.awaitStatus(id, "running");
    Login login = Login.of(databases.credentials(id));
    assertThat(login.ask("show server_version")).startsWith("16.");
    assertThat(kubernetes.objects()).hasSize(3);

    databases.delete(id);
    databases.awaitGone(id);
    await("all objects are gone")
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(kubernetes.objects()).isEmpty());
    assertThat(product.output()).doesNotContain("Forbidden").doesNotContain("forbidden");
  }
}
