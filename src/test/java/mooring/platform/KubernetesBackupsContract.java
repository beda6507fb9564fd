package mooring.platform;

import static mooring.platform.Samples.CREDENTIALS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.reactivex.rxjava3.disposables.Disposable;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import mooring.core.Api;
import mooring.core.Backup.Phase;
import mooring.core.BackupRequest;
import mooring.core.Desired;
import mooring.core.Fence;
import mooring.core.Instance;
import mooring.core.Operation.Outcome;
import mooring.core.PlatformRefusedException;
import mooring.core.SeenBackup;
import mooring.core.Setup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What the platform does about backups, against an API server; the test is the operator. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class KubernetesBackupsContract {
  // A server that has just learnt a kind collects its objects only after half a minute.
  private static final Duration SOON = Duration.ofSeconds(60);

  private final List<String> heard = new CopyOnWriteArrayList<>();
  private Lab lab;
  private KubernetesConnection connection;
  private KubernetesPlatform platform;
  private KubernetesBackups backups;

  /** Of a server to run against. */
  abstract Path kubeconfig();

  @BeforeAll
  void open() {
    lab = new Lab(kubeconfig());
    connection = lab.connect();
    store("mooring-manual");
    store("mooring-7d");
  }

  @BeforeEach
  void begin() {
    platform = new KubernetesPlatform(connection, settings("mooring"));
    backups = platform.backups();
    backups.onChange(heard::add);
  }

  @AfterEach
  void end() {
    platform.close();
  }

  @AfterAll
  void close() {
    if (connection != null) {
      connection.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void makesOneObjectForARequestAndShowsHowItStands() {
    Instance database = kept(7);
    BackupRequest request = request(database);
    String name = database.objectName() + "-b" + request.shortId();
    start(platform);
    await().atMost(SOON).until(backups::offered);

    make(database, request);
    GenericKubernetesResource made = backup(name).get();
    make(database, request);
    assertThat(backup(name).get().getMetadata().getResourceVersion())
        .isEqualTo(made.getMetadata().getResourceVersion());
    Kept.in(made, BackupObject.of(database, request, settings("mooring")));
    assertThat(
            made.<String>get("spec", "pluginConfiguration", "parameters", BackupStores.PARAMETER))
        .isEqualTo("mooring-manual");
    await().atMost(SOON).until(() -> phases(database).equals(List.of(Phase.PENDING)));

    status(name, "{\"phase\":\"running\",\"startedAt\":\"2026-01-02T03:04:05Z\"}");
    await().atMost(SOON).until(() -> phases(database).equals(List.of(Phase.IN_PROGRESS)));
    heard.clear();
    status(name, "{\"phase\":\"completed\",\"backupId\":\"x1\"}");
    await().atMost(SOON).until(() -> phases(database).equals(List.of(Phase.COMPLETED)));
    await().atMost(SOON).until(() -> heard.contains(request.shortId()));
    SeenBackup looked = backups.look(database, request).blockingGet();
    assertThat(looked).isEqualTo(backups.of(database).get(0));
    assertThat(looked.platformId()).isEqualTo("x1");

    await().atMost(SOON).until(() -> backups.remove(database, request).blockingGet());
    assertThat(backup(name).get()).isNull();
    assertThat(backups.look(database, request).isEmpty().blockingGet()).isTrue();
    await().atMost(SOON).until(() -> backups.of(database).isEmpty());
    assertThat(backups.remove(database, request).blockingGet()).isTrue();
  }

  @Test
  void leavesAForeignObjectOfTheSameNameAlone() {
    Instance database = kept(7);
    BackupRequest request = request(database);
    String name = database.objectName() + "-b" + request.shortId();
    create(BackupObject.RESOURCE, name, Map.of(), spec(database));
    start(platform);

    assertThatThrownBy(() -> make(database, request))
        .isInstanceOf(PlatformRefusedException.class)
        .hasMessageContaining("does not belong");
    assertThat(backups.remove(database, request).blockingGet()).isTrue();
    assertThat(backup(name).get()).isNotNull();
    assertThat(backups.of(database)).isEmpty();
  }

  @Test
  void aScheduleComesAndGoesWithItsDatabaseAndSoDoWhatItMade() {
    Instance database = kept(7);
    start(platform);
    apply(database);
    Kept.in(schedule(database).get(), DailyBackup.of(database, settings("mooring")));
    create(
        BackupObject.RESOURCE,
        database.objectName() + "-20260102030405",
        Map.of(DailyBackup.MADE_BY, database.objectName()),
        spec(database));
    create(BackupObject.RESOURCE, database.objectName() + "-by-hand", Map.of(), spec(database));
    await().atMost(SOON).until(() -> phases(database).equals(List.of(Phase.PENDING)));
    assertThat(backups.of(database).get(0).manual()).isFalse();

    apply(
        database.wanted(database.spec(), Desired.STOPPED, database.setup(), database.attributes()));
    assertThat(schedule(database).get().<Boolean>get("spec", "suspend")).isTrue();

    await().atMost(SOON).until(() -> platform.delete(database, Fence.none()).blockingGet());
    assertThat(schedule(database).get()).isNull();
    assertThat(backup(database.objectName() + "-20260102030405").get()).isNull();
    assertThat(backup(database.objectName() + "-by-hand").get()).isNotNull();
  }

  @Test
  void whatOutlivesItsDatabaseStaysUntilItsTimeIsOver() {
    Instance database = Samples.of(Api.IONOS, kept(7));
    start(platform);
    apply(database);
    for (String made : List.of("-20260102030405", "-20260103030405")) {
      create(
          BackupObject.RESOURCE,
          database.objectName() + made,
          Map.of(DailyBackup.MADE_BY, database.objectName()),
          spec(database));
    }
    status(
        database.objectName() + "-20260102030405", "{\"phase\":\"completed\",\"backupId\":\"x1\"}");
    await().atMost(SOON).until(() -> platform.delete(database, Fence.none()).blockingGet());
    assertThat(schedule(database).get()).isNull();
    assertThat(backup(database.objectName() + "-20260102030405").get()).isNotNull();
    assertThat(backup(database.objectName() + "-20260103030405").get()).isNull();

    await().atMost(SOON).until(() -> backups.forget(database).blockingGet());
    assertThat(backup(database.objectName() + "-20260102030405").get()).isNull();
  }

  @Test
  void aDatabaseThatKeepsNoneHasNoSchedule() {
    Instance database = kept(7);
    apply(database);
    apply(database.wanted(database.spec(), Desired.RUNNING, Setup.NONE, database.attributes()));
    await().atMost(SOON).until(() -> schedule(database).get() == null);
  }

  @Test
  void readsTheFirstMomentToRecoverTo() {
    Instance database = kept(7);
    start(platform);
    assertThat(backups.firstRecoverable(database)).isEmpty();
    resource(BackupStores.RESOURCE, "mooring-7d")
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            """
            {"status": {"serverRecoveryWindow": {"%s":
              {"firstRecoverabilityPoint": "2026-01-02T03:04:05Z"}}}}
            """
                .formatted(database.objectName()));
    await().atMost(SOON).until(() -> backups.firstRecoverable(database).isPresent());
    assertThat(backups.firstRecoverable(database)).contains(Instant.parse("2026-01-02T03:04:05Z"));
    assertThat(backups.firstRecoverable(kept(7))).isEmpty();
  }

  @Test
  void aBackupIsInTheArchiveThatShowsIt() {
    Instance database = kept(7);
    BackupRequest request = request(database);
    String name = database.objectName() + "-b" + request.shortId();
    make(database, request);
    status(
        name,
        "{\"phase\":\"completed\",\"backupId\":\"x1\",\"stoppedAt\":\"2026-01-02T03:04:05Z\"}");
    SeenBackup backup = backups.look(database, request).blockingGet();
    assertThat(backups.archiveDays(database, backup).isEmpty().blockingGet()).isTrue();

    last("mooring-manual", database, "2026-01-02T03:04:04Z");
    last("mooring-7d", database, "2026-01-02T03:04:06Z");
    assertThat(backups.archiveDays(database, backup).isEmpty().blockingGet()).isTrue();
    last("mooring-7d", database, "2026-01-02T03:04:05.9Z");
    assertThat(backups.archiveDays(database, backup).blockingGet()).isEqualTo(7);
    last("mooring-manual", database, "2026-01-02T03:04:05Z");
    assertThat(backups.archiveDays(database, backup).blockingGet()).isZero();
    assertThat(backups.archiveDays(kept(7), backup).isEmpty().blockingGet())
        .as("of another server")
        .isTrue();
  }

  @Test
  void anArchiveThatCannotBeAskedIsAFaultThatMayPass(@TempDir Path folder) throws Exception {
    Instance database = kept(7);
    BackupRequest request = request(database);
    make(database, request);
    status(
        database.objectName() + "-b" + request.shortId(),
        "{\"phase\":\"completed\",\"backupId\":\"x1\",\"stoppedAt\":\"2026-01-02T03:04:05Z\"}");
    SeenBackup backup = backups.look(database, request).blockingGet();
    try (Relay relay = lab.relay();
        KubernetesConnection far = lab.connect(relay, folder);
        KubernetesPlatform cutOff = new KubernetesPlatform(far, settings("mooring"))) {
      relay.cut();
      assertThatThrownBy(() -> cutOff.backups().archiveDays(database, backup).blockingGet())
          .isNotInstanceOf(PlatformRefusedException.class)
          .hasMessageContaining("cannot be asked for ObjectStore mooring-manual");
    }
  }

  @Test
  void allIsSeenOnceBackupsAndStoresAreOrTheirKindIsKnownToBeMissing() {
    assertThat(backups.seen()).isFalse();
    start(platform);
    await().atMost(SOON).until(backups::seen);
    try (KubernetesPlatform without = new KubernetesPlatform(connection, settings(null))) {
      assertThat(without.backups().seen()).isTrue();
    }

    ResourceDefinitionContext none =
        new ResourceDefinitionContext.Builder()
            .withGroup("barmancloud.cnpg.io")
            .withVersion("v1")
            .withKind("Nothing")
            .withPlural("nothings")
            .withNamespaced(true)
            .build();
    KeyedInformer informer =
        new KeyedInformer(
            lab.admin, none, lab.namespace, one -> one.getMetadata().getName(), one -> {});
    Disposable starting = informer.start().subscribe(() -> {}, error -> {});
    try {
      await().atMost(SOON).until(informer::answered);
      assertThat(informer.synced()).isFalse();
    } finally {
      starting.dispose();
      informer.stop();
    }
  }

  @Test
  void whereThereAreNoStoresNoneAreOfferedAndNothingIsMade() {
    Instance database = kept(7);
    for (String prefix : new String[] {null, "absent"}) {
      try (KubernetesPlatform without = new KubernetesPlatform(connection, settings(prefix))) {
        start(without);
        assertThat(without.backups().offered()).isFalse();
        assertThat(without.backups().firstRecoverable(database)).isEmpty();
        assertThat(without.backups().of(database)).isEmpty();
      }
    }
    try (KubernetesPlatform without = new KubernetesPlatform(connection, settings(null))) {
      assertThat(without.apply(database, CREDENTIALS, Fence.none()).blockingGet().object())
          .isPositive();
      assertThat(schedule(database).get()).isNull();
      BackupRequest request = request(database);
      assertThatThrownBy(() -> without.backups().make(database, request).blockingAwait())
          .isInstanceOf(PlatformRefusedException.class);
      await().atMost(SOON).until(() -> without.delete(database, Fence.none()).blockingGet());
    }
  }

  private static void start(KubernetesPlatform started) {
    assertThat(started.start(new Seen()).blockingAwait(60, TimeUnit.SECONDS)).isTrue();
  }

  private void apply(Instance database) {
    assertThat(platform.apply(database, CREDENTIALS, Fence.none()).blockingGet().object())
        .isPositive();
  }

  private void make(Instance database, BackupRequest request) {
    backups.make(database, request).blockingAwait();
  }

  private List<Phase> phases(Instance database) {
    return backups.of(database).stream().map(SeenBackup::phase).toList();
  }

  private void status(String name, String status) {
    backup(name)
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":" + status + "}");
  }

  private void last(String store, Instance database, String time) {
    resource(BackupStores.RESOURCE, store)
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            """
            {"status": {"serverRecoveryWindow": {"%s": {"lastSuccessfulBackupTime": "%s"}}}}
            """
                .formatted(database.objectName(), time));
  }

  private Resource<GenericKubernetesResource> backup(String name) {
    return resource(BackupObject.RESOURCE, name);
  }

  private Resource<GenericKubernetesResource> schedule(Instance database) {
    return resource(DailyBackup.RESOURCE, database.objectName());
  }

  private Resource<GenericKubernetesResource> resource(
      ResourceDefinitionContext kind, String name) {
    return lab.admin.genericKubernetesResources(kind).inNamespace(lab.namespace).withName(name);
  }

  private void store(String name) {
    create(
        BackupStores.RESOURCE,
        name,
        Map.of(),
        Map.of("configuration", Map.of("destinationPath", "s3://backups/")));
  }

  private void create(
      ResourceDefinitionContext kind,
      String name,
      Map<String, String> labels,
      Map<String, Object> spec) {
    GenericKubernetesResource object =
        new GenericKubernetesResourceBuilder()
            .withApiVersion(kind.getGroup() + "/v1")
            .withKind(kind.getKind())
            .withNewMetadata()
            .withName(name)
            .withLabels(labels)
            .endMetadata()
            .addToAdditionalProperties("spec", spec)
            .build();
    lab.admin.genericKubernetesResources(kind).inNamespace(lab.namespace).resource(object).create();
  }

  private static Map<String, Object> spec(Instance database) {
    return Map.of(
        "cluster",
        Map.of("name", database.objectName()),
        "method",
        "plugin",
        "pluginConfiguration",
        Map.of("name", BackupStores.PLUGIN));
  }

  private PlatformSettings settings(String stores) {
    return new PlatformSettings(
        lab.namespace, ServiceType.CLUSTER_IP, "mooring-postgresql", null, stores);
  }

  private static Instance kept(int days) {
    Instance database = Samples.instance("127.77.1.1");
    return database.wanted(
        database.spec(), Desired.RUNNING, Setup.NONE.withRetention(days), database.attributes());
  }

  private static BackupRequest request(Instance database) {
    UUID id = UUID.randomUUID();
    Instant now = Instant.parse("2026-01-02T03:04:05Z");
    return new BackupRequest(
        id,
        id.toString().substring(0, 8),
        database.id(),
        null,
        Outcome.RUNNING,
        null,
        null,
        1,
        now,
        now.plusSeconds(60),
        null,
        null);
  }
}
