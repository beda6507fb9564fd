package mooring.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import mooring.core.Fence;
import mooring.core.Instance;
import mooring.core.InstanceState;
import mooring.core.Operation;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.Platform.Return;
import mooring.core.Setup;
import mooring.local.kubernetes.EmbeddedKubernetes;
import mooring.local.kubernetes.EmbeddedKubernetesConfig;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An upgrade in place, on an API server where CloudNativePG is played by hand. */
class MajorUpgradeTest {
  private static final Vertx VERTX = Vertx.vertx();

  @TempDir static Path directory;
  private static Lab lab;
  private static KubernetesConnection connection;
  private KubernetesPlatform platform;
  private Instance database;
  private Instance upgraded;

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
    platform.start(new Seen()).blockingAwait();
    database = Samples.created(Samples.instance("127.77.9.1"), Setup.NONE.withRetention(7));
    apply(database);
    lab.balanced(name(), "127.77.9.1");
    lab.healthy(name());
    upgraded = upgrading(database.upgraded("17", Instant.parse("2026-01-02T03:04:05Z")));
  }

  @AfterEach
  void end() {
    assertThat(platform.delete(upgraded, Fence.none()).blockingGet()).isTrue();
    assertThat(lab.cluster(name()).get()).isNull();
    assertThat(schedule(name())).isNull();
    assertThat(schedule(name() + "-pg17")).isNull();
    platform.close();
  }

  @Test
  void theServersOfBeforeGoDownUnderTheNameTheyHaveArchivedUnder() {
    assertThat(platform.quiesce(upgraded, Fence.none()).blockingGet()).isFalse();
    assertThat(archive()).isEqualTo(name());
    assertThat(major()).isEqualTo(16);
    assertThat(hibernation()).isEqualTo("on");
    assertThat(schedule(name()).<Boolean>get("spec", "suspend")).isTrue();
    lab.status(
        name(),
        """
        {"readyInstances": 0,
         "conditions": [{"type": "cnpg.io/hibernation", "status": "True", "reason": "Hibernated",
           "message": "Cluster has been hibernated",
           "lastTransitionTime": "2026-01-02T03:04:05Z"}]}
        """);
    assertThat(platform.quiesce(upgraded, Fence.none()).blockingGet()).isTrue();
    assertThat(archive()).isEqualTo(name());

    apply(upgraded);
    assertThat(archive()).isEqualTo(name() + "-pg17");
    assertThat(major()).isEqualTo(17);
    assertThat(hibernation()).isEqualTo("off");
    // Who takes over does not begin anew.
    assertThat(platform.quiesce(upgraded, Fence.none()).blockingGet()).isTrue();
    assertThat(hibernation()).isEqualTo("off");
    assertThat(major()).isEqualTo(17);
  }

  @Test
  void whatIsGivenUpBeforeTheServersAreDownRunsAgain() {
    assertThat(platform.quiesce(upgraded, Fence.none()).blockingGet()).isFalse();
    var unused = platform.downgrade(upgraded, Fence.none()).blockingGet();
    assertThat(hibernation()).isEqualTo("off");
    assertThat(archive()).isEqualTo(name());
    assertThat(major()).isEqualTo(16);
    assertThat(schedule(name()).<Boolean>get("spec", "suspend")).isFalse();
  }

  @Test
  void aJobThatRunsOrIsCompleteIsNotBrokenOff() {
    apply(upgraded);
    lab.status(name(), "{\"phase\": \"Upgrading Postgres major version\", \"readyInstances\": 0}");
    Job job = job();
    told(job, new JobStatusBuilder().withActive(1).withReady(1).build());
    assertThat(platform.downgrade(upgraded, Fence.none()).blockingGet())
        .isEqualTo(Return.UPGRADING);
    told(job, new JobStatusBuilder().withSucceeded(1).withConditions(said("Complete")).build());
    assertThat(platform.downgrade(upgraded, Fence.none()).blockingGet())
        .isEqualTo(Return.UPGRADING);
    assertThat(major()).isEqualTo(17);
    assertThat(archive()).isEqualTo(name() + "-pg17");

    // One whose image cannot be had changes nothing.
    var unusedToo = lab.admin.batch().v1().jobs().resource(job).delete();
    told(job(), new JobStatusBuilder().withActive(1).withReady(0).build());
    assertThat(platform.downgrade(upgraded, Fence.none()).blockingGet())
        .isEqualTo(Return.UNDER_WAY);
    assertThat(major()).isEqualTo(16);
    var unused = lab.admin.batch().v1().jobs().resource(job).delete();
  }

  @Test
  void theNewVersionHasAnArchiveOfItsOwnThatBeginsWhenTheDataAreUpgraded() {
    apply(upgraded);
    assertThat(major()).isEqualTo(17);
    assertThat(archive()).isEqualTo(name() + "-pg17");
    assertThat(schedule(name()).<Boolean>get("spec", "suspend")).isTrue();
    assertThat(schedule(name() + "-pg17")).isNull();
    assertThat(platform.upgradeFault(upgraded).isEmpty().blockingGet()).isTrue();

    serve(17);
    assertThat(platform.downgrade(upgraded, Fence.none()).blockingGet()).isEqualTo(Return.TOO_LATE);
    assertThat(major()).isEqualTo(17);
    assertThat(platform.settle(upgraded, Fence.none()).blockingGet()).isTrue();
    assertThat(schedule(name())).isNull();
    GenericKubernetesResource daily = schedule(name() + "-pg17");
    assertThat(daily.<Boolean>get("spec", "immediate")).isTrue();
    assertThat(daily.<Boolean>get("spec", "suspend")).isFalse();
    assertThat(daily.<String>get("spec", "cluster", "name")).isEqualTo(name());
    assertThat(platform.settle(upgraded, Fence.none()).blockingGet()).isTrue();
    apply(upgraded);
    assertThat(schedule(name())).isNull();
  }

  @Test
  void aFailedJobIsAFaultAndTheVersionOfBeforeComesBack() {
    apply(upgraded);
    lab.status(name(), "{\"phase\": \"Upgrading Postgres major version\", \"readyInstances\": 0}");
    Job job = failedJob("no such extension");
    assertThat(platform.upgradeFault(upgraded).blockingGet()).isEqualTo("no such extension");
    var unused = lab.admin.batch().v1().jobs().resource(job).delete();

    assertThat(platform.downgrade(upgraded, Fence.none()).blockingGet())
        .isEqualTo(Return.UNDER_WAY);
    assertThat(archive()).isEqualTo(name());
    assertThat(lab.cluster(name()).get().<String>get("spec", "imageName")).isNull();
    assertThat(major()).isEqualTo(16);
    lab.healthy(name());
    assertThat(platform.downgrade(upgraded, Fence.none()).blockingGet()).isEqualTo(Return.DONE);
    assertThat(schedule(name()).<Boolean>get("spec", "suspend")).isFalse();
    assertThat(schedule(name() + "-pg17")).isNull();
  }

  @Test
  void tellsWhichMajorsThereAreImagesOf() {
    GenericKubernetesResource catalog = new GenericKubernetesResource();
    catalog.setApiVersion("postgresql.cnpg.io/v1");
    catalog.setKind("ImageCatalog");
    catalog.setMetadata(
        new ObjectMetaBuilder().withName(PlatformSettings.DEFAULT_IMAGE_CATALOG).build());
    catalog.setAdditionalProperty(
        "spec",
        Map.of(
            "images",
            List.of(Map.of("major", 16, "image", "a:16"), Map.of("major", 17, "image", "a:17"))));
    var catalogs = lab.admin.genericKubernetesResources(Images.RESOURCE).inNamespace(lab.namespace);
    var unused = catalogs.resource(catalog).create();
    Awaitility.await()
        .untilAsserted(() -> assertThat(platform.majors()).containsExactlyInAnyOrder("16", "17"));
    var unusedToo = catalogs.withName(PlatformSettings.DEFAULT_IMAGE_CATALOG).delete();
    Awaitility.await().untilAsserted(() -> assertThat(platform.majors()).isEmpty());
  }

  private Job failedJob(String why) {
    JobCondition failed = said("Failed");
    failed.setMessage(why);
    return told(job(), new JobStatusBuilder().withConditions(failed).build());
  }

  private static JobCondition said(String type) {
    return new JobConditionBuilder().withType(type).withStatus("True").build();
  }

  private Job told(Job job, JobStatus status) {
    var jobs = lab.admin.batch().v1().jobs();
    Job now = jobs.resource(job).get();
    return jobs.resource(new JobBuilder(now).withStatus(status).build()).patchStatus();
  }

  private Job job() {
    Job job =
        new JobBuilder()
            .withNewMetadata()
            .withName(name() + "-1-major-upgrade")
            .withNamespace(lab.namespace)
            .addToLabels("cnpg.io/cluster", name())
            .addToLabels("cnpg.io/jobRole", "major-upgrade")
            .endMetadata()
            .withNewSpec()
            .withNewTemplate()
            .withNewSpec()
            .withRestartPolicy("Never")
            .addNewContainer()
            .withName("major-upgrade")
            .withImage("a:17")
            .endContainer()
            .endSpec()
            .endTemplate()
            .endSpec()
            .build();
    return lab.admin.batch().v1().jobs().resource(job).create();
  }

  private String hibernation() {
    return lab.cluster(name()).get().getMetadata().getAnnotations().get("cnpg.io/hibernation");
  }

  private void serve(int major) {
    lab.healthy(name());
    lab.status(name(), "{\"pgDataImageInfo\": {\"majorVersion\": " + major + "}}");
  }

  private int major() {
    return lab.cluster(name()).get().<Integer>get("spec", "imageCatalogRef", "major");
  }

  private String archive() {
    List<Map<String, Map<String, String>>> plugins =
        lab.cluster(name()).get().get("spec", "plugins");
    return plugins.get(0).get("parameters").get("serverName");
  }

  private void apply(Instance instance) {
    var unused = platform.apply(instance, Samples.CREDENTIALS, Fence.none()).blockingGet();
  }

  private String name() {
    return database.objectName();
  }

  private GenericKubernetesResource schedule(String name) {
    return lab.admin
        .genericKubernetesResources(DailyBackup.RESOURCE)
        .inNamespace(lab.namespace)
        .withName(name)
        .get();
  }

  private static Instance upgrading(Instance one) {
    Operation was = one.operation();
    Operation operation =
        new Operation(
            UUID.randomUUID(),
            one.id(),
            OperationKind.UPGRADE,
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
