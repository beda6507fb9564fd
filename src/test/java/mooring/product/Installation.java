package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import mooring.store.SecretBox;

/** What the product is given where nothing of it is embedded, each part a process of its own. */
final class Installation {
  final Records records;
  final KubernetesApi kubernetes;
  final Operator operator;
  private final Workplace place;
  private final Map<String, String> settings = new HashMap<>();

  /** Records and Kubernetes API run; the operator is not started yet. */
  Installation(Workplace place, String addressPool) {
    this.place = place;
    records = place.closing(new Records(place));
    kubernetes = place.closing(new KubernetesApi(place));
    operator = new Operator(place, kubernetes.kubeconfig(), "default");
    settings.put("MOORING_DATABASE_URL", records.uri());
    settings.put("MOORING_ENCRYPTION_KEYSET", SecretBox.newKeyset());
    settings.put("MOORING_KUBERNETES", "kubeconfig");
    settings.put("KUBECONFIG", kubernetes.kubeconfig().toString());
    settings.put("MOORING_SERVICE_TYPE", "LoadBalancer");
    settings.put("MOORING_ADDRESS_POOL", addressPool);
  }

  /** A replica, not started yet. */
  Product replica(String name) {
    return new Product(place, name, settings);
  }

  /** A tenant made at the command line; its token. */
  String tenant(String name) {
    Child command = Product.run(place, settings, "tenant", "create", name);
    assertThat(command.awaitExit(Duration.ofSeconds(60))).as(command.output()).isZero();
    return Exports.of(command.output()).get("MOORING_TOKEN");
  }
}
