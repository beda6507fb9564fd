package mooring.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import mooring.core.ConnectionPool;
import mooring.core.Instance;
import mooring.core.LogicalDatabase;
import mooring.core.Policy;
import mooring.core.PoolMode;
import mooring.core.Pools;
import mooring.core.PostgresParameters;
import mooring.core.Role;
import mooring.core.Setup;
import mooring.core.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresObjectsTest {
  private static final PlatformSettings SETTINGS =
      PlatformSettings.of("prod", ServiceType.LOAD_BALANCER);

  @Test
  void everyObjectSaysWhoseItIs() {
    Instance instance = Samples.instance("10.1.2.3");

    assertThat(
            List.of(
                LoginSecret.of(instance, Samples.CREDENTIALS, SETTINGS),
                ClientService.of(instance, SETTINGS),
                PostgresCluster.of(instance, SETTINGS)))
        .allSatisfy(
            object -> {
              assertThat(object.getMetadata().getNamespace()).isEqualTo("prod");
              assertThat(object.getMetadata().getName()).startsWith(instance.objectName());
              assertThat(object.getMetadata().getLabels())
                  .containsEntry("app.kubernetes.io/managed-by", "mooring")
                  .containsEntry("mooring/instance", instance.id().toString())
                  .containsEntry("mooring/tenant", instance.tenant().toString());
              assertThat(object.getMetadata().getAnnotations())
                  .containsEntry("mooring/name", instance.name());
              assertThat(Labels.instance(object)).contains(instance.id());
            });
  }

  @Test
  void theSecretIsOneThatCloudNativePgReads() {
    Instance instance = Samples.instance("10.1.2.3");

    Secret secret = LoginSecret.of(instance, Samples.CREDENTIALS, SETTINGS);

    assertThat(secret.getMetadata().getName()).isEqualTo(instance.objectName() + "-app");
    assertThat(secret.getMetadata().getLabels()).containsEntry("cnpg.io/reload", "true");
    assertThat(secret.getType()).isEqualTo("kubernetes.io/basic-auth");
    assertThat(secret.getData()).containsOnlyKeys("username", "password");
  }

  @Test
  void theServiceHoldsTheAllottedAddress() {
    Service byAddress = ClientService.of(Samples.instance("10.1.2.3"), SETTINGS);
    Service byName = ClientService.of(Samples.instance("a.example.com"), SETTINGS);
    Service inside =
        ClientService.of(
            Samples.instance("db-x.prod.svc"), PlatformSettings.of("prod", ServiceType.CLUSTER_IP));

    assertThat(byAddress.getSpec().getLoadBalancerIP()).isEqualTo("10.1.2.3");
    assertThat(byAddress.getMetadata().getAnnotations()).doesNotContainKey(ClientService.HOST_NAME);
    assertThat(byName.getSpec().getLoadBalancerIP()).isNull();
    assertThat(byName.getMetadata().getAnnotations())
        .containsEntry(ClientService.HOST_NAME, "a.example.com");
    assertThat(inside.getSpec().getType()).isEqualTo("ClusterIP");
    assertThat(inside.getMetadata().getAnnotations()).doesNotContainKey(ClientService.HOST_NAME);
  }

  @Test
  void whereClientsComeFromIsShownWhereItMatters() {
    Policy few = Policy.NONE.withAllowList(List.of("203.0.113.0/24"));
    Setup filtered = Setup.NONE.withPolicy(few);
    Instance own = Samples.created(Samples.instance("10.1.2.3"), filtered);
    assertThat(ClientService.of(own, SETTINGS).getSpec().getExternalTrafficPolicy())
        .isEqualTo("Local");
    Instance shared = Samples.created(own, filtered.withPooler(PoolMode.SESSION));
    assertThat(ClientService.of(shared, SETTINGS).getSpec().getExternalTrafficPolicy()).isNull();
    Instance open = Samples.instance("10.1.2.3");
    assertThat(ClientService.of(open, SETTINGS).getSpec().getExternalTrafficPolicy()).isNull();
  }

  @Test
  void soItIsByThePoolsThatHaveALoadBalancerOfTheirOwn() {
    Policy few = Policy.NONE.withAllowList(List.of("203.0.113.0/24"));
    ConnectionPool web =
        new ConnectionPool(1, "web", "main_postgres", "app_user", PoolMode.SESSION, 5);
    Setup pooled = Setup.NONE.withPools(new Pools(Map.of(), List.of(web)));
    assertThat(trafficPolicy(web, "db-x.example.com", pooled.withPolicy(few))).isEqualTo("Local");
    assertThat(trafficPolicy(web, "db-x.example.com", pooled)).isNull();
    assertThat(trafficPolicy(web, "10.1.2.3", pooled.withPolicy(few))).isNull();
  }

  private static String trafficPolicy(ConnectionPool pool, String host, Setup setup) {
    Instance instance = Samples.created(Samples.instance(host), setup);
    return PoolObjects.service(instance, pool, SETTINGS).getSpec().getExternalTrafficPolicy();
  }

  @Test
  void whoeverIsNotListedComesInFromTheDatabasesNamespaceOnly() {
    Policy few = Policy.NONE.withAllowList(List.of("203.0.113.0/24"));
    Instance one = Samples.created(Samples.instance("10.1.2.3"), Setup.NONE.withPolicy(few));
    List<NetworkPolicyPeer> elsewhere =
        ClientAccess.policy(one, SETTINGS).getSpec().getIngress().stream()
            .filter(
                rule ->
                    rule.getPorts().stream().anyMatch(port -> port.getPort().getIntVal() == 5432))
            .flatMap(rule -> rule.getFrom().stream())
            .filter(peer -> peer.getNamespaceSelector() != null)
            .toList();
    assertThat(elsewhere).isEmpty();
  }

  @Test
  void whoeverIsListedItsReadReplicasComeIn() {
    Policy few = Policy.NONE.withAllowList(List.of("203.0.113.0/24"));
    Instance one = Samples.created(Samples.instance("10.1.2.3"), Setup.NONE.withPolicy(few));
    assertThat(
            ClientAccess.policy(one, SETTINGS).getSpec().getIngress().stream()
                .filter(rule -> !rule.getPorts().isEmpty())
                .filter(rule -> rule.getPorts().get(0).getPort().getIntVal() == 5432)
                .flatMap(rule -> rule.getFrom().stream())
                .filter(peer -> peer.getPodSelector() != null)
                .map(peer -> peer.getPodSelector().getMatchLabels()))
        .contains(Map.of("mooring/replica-of", one.id().toString()));
  }

  @Test
  void theClusterIsWhatWasAskedFor() {
    Instance instance = Samples.instance("a.example.com", 3);

    GenericKubernetesResource cluster = PostgresCluster.of(instance, SETTINGS);

    assertThat(cluster.<Integer>get("spec", "instances")).isEqualTo(3);
    assertThat(cluster.<Integer>get("spec", "imageCatalogRef", "major")).isEqualTo(16);
    assertThat(cluster.<String>get("spec", "storage", "size")).isEqualTo("10Gi");
    assertThat(cluster.<Map<String, ?>>get("spec", "storage")).doesNotContainKey("storageClass");
    assertThat(cluster.<String>get("spec", "resources", "requests", "memory")).isEqualTo("1Gi");
    assertThat(cluster.<String>get("spec", "resources", "limits", "memory")).isEqualTo("1Gi");
    assertThat(cluster.<String>get("spec", "resources", "requests", "cpu")).isEqualTo("500m");
    assertThat(cluster.<String>get("spec", "bootstrap", "initdb", "secret", "name"))
        .isEqualTo(LoginSecret.name(instance));
    assertThat(cluster.<List<String>>get("spec", "certificates", "serverAltDNSNames"))
        .containsExactly("a.example.com");
    assertThat(cluster.<Boolean>get("spec", "enablePDB")).isTrue();
  }

  @Test
  void aRoleMayReplicateWhenThatIsAskedFor() {
    Instance instance = Samples.instance("10.1.2.3");
    Instant now = Instant.EPOCH;
    for (boolean replication : List.of(true, false)) {
      Role role = new Role(UUID.randomUUID(), "copy", replication, Stage.MAKING, now, now);
      GenericKubernetesResource object = ContentsObjects.role(instance, role, SETTINGS);
      assertThat(object.<Boolean>get("spec", "replication")).isEqualTo(replication);
      assertThat(object.<Boolean>get("spec", "login")).isTrue();
    }
  }

  @Test
  void aDatabaseHasALocaleWhenThatIsAskedFor() {
    Instance instance = Samples.instance("10.1.2.3");
    LogicalDatabase own =
        new LogicalDatabase(UUID.randomUUID(), "own", "app", Stage.MAKING, Instant.EPOCH);
    assertThat(ContentsObjects.database(instance, own, SETTINGS).<Map<String, ?>>get("spec"))
        .doesNotContainKeys("template", "localeCollate", "localeCType");
    LogicalDatabase other =
        new LogicalDatabase(
            UUID.randomUUID(),
            "other",
            "app",
            new LogicalDatabase.Locale("sv_SE.utf8", null),
            Stage.MAKING,
            Instant.EPOCH);
    assertThat(ContentsObjects.database(instance, other, SETTINGS).<Map<String, Object>>get("spec"))
        .containsEntry("template", "template0")
        .containsEntry("localeCollate", "sv_SE.utf8")
        .doesNotContainKey("localeCType");
  }

  @Test
  void aSingleInstanceAtAnAddress() {
    GenericKubernetesResource cluster =
        PostgresCluster.of(
            Samples.instance("10.1.2.3"),
            new PlatformSettings("prod", ServiceType.LOAD_BALANCER, "mine", "fast", null));

    assertThat(cluster.<Boolean>get("spec", "enablePDB")).isFalse();
    assertThat(cluster.<Map<String, ?>>get("spec")).doesNotContainKey("certificates");
    assertThat(cluster.<String>get("spec", "storage", "storageClass")).isEqualTo("fast");
    assertThat(cluster.<String>get("spec", "imageCatalogRef", "name")).isEqualTo("mine");
  }

  @ParameterizedTest
  @CsvSource({
    "256, 64MB, 192MB, 25",
    "64, 16MB, 48MB, 20",
    "1024, 256MB, 768MB, 102",
    "4096, 1024MB, 3072MB, 409",
    "131072, 32768MB, 98304MB, 1000",
  })
  void memoryDecidesTheParameters(int memoryMib, String buffers, String cache, String connections) {
    assertThat(PostgresParameters.of(memoryMib))
        .containsEntry("shared_buffers", buffers)
        .containsEntry("effective_cache_size", cache)
        .containsEntry("max_connections", connections)
        .containsKeys("work_mem", "maintenance_work_mem");
  }

  @ParameterizedTest
  @CsvSource({"1Gi, 1024", "512Mi, 512", "1048576, 1", "1G, 953", "1.5Gi, 1536", "x, 0"})
  void quantitiesInMib(String quantity, int mib) {
    assertThat(Quantities.mib(quantity)).isEqualTo(mib);
  }

  @ParameterizedTest
  @CsvSource({"500m, 500", "2, 2000", "0.25, 250"})
  void quantitiesInThousandths(String quantity, int milli) {
    assertThat(Quantities.milli(quantity)).isEqualTo(milli);
    assertThat(Quantities.milli(2)).isEqualTo(2000);
    assertThat(Quantities.milli(null)).isZero();
  }
}
