package mooring.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import mooring.core.Fence;
import mooring.core.Instance;
import mooring.core.Migration;
import mooring.core.MigrationPart;
import mooring.core.MigrationProgress;
import mooring.core.MigrationProgress.Found;
import mooring.core.MigrationProgress.State;
import mooring.core.Operation;
import mooring.core.OperationKind;
import mooring.core.Policy;
import mooring.core.Setup;
import mooring.local.kubernetes.EmbeddedKubernetes;
import mooring.local.kubernetes.EmbeddedKubernetesConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The pods of migrations; the test does the part of the kubelet. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MigrationPodsTest {
  private static final MigrationPart LIST = MigrationPart.list("192.0.2.9", "source-s3cret");
  private static final MigrationPart COPY =
      new MigrationPart(0, "it's $(odd) \\ $x", "192.0.2.9", "source-s3cret");

  @TempDir static Path directory;
  private final Vertx vertx = Vertx.vertx();
  private Lab lab;
  private KubernetesConnection connection;
  private KubernetesPlatform platform;

  @BeforeAll
  void open() {
    lab =
        new Lab(
            done(EmbeddedKubernetes.start(vertx, EmbeddedKubernetesConfig.in(directory)))
                .kubeconfig());
    connection = lab.connect();
    platform =
        new KubernetesPlatform(
            connection, PlatformSettings.of(lab.namespace, ServiceType.CLUSTER_IP));
  }

  @AfterAll
  void close() {
    connection.close();
    lab.close();
    done(vertx.close());
  }

  private static <T> T done(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  /** A database that runs, and is migrated into. */
  private Instance migrating() {
    Instance one = Samples.instance("db-x.mooring.svc");
    var unused = platform.apply(one, Samples.CREDENTIALS, Fence.none()).blockingGet();
    lab.healthy(PostgresCluster.name(one));
    Migration.Source source =
        new Migration.Source("db.example.com", 5433, "o'neill", "main", Boolean.TRUE);
    return operated(one, OperationKind.MIGRATE).migrating(Migration.of(source).begun());
  }

  private static Instance operated(Instance one, OperationKind kind) {
    Operation was = one.operation();
    return Samples.with(
        one,
        new Operation(
            UUID.randomUUID(),
            one.id(),
            kind,
            was.outcome(),
            null,
            was.acceptedIn(),
            null,
            1,
            was.deadline(),
            was.startedAt(),
            null));
  }

  private MigrationProgress look(Instance one, MigrationPart part) {
    return platform.migrate(one, part, Fence.none()).blockingGet();
  }

  private Pod pod(Instance one, String suffix) {
    return lab.admin
        .pods()
        .inNamespace(lab.namespace)
        .withName(one.objectName() + "-migration" + suffix)
        .get();
  }

  private Secret secret(Instance one) {
    return lab.admin
        .secrets()
        .inNamespace(lab.namespace)
        .withName(one.objectName() + "-migration")
        .get();
  }

  private void says(Pod pod, String phase, String state) {
    Pod unused =
        lab.admin
            .pods()
            .resource(pod)
            .subresource("status")
            .patch(
                PatchContext.of(PatchType.JSON_MERGE),
                "{\"status\":{\"phase\":\""
                    + phase
                    + "\",\"containerStatuses\":[{\"name\":\"migration\",\"image\":\"x\","
                    + "\"imageID\":\"\",\"ready\":false,\"restartCount\":0,\"state\":"
                    + state
                    + "}]}}");
  }

  private static String ended(int code, String message) {
    return "{\"terminated\":{\"exitCode\":" + code + ",\"message\":\"" + message + "\"}}";
  }

  private static Map<String, String> environment(Pod pod) {
    return pod.getSpec().getContainers().get(0).getEnv().stream()
        .filter(one -> one.getValue() != null)
        .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
  }

  @Test
  void aPodAsksTheSourceAtTheAddressThatWasChecked() {
    Instance one = migrating();
    assertThat(look(one, LIST).state()).isEqualTo(State.STARTING);
    Pod pod = pod(one, "");
    Container container = pod.getSpec().getContainers().get(0);
    assertThat(container.getImage()).isEqualTo("ghcr.io/cloudnative-pg/postgresql:16.4");
    assertThat(pod.getSpec().getRestartPolicy()).isEqualTo("Never");
    assertThat(environment(pod))
        .containsEntry(
            "SOURCE",
            "dbname='main' host='db.example.com' hostaddr='192.0.2.9' user='o\\'neill'"
                + " port=5433 sslmode=require connect_timeout=15")
        .containsEntry("TARGET_HOST", one.objectName())
        .containsEntry("TARGET_DATABASE", "orders");
    assertThat(pod.toString()).doesNotContain("source-s3cret");
    assertThat(secret(one).getData()).containsOnlyKeys("password");

    says(pod, "Running", "{\"running\":{}}");
    assertThat(look(one, LIST).state()).isEqualTo(State.RUNNING);
    says(pod, "Succeeded", ended(0, "databases 2\\nfree shop\\nfull web site\\n"));
    assertThat(look(one, LIST).found())
        .containsExactly(new Found("shop", false), new Found("web site", true));
    says(pod, "Succeeded", ended(0, "ee shop\\nfree web\\n"));
    assertThat(look(one, LIST).message()).contains("too many databases");

    assertThat(look(one, COPY).state()).isEqualTo(State.STARTING);
    assertThat(environment(pod(one, "-0")))
        .containsEntry(
            "TARGET", "dbname='it\\'s $$(odd) \\\\ $$x' user='app_user' sslmode=require");
    says(
        pod(one, "-0"),
        "Failed",
        ended(1, "pg_restore: error: no\\nCommand was: f()\\npg_dump: error: cut\\n"));
    MigrationProgress failed = look(one, COPY);
    assertThat(failed.state()).isEqualTo(State.FAILED);
    assertThat(failed.message()).isEqualTo("pg_restore: error: no; pg_dump: error: cut");
    says(pod(one, "-0"), "Failed", ended(1, "mooring: not empty\\n"));
    assertThat(look(one, COPY).state()).isEqualTo(State.OCCUPIED);
    says(pod(one, "-0"), "Failed", ended(1, "mooring: unsupported: no psql\\n"));
    assertThat(look(one, COPY).message()).isEqualTo("unsupported: no psql");

    assertThat(platform.endMigration(one, Fence.none()).blockingGet()).isTrue();
    assertThat(pod(one, "")).isNull();
    assertThat(pod(one, "-0")).isNull();
    assertThat(secret(one)).isNull();
  }

  @Test
  void whatKeepsAPodFromStartingIsTold() {
    Instance one = migrating();
    var unused = look(one, LIST);
    says(
        pod(one, ""),
        "Pending",
        "{\"waiting\":{\"reason\":\"ErrImagePull\",\"message\":\"no such image\"}}");
    assertThat(look(one, LIST))
        .isEqualTo(MigrationProgress.of(State.STARTING, "ErrImagePull: no such image"));
  }

  @Test
  void aPodThatHasGoneIsMadeAnewAndOneOfAnEarlierMigrationSaysNothing() {
    Instance one = migrating();
    var begun = look(one, LIST);
    assertThat(begun.state()).isEqualTo(State.STARTING);
    String first = pod(one, "").getMetadata().getUid();
    List<?> gone = lab.admin.pods().resource(pod(one, "")).delete();
    assertThat(gone).isNotEmpty();
    assertThat(look(one, LIST).state()).isEqualTo(State.STARTING);
    Pod second = pod(one, "");
    assertThat(second.getMetadata().getUid()).isNotEqualTo(first);

    says(second, "Succeeded", ended(0, "databases 1\\nfree shop\\n"));
    Instance later = operated(one, OperationKind.MIGRATE).migrating(one.migration());
    assertThat(look(later, LIST).state()).isEqualTo(State.STARTING);
    assertThat(look(later, LIST).state()).isEqualTo(State.STARTING);
    assertThat(pod(one, "").getMetadata().getUid()).isNotEqualTo(second.getMetadata().getUid());
  }

  /** A policy of before does not know of migrations. */
  @Test
  void whatCopiesIsLetIn() {
    Instance one = migrating();
    Policy few = Policy.NONE.withAllowList(List.of("203.0.113.0/24"));
    Instance filtered = Samples.created(one, Setup.NONE.withPolicy(few)).migrating(one.migration());
    assertThat(look(filtered, LIST).state()).isEqualTo(State.STARTING);
    NetworkPolicy policy =
        lab.admin
            .network()
            .v1()
            .networkPolicies()
            .inNamespace(lab.namespace)
            .withName(ClientAccess.name(one))
            .get();
    assertThat(policy.getSpec().getIngress().toString())
        .contains(MigrationObjects.LABEL + "=" + one.id());
  }

  @Test
  void itGoesWithItsDatabase() {
    Instance one = migrating();
    var unused = look(one, LIST);
    Instance deleted = operated(one, OperationKind.DELETE).migrating(one.migration());
    org.awaitility.Awaitility.await()
        .until(() -> platform.delete(deleted, Fence.none()).blockingGet());
    assertThat(pod(one, "")).isNull();
    assertThat(secret(one)).isNull();
  }
}
