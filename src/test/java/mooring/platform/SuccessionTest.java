package mooring.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import mooring.core.ConnectionPool;
import mooring.core.Fence;
import mooring.core.Instance;
import mooring.core.InstanceState;
import mooring.core.Lineage;
import mooring.core.Observation;
import mooring.core.Observation.Condition;
import mooring.core.Operation;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.Platform.Return;
import mooring.core.Policy;
import mooring.core.PoolMode;
import mooring.core.Pools;
import mooring.core.Recovery;
import mooring.core.Replication;
import mooring.core.SeenPool;
import mooring.core.SeenPool.Doing;
import mooring.core.Setup;
import mooring.local.kubernetes.EmbeddedKubernetes;
import mooring.local.kubernetes.EmbeddedKubernetesConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Cluster in the place of another, on an API server where CloudNativePG is played by hand. */
class SuccessionTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Vertx VERTX = Vertx.vertx();

  @TempDir static Path directory;
  private static Lab lab;
  private static KubernetesConnection connection;
  private final Seen seen = new Seen();
  private KubernetesPlatform platform;
  private Instance database;
  private Instance restored;

  @BeforeAll
  static void open() {
    EmbeddedKubernetes api =
        done(EmbeddedKubernetes.start(VERTX, EmbeddedKubernetesConfig.in(directory)));
    lab = new Lab(api.kubeconfig());
    connection = lab.connect();
  }

  @AfterAll
  static void close() {
    connection.close();
    lab.close();
    done(VERTX.close());
  }

  @BeforeEach
  void begin() {
    platform =
        new KubernetesPlatform(
            connection,
            new PlatformSettings(
                lab.namespace,
                ServiceType.LOAD_BALANCER,
                PlatformSettings.DEFAULT_IMAGE_CATALOG,
                null,
                "stores"));
    platform.start(seen).blockingAwait();
    database = Samples.created(Samples.instance("127.77.9.1"), Setup.NONE.withRetention(7));
    apply(database);
    lab.balanced(database.objectName(), "127.77.9.1");
    lab.healthy(database.objectName());
    awaitSeen(1, Condition.HEALTHY, true);
    Recovery all = new Recovery(database.id(), database.objectName(), 7, null, null);
    restored =
        during(
            OperationKind.RESTORE,
            database.restoredFrom(all, Instant.parse("2026-01-02T03:04:05Z")));
  }

  @AfterEach
  void end() {
    assertThat(platform.delete(restored, Fence.none()).blockingGet()).isTrue();
    assertThat(lab.cluster(name(1)).get()).isNull();
    assertThat(lab.cluster(name(2)).get()).isNull();
    assertThat(lab.service(name(1)).get()).isNull();
    assertThat(schedule(1)).isNull();
    assertThat(schedule(2)).isNull();
    platform.close();
  }

  @Test
  void clientsAreLedToTheNewClusterOnceItIsHealthyAndTheOldOneGoesThen() {
    down();
    apply(restored);
    assertThat(led()).isEqualTo(name(1));
    assertThat(lab.cluster(name(2)).get().<Map<String, Object>>get("spec", "bootstrap"))
        .containsKey("recovery");
    assertThat(lab.cluster(name(2)).get().get("spec", "plugins").toString())
        .contains("serverName=" + name(2));
    lab.healthy(name(2));
    awaitSeen(2, Condition.HEALTHY, false);
    apply(restored);
    assertThat(led()).isEqualTo(name(1));

    Resource<GenericKubernetesResource> old = within(name(1));
    Resource<GenericKubernetesResource> present = within(name(2));
    assertThat(platform.handOver(restored, Fence.none()).blockingGet()).isTrue();
    assertThat(old.get()).isNull();
    assertThat(present.get()).isNotNull();
    assertThat(led()).isEqualTo(name(2));
    assertThat(lab.cluster(name(1)).get()).isNull();
    assertThat(schedule(1)).isNull();
    assertThat(schedule(2).<Boolean>get("spec", "immediate")).isTrue();
    awaitSeen(2, Condition.HEALTHY, true);
    assertThat(platform.handOver(restored, Fence.none()).blockingGet()).isTrue();
    assertThat(platform.giveBack(restored, Fence.none()).blockingGet()).isEqualTo(Return.TOO_LATE);

    apply(during(OperationKind.UPDATE, restored));
    assertThat(led()).isEqualTo(name(2));
    assertThat(lab.cluster(name(1)).get()).isNull();
  }

  @Test
  void whatFailsGivesWayToTheOldCluster() {
    down();
    apply(restored);
    lab.status(name(2), "{\"phase\": \"Cluster is unrecoverable and needs manual intervention\"}");
    awaitSeen(2, Condition.BROKEN, false);
    assertThat(platform.giveBack(restored, Fence.none()).blockingGet()).isEqualTo(Return.DONE);
    assertThat(lab.cluster(name(2)).get()).isNull();
    assertThat(led()).isEqualTo(name(1));
    assertThat(hibernation()).isEqualTo("off");
    assertThat(schedule(1).<Boolean>get("spec", "suspend")).isFalse();
    lab.healthy(name(1));
    awaitSeen(1, Condition.HEALTHY, true);
    apply(during(OperationKind.UPDATE, restored.unrestored()));
    assertThat(led()).isEqualTo(name(1));
  }

  @Test
  void aDatabaseWhoseClusterHasGoneIsRestored() {
    lab.cluster(name(1)).delete();
    await().atMost(SOON).until(() -> lab.cluster(name(1)).get() == null);
    assertThat(platform.quiesce(restored, Fence.none()).blockingGet()).isTrue();
    apply(restored);
    assertThat(lab.cluster(name(1)).get()).isNull();
    lab.healthy(name(2));
    assertThat(platform.handOver(restored, Fence.none()).blockingGet()).isTrue();
    awaitSeen(2, Condition.HEALTHY, true);
  }

  @Test
  void aPoolerIsSeenAndFollowsTheCluster() {
    Instance pooled = during(OperationKind.UPDATE, pooled(database));
    apply(pooled);
    assertThat(pooler(1).<String>get("spec", "pgbouncer", "poolMode")).isEqualTo("session");
    Service service = lab.service(database.objectName() + "-pgbouncer").get();
    assertThat(service.getSpec().getLoadBalancerIP()).isEqualTo("127.77.9.1");
    assertThat(service.getSpec().getPorts().get(0).getPort()).isEqualTo(6432);
    poolerStatus(1, "{\"phase\": \"failed\", \"phaseReason\": \"no image\"}");
    await()
        .atMost(SOON)
        .until(
            () ->
                "the connection pooler does not run: no image"
                    .equals(seen.last(database.id()).message()));
    assertThat(seen.last(database.id()).facts().pooler()).isNull();
    poolerStatus(1, "{\"phase\": \"active\", \"phaseReason\": null}");
    poolerPod(name(1) + "-pooler", null);
    await().atMost(SOON).until(() -> seen.last(database.id()).facts().pooler() == PoolMode.SESSION);

    restored = pooled(restored);
    down();
    apply(restored);
    lab.healthy(name(2));
    assertThat(pooler(2)).isNull();
    assertThat(platform.handOver(restored, Fence.none()).blockingGet()).isTrue();
    assertThat(pooler(1)).isNull();
    assertThat(pooler(2).<String>get("spec", "cluster", "name")).isEqualTo(name(2));
    assertThat(lab.service(database.objectName() + "-pgbouncer").get().getSpec().getSelector())
        .containsEntry("cnpg.io/poolerName", name(2) + "-pooler");

    restored = during(OperationKind.UPDATE, restored);
    apply(restored.wanted(restored.spec(), restored.desired(), unpooled(), restored.attributes()));
    assertThat(pooler(2)).isNull();
    assertThat(lab.service(database.objectName() + "-pgbouncer").get()).isNull();
  }

  @Test
  void poolsAndTheAllowListFollowTheCluster() {
    ConnectionPool pool =
        new ConnectionPool(1, "web", "orders", "app \"user", PoolMode.TRANSACTION, 7);
    Setup asked =
        database
            .setup()
            .withPools(Pools.NONE.with(pool).withParameters(Map.of("server_lifetime", "120")))
            .withPolicy(Policy.NONE.withAllowList(List.of("10.0.0.0/8")));
    apply(during(OperationKind.UPDATE, setUp(database, asked)));
    assertThat(pool(1).<Map<String, Object>>get("spec", "pgbouncer"))
        .containsEntry("poolMode", "transaction")
        .containsEntry("parameters", Map.of("default_pool_size", "7", "server_lifetime", "120"))
        .containsEntry(
            "pg_hba",
            List.of(
                "hostssl \"orders\" \"app \"\"user\" 0.0.0.0/0 scram-sha-256",
                "hostssl \"orders\" \"app \"\"user\" ::/0 scram-sha-256",
                "host all all 0.0.0.0/0 reject",
                "host all all ::/0 reject"));
    String serviceName = database.objectName() + "-p1";
    Service service = lab.service(serviceName).get();
    assertThat(service.getSpec().getLoadBalancerIP()).isEqualTo("127.77.9.1");
    assertThat(service.getSpec().getPorts().get(0).getPort())
        .isEqualTo(pool.address(database).port())
        .isEqualTo(6433);
    assertThat(access().getSpec().getIngress().get(0).getFrom().get(0).getIpBlock().getCidr())
        .isEqualTo("10.0.0.0/8");
    String digest = asked.pools().digest(pool);
    awaitPool(digest, Doing.STARTING);
    poolStatus("{\"phase\": \"active\"}");
    poolerPod(name(1) + "-pool-1", "those from before");
    awaitPool(digest, Doing.STARTING);
    poolerPod(name(1) + "-pool-1", digest);
    awaitPool(digest, Doing.RUNNING);
    final SeenPool ran = seen.last(database.id()).facts().pools().iterator().next();
    apply(during(OperationKind.RESIZE, setUp(database, asked)));
    assertThat(Labels.annotation(pool(1), PoolerView.CHANGED_BY))
        .as("what changed it last")
        .isEqualTo(ran.changedBy().toString());

    restored = setUp(restored, restored.setup().withPools(asked.pools()));
    down();
    apply(restored);
    lab.healthy(name(2));
    assertThat(platform.handOver(restored, Fence.none()).blockingGet()).isTrue();
    assertThat(pool(1)).isNull();
    assertThat(pool(2).<String>get("spec", "cluster", "name")).isEqualTo(name(2));
    assertThat(lab.service(serviceName).get().getSpec().getSelector())
        .containsEntry("cnpg.io/poolerName", name(2) + "-pool-1");
    assertThat(access()).as("open again").isNull();

    restored = during(OperationKind.UPDATE, restored);
    apply(setUp(restored, restored.setup().withPools(Pools.NONE)));
    assertThat(pool(2)).isNull();
    assertThat(lab.service(serviceName).get()).isNull();
    assertThat(lab.service(database.objectName()).get()).isNotNull();
  }

  private static Instance setUp(Instance one, Setup setup) {
    return one.wanted(one.spec(), one.desired(), setup, one.attributes());
  }

  private GenericKubernetesResource pool(int generation) {
    return poolOf(generation).get();
  }

  private Resource<GenericKubernetesResource> poolOf(int generation) {
    return lab.admin
        .genericKubernetesResources(PoolerObjects.RESOURCE)
        .inNamespace(lab.namespace)
        .withName(name(generation) + "-pool-1");
  }

  private void poolStatus(String status) {
    GenericKubernetesResource unused =
        poolOf(1)
            .subresource("status")
            .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":" + status + "}");
  }

  private void awaitPool(String settings, Doing doing) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(seen.last(database.id()).facts().pools())
                    .singleElement()
                    .satisfies(
                        one -> {
                          assertThat(one.settings()).isEqualTo(settings);
                          assertThat(one.doing()).isEqualTo(doing);
                        }));
  }

  /** Ready, as the operator has the Deployment of a Pooler make it. */
  private void poolerPod(String pooler, String settings) {
    String name = pooler + "-" + UUID.randomUUID();
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(lab.namespace)
            .addToLabels("cnpg.io/poolerName", pooler)
            .addToAnnotations(settings == null ? Map.of() : Map.of("mooring/settings", settings))
            .endMetadata()
            .withNewSpec()
            .addNewContainer()
            .withName("pgbouncer")
            .withImage("pgbouncer")
            .endContainer()
            .endSpec()
            .build();
    assertThat(lab.admin.resource(pod).create()).isNotNull();
    Pod unused =
        lab.admin
            .pods()
            .inNamespace(lab.namespace)
            .withName(name)
            .subresource("status")
            .patch(
                PatchContext.of(PatchType.JSON_MERGE),
                "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}");
  }

  private NetworkPolicy access() {
    return lab.admin
        .network()
        .v1()
        .networkPolicies()
        .inNamespace(lab.namespace)
        .withName(database.objectName())
        .get();
  }

  private Setup unpooled() {
    return restored.setup().withPooler(null);
  }

  private static Instance pooled(Instance one) {
    return one.wanted(
        one.spec(), one.desired(), one.setup().withPooler(PoolMode.SESSION), one.attributes());
  }

  private GenericKubernetesResource pooler(int generation) {
    return poolerOf(generation).get();
  }

  private Resource<GenericKubernetesResource> poolerOf(int generation) {
    return lab.admin
        .genericKubernetesResources(PoolerObjects.RESOURCE)
        .inNamespace(lab.namespace)
        .withName(name(generation) + "-pooler");
  }

  private void poolerStatus(int generation, String status) {
    GenericKubernetesResource unused =
        poolerOf(generation)
            .subresource("status")
            .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":" + status + "}");
  }

  @Test
  void aClusterKeepsItsImageUntilItIsUpdated() {
    catalog("ghcr.io/cloudnative-pg/postgresql:16.4");
    try {
      Instance fresh = Samples.instance("127.77.9.2");
      apply(fresh);
      assertThat(image(fresh)).isEqualTo("ghcr.io/cloudnative-pg/postgresql:16.4");
      lab.healthy(fresh.objectName());
      assertThat(platform.updates().newer(fresh).isEmpty().blockingGet()).isTrue();
      String newer = "ghcr.io/cloudnative-pg/postgresql:16.5";
      catalog(newer);
      apply(during(OperationKind.UPDATE, fresh));
      assertThat(image(fresh)).endsWith(":16.4");
      assertThat(platform.updates().newer(fresh).blockingGet()).isEqualTo(newer);
      Setup updated =
          new Setup(
              Map.of(),
              Instant.EPOCH,
              0,
              null,
              Lineage.FIRST,
              null,
              newer,
              Replication.ASYNCHRONOUS,
              Policy.NONE,
              Pools.NONE);
      apply(during(OperationKind.RESTART, Samples.created(fresh, updated)));
      assertThat(image(fresh)).isEqualTo(newer);
      // One that does not run is got out of by a catalogue that offers less again.
      catalog("ghcr.io/cloudnative-pg/postgresql:16.4");
      apply(during(OperationKind.RESTART, Samples.created(fresh, updated)));
      assertThat(image(fresh)).endsWith(":16.4");
      assertThat(platform.delete(fresh, Fence.none()).blockingGet()).isTrue();
      // One of before goes on to follow the catalogue.
      apply(during(OperationKind.UPDATE, database));
      assertThat(image(database)).isNull();
    } finally {
      var unused = catalogs().withName(PlatformSettings.DEFAULT_IMAGE_CATALOG).delete();
    }
  }

  private String image(Instance one) {
    return lab.cluster(one.objectName()).get().get("spec", "imageName");
  }

  private static NonNamespaceOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      catalogs() {
    return lab.admin.genericKubernetesResources(Images.RESOURCE).inNamespace(lab.namespace);
  }

  private static void catalog(String image) {
    GenericKubernetesResource catalog =
        new GenericKubernetesResourceBuilder()
            .withApiVersion("postgresql.cnpg.io/v1")
            .withKind("ImageCatalog")
            .withNewMetadata()
            .withName(PlatformSettings.DEFAULT_IMAGE_CATALOG)
            .endMetadata()
            .addToAdditionalProperties(
                "spec", Map.of("images", List.of(Map.of("major", 16, "image", image))))
            .build();
    var unused = catalogs().resource(catalog).createOr(there -> there.update());
  }

  private void down() {
    assertThat(platform.quiesce(restored, Fence.none()).blockingGet()).isFalse();
    assertThat(hibernation()).isEqualTo("on");
    assertThat(schedule(1).<Boolean>get("spec", "suspend")).isTrue();
    lab.status(
        name(1),
        """
        {"readyInstances": 0, "conditions": [{"type": "cnpg.io/hibernation", "status": "True",
          "reason": "Hibernated", "message": "Cluster has been hibernated",
          "lastTransitionTime": "2026-01-02T03:04:05Z"}]}
        """);
    assertThat(platform.quiesce(restored, Fence.none()).blockingGet()).isTrue();
  }

  private void apply(Instance instance) {
    var unused = platform.apply(instance, Samples.CREDENTIALS, Fence.none()).blockingGet();
  }

  /** A logical database that was made within a Cluster. */
  private Resource<GenericKubernetesResource> within(String cluster) {
    GenericKubernetesResource object =
        new GenericKubernetesResourceBuilder()
            .withApiVersion("postgresql.cnpg.io/v1")
            .withKind("Database")
            .withNewMetadata()
            .withName(cluster + "-database-orders")
            .withLabels(lab.service(name(1)).get().getMetadata().getLabels())
            .endMetadata()
            .addToAdditionalProperties(
                "spec",
                Map.of("cluster", Map.of("name", cluster), "name", "orders", "owner", "app"))
            .build();
    var databases =
        lab.admin.genericKubernetesResources(ContentsObjects.DATABASES).inNamespace(lab.namespace);
    var unused = databases.resource(object).create();
    return databases.withName(cluster + "-database-orders");
  }

  private void awaitSeen(int generation, Condition condition, boolean led) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              Observation last = seen.last(database.id());
              assertThat(last.condition()).isEqualTo(condition);
              assertThat(last.facts().generation()).isEqualTo(generation);
              assertThat(last.facts().addressReady()).isEqualTo(led);
            });
  }

  private String name(int generation) {
    return database.clusterName(generation);
  }

  private String led() {
    return lab.service(name(1)).get().getSpec().getSelector().get("cnpg.io/cluster");
  }

  private String hibernation() {
    return lab.cluster(name(1)).get().getMetadata().getAnnotations().get("cnpg.io/hibernation");
  }

  private GenericKubernetesResource schedule(int generation) {
    return lab.admin
        .genericKubernetesResources(DailyBackup.RESOURCE)
        .inNamespace(lab.namespace)
        .withName(name(generation))
        .get();
  }

  private static Instance during(OperationKind kind, Instance one) {
    Operation was = one.operation();
    Operation operation =
        new Operation(
            UUID.randomUUID(),
            one.id(),
            kind,
            Outcome.RUNNING,
            null,
            InstanceState.RUNNING,
            null,
            1,
            was.deadline(),
            was.startedAt(),
            null);
    return Samples.with(one, operation);
  }

  private static <T> T done(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
