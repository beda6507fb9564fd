package mooring.platform;

import static mooring.platform.Samples.CREDENTIALS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import mooring.core.Applied;
import mooring.core.Engine;
import mooring.core.Fence;
import mooring.core.Instance;
import mooring.core.Migration;
import mooring.core.MigrationPart;
import mooring.core.MigrationProgress;
import mooring.core.Observation.Condition;
import mooring.core.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** The set in {@code k8s/} against a real API server: what it takes, and what its Role allows. */
@Tag("real-kubernetes")
@EnabledIfEnvironmentVariable(
    named = RealKubernetesPlatformTest.VARIABLE,
    matches = ".+",
    disabledReason = "no real API server given: name its kubeconfig to run these tests against it")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManifestsTest {
  private static final Path FOLDER = Path.of("k8s");
  // A server that has just learnt a kind collects its objects only after half a minute.
  private static final Duration SOON = Duration.ofSeconds(60);

  private Lab lab;
  private final List<HasMetadata> sent = new ArrayList<>();
  private final List<HasMetadata> stored = new ArrayList<>();

  @BeforeAll
  void applyTheSet() throws IOException {
    lab = new Lab(Path.of(System.getenv(RealKubernetesPlatformTest.VARIABLE)));
    GenericKubernetesResource set = read("kustomization.yaml");
    List<String> files = set.get("resources");
    for (String file : files) {
      if (!file.equals("namespace.yaml")) {
        apply(file);
      }
    }
    apply("secret.example.yaml");
  }

  @AfterAll
  void close() {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void theServerTakesTheSetAndPrunesNothing() {
    assertThat(stored).hasSize(12);
    for (int i = 0; i < sent.size(); i++) {
      // What a Secret is given as text is kept as base64.
      if (!(sent.get(i) instanceof Secret)) {
        Kept.in(stored.get(i), sent.get(i));
      }
    }
  }

  @Test
  void theRoleAllowsAWholeLifeAndNoMore(@TempDir Path folder) throws Exception {
    Path kubeconfig = kubeconfigOfTheServiceAccount(folder);
    Instance database = Samples.instance("db-x.mooring.svc");
    Seen seen = new Seen();
    try (KubernetesConnection connection = KubernetesConnection.kubeconfig(kubeconfig);
        KubernetesPlatform platform =
            new KubernetesPlatform(
                connection, PlatformSettings.of(lab.namespace, ServiceType.CLUSTER_IP))) {
      assertThat(platform.start(seen).blockingAwait(60, TimeUnit.SECONDS)).isTrue();
      Applied first = platform.apply(database, CREDENTIALS, Fence.none()).blockingGet();
      await()
          .atMost(SOON)
          .until(() -> seen.last(database.id()).condition() == Condition.SETTING_UP);
      assertThat(platform.apply(database, CREDENTIALS, Fence.none()).blockingGet())
          .isEqualTo(first);
      Applied changed =
          platform.apply(Samples.stopped(database), CREDENTIALS, Fence.none()).blockingGet();
      assertThat(changed.object()).isGreaterThan(first.object());
      Instance within = KubernetesContentsContract.withRoleAndDatabase(database);
      Role role = within.contents().roles().get(0);
      Map<UUID, String> passwords = Map.of(role.id(), CREDENTIALS.password());
      assertThat(platform.administer(within, passwords, Fence.none()).blockingGet().done())
          .isFalse();
      await()
          .atMost(SOON)
          .until(() -> platform.takeBack(within, passwords, Fence.none()).blockingGet());
      migrate(platform, database);
      await().atMost(SOON).until(() -> platform.delete(database, Fence.none()).blockingGet());
      await().atMost(SOON).until(() -> seen.last(database.id()).condition() == Condition.ABSENT);

      refused(() -> connection.client().secrets().inNamespace(lab.namespace).list());
      refused(() -> connection.client().pods().inNamespace("default").withName("x").get());
      refused(() -> connection.client().configMaps().inNamespace(lab.namespace).list());
      refused(() -> connection.client().services().inNamespace("default").list());
      refused(() -> connection.client().namespaces().list());
    }
  }

  /** No more than begun: nobody runs Pods here. */
  private void migrate(KubernetesPlatform platform, Instance database) {
    lab.healthy(PostgresCluster.name(database));
    Migration.Source source =
        new Migration.Source("db.example.com", 5432, "app", "main", Boolean.TRUE);
    Instance migrating = database.migrating(Migration.of(source).begun());
    MigrationPart list = MigrationPart.list("192.0.2.9", "source-s3cret");
    assertThat(platform.migrate(migrating, list, Fence.none()).blockingGet().state())
        .isEqualTo(MigrationProgress.State.STARTING);
    assertThat(platform.migrate(migrating, list, Fence.none()).blockingGet().state())
        .isEqualTo(MigrationProgress.State.STARTING);
    await().atMost(SOON).until(() -> platform.endMigration(migrating, Fence.none()).blockingGet());
  }

  @Test
  void theRoleAllowsTheLifeOfAStatefulSet(@TempDir Path folder) throws Exception {
    Instance database = Samples.instance(Engine.REDIS, "7.2", "db-x.mooring.svc", 1);
    Nodes nodes = new Nodes(lab, true);
    Seen seen = new Seen();
    try (KubernetesConnection connection =
            KubernetesConnection.kubeconfig(kubeconfigOfTheServiceAccount(folder));
        KubernetesPlatform platform =
            new KubernetesPlatform(
                connection, PlatformSettings.of(lab.namespace, ServiceType.CLUSTER_IP))) {
      assertThat(platform.start(seen).blockingAwait(60, TimeUnit.SECONDS)).isTrue();
      assertThat(platform.apply(database, CREDENTIALS, Fence.none()).blockingGet().object())
          .isPositive();
      await().atMost(SOON).until(() -> nodes.pod(database, 0).get() != null);
      nodes.ready(database, 0);
      await().atMost(SOON).until(() -> seen.last(database.id()).condition() == Condition.HEALTHY);

      // It may ask for more room; that there is none in an unbound volume is the server's answer.
      Instance grown = Samples.sized(database, 1024, 20_480);
      assertThatThrownBy(() -> platform.apply(grown, CREDENTIALS, Fence.none()).blockingGet())
          .hasMessageContaining("PersistentVolumeClaim")
          .hasMessageContaining("is refused (422)");

      Applied stopped =
          platform.apply(Samples.stopped(database), CREDENTIALS, Fence.none()).blockingGet();
      assertThat(stopped.changed()).isTrue();
      await().atMost(SOON).until(() -> seen.last(database.id()).condition() == Condition.STOPPED);
      await().atMost(SOON).until(() -> platform.delete(database, Fence.none()).blockingGet());
      assertThat(nodes.claims(database)).isEmpty();
      await().atMost(SOON).until(() -> seen.last(database.id()).condition() == Condition.ABSENT);
    }
  }

  @Test
  void aMissingRightIsWorthAnotherTry(@TempDir Path folder) throws Exception {
    Path kubeconfig = kubeconfigOfTheServiceAccount(folder);
    try (KubernetesConnection connection = KubernetesConnection.kubeconfig(kubeconfig);
        KubernetesPlatform platform =
            new KubernetesPlatform(
                connection, PlatformSettings.of("default", ServiceType.CLUSTER_IP))) {
      assertThatThrownBy(
              () ->
                  platform
                      .apply(Samples.instance("db-x.default.svc"), CREDENTIALS, Fence.none())
                      .blockingGet())
          .isInstanceOf(PlatformFailure.class)
          .hasMessageContaining("403")
          .hasMessageNotContaining(CREDENTIALS.password());
    }
  }

  private static void refused(Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(403));
  }

  /** Every object in the test's own namespace; nothing else is changed. */
  private void apply(String file) throws IOException {
    String yaml = Files.readString(FOLDER.resolve(file));
    HasMetadata object = lab.admin.getKubernetesSerialization().unmarshal(yaml);
    object.getMetadata().setNamespace(lab.namespace);
    if (object instanceof RoleBinding binding) {
      binding.getSubjects().forEach(subject -> subject.setNamespace(lab.namespace));
    }
    sent.add(lab.admin.getKubernetesSerialization().clone(object));
    stored.add(
        lab.admin
            .resource(object)
            .inNamespace(lab.namespace)
            .fieldManager("test")
            .serverSideApply());
  }

  private static GenericKubernetesResource read(String file) throws IOException {
    return Serialization.unmarshal(
        Files.readString(FOLDER.resolve(file)), GenericKubernetesResource.class);
  }

  private Path kubeconfigOfTheServiceAccount(Path folder) throws IOException {
    Secret token =
        await().atMost(SOON).until(this::tokenOfTheServiceAccount, found -> found != null);
    String server = lab.admin.getMasterUrl().toString();
    Map<String, Object> kubeconfig =
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "Config",
            "clusters",
            List.of(
                Map.of(
                    "name",
                    "c",
                    "cluster",
                    Map.of(
                        "server",
                        server,
                        "certificate-authority-data",
                        token.getData().get("ca.crt")))),
            "users",
            List.of(
                Map.of(
                    "name", "u", "user", Map.of("token", decoded(token.getData().get("token"))))),
            "contexts",
            List.of(Map.of("name", "x", "context", Map.of("cluster", "c", "user", "u"))),
            "current-context",
            "x");
    return Files.writeString(folder.resolve("kubeconfig"), Serialization.asYaml(kubeconfig));
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  private Secret tokenOfTheServiceAccount() {
    ServiceAccount account =
        lab.admin.serviceAccounts().inNamespace(lab.namespace).withName("mooring").get();
    return account == null || account.getSecrets().isEmpty()
        ? null
        : lab.admin
            .secrets()
            .inNamespace(lab.namespace)
            .withName(account.getSecrets().get(0).getName())
            .get();
  }
}
