package mooring.work;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import mooring.core.Api;
import mooring.core.BackupRequest;
import mooring.core.BackupStore;
import mooring.core.Change;
import mooring.core.Credentials;
import mooring.core.Draft;
import mooring.core.Instance;
import mooring.core.InstanceState;
import mooring.core.Operation;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.Samples;
import mooring.core.Setup;
import mooring.local.kubernetes.EmbeddedKubernetes;
import mooring.local.kubernetes.EmbeddedKubernetesConfig;
import mooring.platform.KubernetesConnection;
import mooring.platform.KubernetesPlatform;
import mooring.platform.PlatformSettings;
import mooring.platform.ServiceType;
import mooring.status.StatusCache;
import mooring.status.StatusFeed;
import mooring.status.TokenDirectory;
import mooring.store.FreshStore;
import mooring.store.PgStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups on a real store and the embedded Kubernetes API; the test is CloudNativePG. */
class BackupWorkerTest {
  private static final Duration LEASE = Duration.ofSeconds(2);
  private static final Duration PATIENCE = LEASE.multipliedBy(3);
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final UUID TOKEN = UUID.randomUUID();
  private static final String NAMESPACE = "default";
  private static final String EARLIER = "2026-01-02T03:14:04Z";
  private static final String STOPPED = "2026-01-02T03:14:05Z";
  private static final String COMPLETED =
      """
      {"phase": "completed", "backupId": "20260102T030405", "startedAt": "2026-01-02T03:04:05Z",
       "stoppedAt": "2026-01-02T03:14:05Z", "pluginMetadata": {"sizeBytes": "123456"}}
      """;

  private static final ResourceDefinitionContext BACKUPS =
      kind("postgresql.cnpg.io", "Backup", "backups");
  private static final ResourceDefinitionContext STORES =
      kind("barmancloud.cnpg.io", "ObjectStore", "objectstores");

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final PgStore store = new FreshStore(vertx).store();
  private final BackupStore backups = store.backups();
  private KubernetesConnection connection;
  private KubernetesPlatform platform;
  private KubernetesClient operator;
  private UnreliableBackups unreliable;
  private BackupWorker worker;
  private Instance database;
  private UUID tenant;

  @BeforeEach
  void open() {
    Path kubeconfig =
        EmbeddedKubernetes.start(vertx, EmbeddedKubernetesConfig.in(directory))
            .await()
            .kubeconfig();
    connection = KubernetesConnection.kubeconfig(kubeconfig);
    platform =
        new KubernetesPlatform(
            connection,
            new PlatformSettings(NAMESPACE, ServiceType.CLUSTER_IP, "catalog", null, "mooring"));
    StatusFeed feed = new StatusFeed(new StatusCache(), new TokenDirectory(Clock.systemUTC()));
    assertThat(platform.start(feed).blockingAwait(20, SECONDS)).isTrue();
    operator =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
            .withHttpClientFactory(new JdkHttpClientFactory())
            .build();
    unreliable = new UnreliableBackups(platform.backups());
    worker = worker("one");
    tenant = store.tokens().createTenant("acme").blockingGet().id();
    database = create("main");
    store("mooring-manual");
    store("mooring-7d");
  }

  @AfterEach
  void close() {
    worker.close();
    platform.close();
    connection.close();
    operator.close();
    store.close().blockingAwait();
    vertx.close().await();
  }

  @Test
  void aBackupIsMadeAndEndsWithWhatItCameTo() {
    worker.start();
    BackupRequest asked = ask(LONG);
    worker.asked();
    status(asked, "{\"phase\": \"running\"}");
    assertThat(row(asked).running()).isTrue();

    status(asked, COMPLETED);

    BackupRequest ended = ended(asked, Outcome.SUCCEEDED);
    assertThat(ended.result())
        .isEqualTo(
            new BackupRequest.Result(
                "20260102T030405",
                123_456,
                Instant.parse("2026-01-02T03:04:05Z"),
                Instant.parse("2026-01-02T03:14:05Z"),
                0));
    await().until(() -> worker.held() == 0);
    assertThat(object(asked).get()).isNotNull();
  }

  @Test
  void itIsInTheArchiveThatShowsItAndStaysThere() {
    worker.start();
    BackupRequest asked = ask(LONG);
    shown("mooring-manual", EARLIER);
    shown("mooring-7d", STOPPED);
    statusOnly(asked, COMPLETED);
    assertThat(ended(asked, Outcome.SUCCEEDED).result().archiveDays()).isEqualTo(7);

    shown("mooring-manual", "2026-01-03T00:00:00Z");
    shown("mooring-7d", "2026-01-03T00:00:00Z");
    BackupRequest next = ask(LONG);
    statusOnly(next, COMPLETED);
    assertThat(ended(next, Outcome.SUCCEEDED).result().archiveDays()).isZero();
    assertThat(row(asked).result().archiveDays()).isEqualTo(7);
  }

  @Test
  void anArchiveThatIsLateIsWaitedFor() {
    worker.start();
    BackupRequest asked = ask(LONG);
    shown("mooring-7d", "2026-01-03T00:00:00Z");
    statusOnly(asked, COMPLETED);
    await().until(() -> unreliable.searches() > 1);
    assertThat(row(asked).running()).isTrue();
    shown("mooring-manual", STOPPED);
    assertThat(ended(asked, Outcome.SUCCEEDED).result().archiveDays()).isZero();
  }

  @Test
  void whatNoArchiveShowsIsNotCalledKeptForGood() {
    worker.start();
    BackupRequest asked = ask(LONG);
    statusOnly(asked, COMPLETED);
    assertThat(ended(asked, Outcome.SUCCEEDED).result().archiveDays()).isEqualTo(7);
  }

  @Test
  void noArchiveIsWaitedForPastTheDeadline() {
    worker.close();
    worker = worker("patient", LONG);
    worker.start();
    BackupRequest overdue = ask(Duration.ofSeconds(1));
    statusOnly(overdue, COMPLETED);
    await().until(() -> unreliable.searches() > 0);
    await().atMost(20, SECONDS).until(() -> lapsed(overdue));
    worker.asked();
    assertThat(ended(overdue, Outcome.SUCCEEDED).result().archiveDays()).isEqualTo(7);
  }

  @Test
  void anArchiveThatCannotBeAskedIsNotGuessed() {
    unreliable.searchable(false);
    worker.start();
    BackupRequest asked = ask(LONG);
    statusOnly(asked, COMPLETED);
    await().until(() -> unreliable.searches() > 0);
    await()
        .during(PATIENCE.plus(LEASE))
        .atMost(PATIENCE.multipliedBy(3))
        .until(() -> row(asked).running());

    // And only now the plugin's own delay begins.
    unreliable.searchable(true);
    int before = unreliable.searches();
    await().atMost(20, SECONDS).until(() -> unreliable.searches() > before + 1);
    assertThat(row(asked).running()).isTrue();
    shown("mooring-manual", STOPPED);
    assertThat(ended(asked, Outcome.SUCCEEDED).result().archiveDays()).isZero();
  }

  @Test
  void pastTheDeadlineAnArchiveIsAskedForAWhileAndNotGuessedEither() {
    unreliable.searchable(false);
    worker.start();
    BackupRequest asked = ask(Duration.ofSeconds(1));
    statusOnly(asked, COMPLETED);
    await().atMost(20, SECONDS).until(() -> lapsed(asked));
    int before = unreliable.searches();
    await().atMost(20, SECONDS).until(() -> unreliable.searches() > before + 1);
    assertThat(row(asked).running()).isTrue();
    shown("mooring-manual", STOPPED);
    unreliable.searchable(true);
    assertThat(ended(asked, Outcome.SUCCEEDED).result().archiveDays()).isZero();

    unreliable.searchable(false);
    BackupRequest lost = ask(Duration.ofSeconds(1));
    statusOnly(lost, COMPLETED);
    BackupRequest ended = ended(lost, Outcome.FAILED);
    assertThat(ended.reason()).contains("no archive can be asked: the platform is away");
    assertThat(object(lost).get()).as("to be removed by who asked for it").isNotNull();
  }

  @Test
  void oneAtATimeIsMadeAndAFailedOneBlocksNobody() {
    BackupRequest first = ask(LONG);
    BackupRequest second = ask(LONG);
    worker.start();
    status(first, "{\"phase\": \"running\"}");
    assertThat(object(second).get()).isNull();

    status(first, "{\"phase\": \"failed\", \"error\": \"no room\"}");

    assertThat(ended(first, Outcome.FAILED).reason()).isEqualTo("no room");
    assertThat(row(second).running()).isTrue();
    status(second, COMPLETED);
    ended(second, Outcome.SUCCEEDED);
  }

  @Test
  void faultsAreRetriedAndARefusalEndsIt() {
    unreliable.failNext(3);
    BackupRequest asked = ask(LONG);
    worker.start();
    status(asked, COMPLETED);
    ended(asked, Outcome.SUCCEEDED);
    assertThat(unreliable.failuresLeft()).isZero();

    unreliable.refuse();
    BackupRequest refused = ask(LONG);
    assertThat(ended(refused, Outcome.FAILED).reason()).contains("refused (422)");
  }

  @Test
  void whatIsRemovedIsTakenAwayAlsoWhileItRuns() {
    worker.start();
    BackupRequest complete = ask(LONG);
    status(complete, COMPLETED);
    ended(complete, Outcome.SUCCEEDED);
    BackupRequest running = ask(LONG);
    status(running, "{\"phase\": \"running\"}");

    unreliable.failNext(2);
    remove(complete);
    remove(running);

    awaitGone(complete);
    awaitGone(running);
    await().until(() -> worker.held() == 0);
    assertThat(backups.list(database.id()).blockingGet()).isEmpty();
  }

  @Test
  void aWaitingOneThatIsRemovedIsNeverMade() {
    BackupRequest first = ask(LONG);
    BackupRequest second = ask(LONG);
    worker.start();
    status(first, "{\"phase\": \"running\"}");
    remove(second);
    status(first, COMPLETED);
    ended(first, Outcome.SUCCEEDED);
    BackupRequest third = ask(LONG);
    status(third, COMPLETED);
    ended(third, Outcome.SUCCEEDED);
    assertThat(object(second).get()).isNull();
  }

  @Test
  void anotherTakesOverWhatWasMade() {
    BackupRequest asked = ask(LONG);
    BackupRequest claimed = backups.claim("dead", LEASE, 1).blockingGet().get(0);
    platform.backups().make(database, claimed).blockingAwait();
    String uid = object(asked).get().getMetadata().getUid();
    worker.start();
    status(asked, COMPLETED);
    ended(asked, Outcome.SUCCEEDED);
    assertThat(object(asked).get().getMetadata().getUid()).isEqualTo(uid);
  }

  @Test
  void whatHasVanishedIsNotMadeAnew() {
    worker.start();
    BackupRequest asked = ask(LONG);
    status(asked, "{\"phase\": \"running\"}");
    assertThat(object(asked).delete()).isNotEmpty();
    assertThat(ended(asked, Outcome.FAILED).reason()).contains("has gone");
    assertThat(object(asked).get()).isNull();
  }

  @Test
  void whatIsNotCompleteEndsByItsDeadlineAndIsTakenAway() {
    worker.start();
    BackupRequest asked = ask(Duration.ofSeconds(1));
    BackupRequest ended = ended(asked, Outcome.FAILED);
    assertThat(ended.reason()).isEqualTo("the backup was not complete by " + ended.deadline());
    assertThat(ended.madeAt()).isNotNull();
    await().until(() -> object(asked).get() == null);
  }

  @Test
  void theDeletionOfADatabaseLeavesNothing() {
    worker.start();
    BackupRequest complete = ask(LONG);
    status(complete, COMPLETED);
    ended(complete, Outcome.SUCCEEDED);
    BackupRequest running = ask(LONG);
    BackupRequest waiting = ask(LONG);
    status(running, "{\"phase\": \"running\"}");

    bury();

    awaitGone(complete);
    awaitGone(running);
    await().until(() -> worker.held() == 0);
    assertThat(object(waiting).get()).isNull();
  }

  @Test
  void whatIsMadeTooLateIsTakenBack() {
    unreliable.hold();
    worker.start();
    BackupRequest asked = ask(LONG);
    await().until(unreliable::holding);
    remove(asked);
    // The lease runs out meanwhile: who claims it next finds nothing to remove and is done with it.
    await().atMost(20, SECONDS).until(() -> unreliable.removals() > 0 && worker.held() == 0);
    int before = unreliable.removals();

    unreliable.release();

    await().atMost(20, SECONDS).until(() -> unreliable.removals() > before);
    awaitGone(asked);
    await().until(() -> worker.held() == 0);
  }

  private BackupWorker worker(String owner) {
    return worker(owner, LEASE);
  }

  private BackupWorker worker(String owner, Duration lease) {
    BackupWorker made =
        new BackupWorker(
            backups,
            store.instances(),
            unreliable,
            platform.backups(),
            new WorkerSettings(owner, lease, Duration.ofMillis(100), 100, 4));
    platform.backups().onChange(made::observed);
    return made;
  }

  private Instance create(String handle) {
    Draft draft =
        new Draft(
            tenant,
            Api.UNCLOUD,
            handle,
            handle,
            Samples.SPEC,
            new Credentials("app_user", "secret-of-the-test", "main"),
            Setup.NONE.withRetention(7),
            false,
            Map.of(),
            LONG,
            TOKEN);
    return store.instances().create(draft, Set.of()).blockingGet();
  }

  private void bury() {
    Instance deleting =
        store
            .instances()
            .change(
                tenant,
                database.shortId(),
                known ->
                    Optional.of(
                        new Change(
                            known, OperationKind.DELETE, InstanceState.RUNNING, LONG, null, TOKEN)))
            .blockingGet();
    Operation claimed = store.operations().claim("test", LONG, 10).blockingGet().get(0).operation();
    assertThat(claimed.id()).isEqualTo(deleting.operation().id());
    assertThat(
            store
                .operations()
                .end(claimed.id(), claimed.attempt(), Outcome.SUCCEEDED, null, null)
                .blockingGet()
                .deleted())
        .isTrue();
  }

  private BackupRequest ask(Duration deadline) {
    return backups.create(database, known -> {}, null, deadline, TOKEN).blockingGet();
  }

  private void remove(BackupRequest request) {
    assertThat(backups.remove(database, request.shortId(), TOKEN).blockingGet().removed()).isTrue();
    worker.asked();
  }

  private BackupRequest row(BackupRequest request) {
    return backups.list(database.id()).blockingGet().stream()
        .filter(row -> row.id().equals(request.id()))
        .findFirst()
        .orElseThrow();
  }

  /** Whether its deadline has passed, which counts from its turn. */
  private boolean lapsed(BackupRequest request) {
    BackupRequest row = row(request);
    return row.attempt() > 0 && row.deadline().isBefore(Instant.now());
  }

  private BackupRequest ended(BackupRequest request, Outcome outcome) {
    return await().atMost(20, SECONDS).until(() -> row(request), row -> row.outcome() == outcome);
  }

  private void awaitGone(BackupRequest request) {
    await().atMost(20, SECONDS).until(() -> object(request).get() == null);
  }

  /** As {@link #statusOnly}; what is complete is where it was asked for. */
  private void status(BackupRequest request, String status) {
    if (status.equals(COMPLETED)) {
      shown("mooring-manual", STOPPED);
    }
    statusOnly(request, status);
  }

  /** Writes a status as CloudNativePG would, as soon as there is an object. */
  private void statusOnly(BackupRequest request, String status) {
    await().atMost(20, SECONDS).until(() -> object(request).get() != null);
    object(request)
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":" + status + "}");
  }

  /** Writes as the plugin would when the last backup of the database in a store stopped. */
  private void shown(String store, String last) {
    operator
        .genericKubernetesResources(STORES)
        .inNamespace(NAMESPACE)
        .withName(store)
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            """
            {"status": {"serverRecoveryWindow": {"%s": {"lastSuccessfulBackupTime": "%s"}}}}
            """
                .formatted(database.objectName(), last));
  }

  private void store(String name) {
    GenericKubernetesResource made =
        new GenericKubernetesResourceBuilder()
            .withApiVersion("barmancloud.cnpg.io/v1")
            .withKind("ObjectStore")
            .withNewMetadata()
            .withName(name)
            .endMetadata()
            .addToAdditionalProperties(
                "spec", Map.of("configuration", Map.of("destinationPath", "s3://backups/")))
            .build();
    operator.genericKubernetesResources(STORES).inNamespace(NAMESPACE).resource(made).create();
  }

  private Resource<GenericKubernetesResource> object(BackupRequest request) {
    return operator
        .genericKubernetesResources(BACKUPS)
        .inNamespace(NAMESPACE)
        .withName(database.objectName() + "-b" + request.shortId());
  }

  private static ResourceDefinitionContext kind(String group, String kind, String plural) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group)
        .withVersion("v1")
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(true)
        .build();
  }
}
