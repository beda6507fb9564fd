package mooring;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import mooring.api.ApiServer;
import mooring.api.Contracts;
import mooring.api.HttpSettings;
import mooring.api.ManagementVerticle;
import mooring.api.PasswordAuthenticator;
import mooring.api.PublishedApi;
import mooring.api.RateLimiter;
import mooring.api.SignatureAuthenticator;
import mooring.api.cloudheed.CloudheedApi;
import mooring.api.cloudheed.CloudheedAuth;
import mooring.api.exoscale.ExoscaleApi;
import mooring.api.ionos.IonosApi;
import mooring.api.uncloud.UncloudApi;
import mooring.core.Accounts;
import mooring.core.Authorities;
import mooring.core.BackupArchives;
import mooring.core.BackupList;
import mooring.core.Backups;
import mooring.core.Instances;
import mooring.core.Offer;
import mooring.core.Tokens;
import mooring.core.UpgradeChecks;
import mooring.core.Upgrades;
import mooring.platform.KubernetesPlatform;
import mooring.platform.PlatformSettings;
import mooring.platform.ServerAuthorities;
import mooring.status.AccessKeyDirectory;
import mooring.status.AccountDirectory;
import mooring.status.EndingWatch;
import mooring.status.Freshness;
import mooring.status.LoginTokens;
import mooring.status.MissLookup;
import mooring.status.OperationDirectory;
import mooring.status.StatusCache;
import mooring.status.StatusFeed;
import mooring.status.TokenDirectory;
import mooring.store.ChangeFeed;
import mooring.store.PgStore;
import mooring.work.BackupWorker;
import mooring.work.ExpiredBackups;
import mooring.work.LeftOvers;
import mooring.work.Maintenance;
import mooring.work.SourceArchive;
import mooring.work.Sweeper;
import mooring.work.TokenUse;
import mooring.work.WaitingMigrations;
import mooring.work.Worker;
import mooring.work.WorkerSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The control plane: every room, wired by constructor. */
final class Server implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Server.class);
  private static final Duration SWEEP = Duration.ofSeconds(30);
  private static final Duration MAINTENANCE = Duration.ofMinutes(1);
  private static final Duration MIGRATIONS = Duration.ofSeconds(2);
  private static final Duration TOKEN_USE = Duration.ofMinutes(1);
  private static final int ENDED_REMEMBERED = 65_536;
  private static final Duration LISTENING_LIMIT = Duration.ofSeconds(20);

  private final Settings settings;
  private final Vertx vertx;
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final StatusFeed feed;
  private final PgStore store;
  private final Accounts accounts;
  private final KubernetesPlatform platform;
  private final DatabaseAccess databases;
  private final Worker worker;
  private final BackupWorker backupWorker;
  private final Sweeper sweeper;
  private final TokenUse tokenUse;
  private final Maintenance maintenance;
  private final WaitingMigrations migrations;
  private final ApiServer api;
  private final BooleanSupplier platformWritable;
  private ChangeFeed changes;
  private Disposable watch = Disposable.disposed();
  private int port;
  private volatile boolean open;

  Server(Settings settings, Foundations foundations) {
    this.settings = settings;
    vertx = foundations.vertx();
    store = foundations.store();
    platformWritable = foundations.writable();
    accounts = Records.accounts(store);
    StatusCache cache = new StatusCache();
    LoginTokens logins = Records.loginTokens(store);
    TokenDirectory directory = new TokenDirectory(Clock.systemUTC(), logins);
    AccountDirectory passwords = new AccountDirectory();
    AccessKeyDirectory accessKeys = new AccessKeyDirectory();
    feed = new StatusFeed(cache, directory, passwords, accessKeys);
    platform =
        new KubernetesPlatform(
            foundations.kubernetes(),
            platformSettings(settings),
            Foundations.upgradeLimits(settings));
    databases = DatabaseAccess.of(settings, foundations, platform);
    LeftOvers leftOvers = new LeftOvers(platform);
    SourceArchive archive = SourceArchive.of(databases.sourceLog(), store.instances(), feed);
    WorkerSettings workerSettings = WorkerSettings.standard(replicaName());
    worker =
        new Worker(
            store.operations(),
            store.instances(),
            platform,
            feed,
            archive,
            databases.replicaServer(),
            leftOvers,
            settings.migrationSources(),
            workerSettings);
    backupWorker =
        new BackupWorker(
            store.backups(),
            store.instances(),
            platform.backups(),
            platform.backups(),
            workerSettings);
    platform.backups().onChange(backupWorker::observed);
    ExpiredBackups expired = new ExpiredBackups(cache, platform.backups(), Clock.systemUTC());
    sweeper = new Sweeper(feed, store.instances(), leftOvers, expired, platform::watching, SWEEP);
    tokenUse = new TokenUse(directory, store.tokens(), TOKEN_USE);
    Instances instances =
        new Instances(
            store.instances(),
            feed,
            feed::publish,
            Offer.standard(),
            settings.deadlines(),
            new EndingWatch(feed),
            Clock.systemUTC());
    maintenance =
        new Maintenance(
            cache,
            platform.updates(),
            instances,
            IonosApi::maintenanceWindow,
            Clock.systemUTC(),
            MAINTENANCE);
    migrations = new WaitingMigrations(cache, instances.migrations(), MIGRATIONS);
    ServerAuthorities authorities =
        new ServerAuthorities(foundations.kubernetes(), settings.namespace());
    api =
        apiServer(
            foundations.contracts(),
            cache,
            directory,
            passwords,
            accessKeys,
            logins,
            instances,
            authorities);
    Gauges.register(meters, cache, worker, backupWorker, sweeper);
    feed.onChange(new EndedOperations(meters, Instant.now(), ENDED_REMEMBERED));
  }

  /** Listens, and works as soon as it knows what is wanted and what is. */
  void start() {
    // The contracts are read meanwhile; nothing is answered before the feeds have brought all.
    Future<Integer> listening = api.start();
    changes = store.feed(feed);
    watch =
        platform
            .start(feed)
            .subscribe(() -> {}, error -> log.error("the platform cannot be watched", error));
    await(vertx.deployVerticle(management()));
    port = await(listening);
    sweeper.start();
    worker.start();
    backupWorker.start();
    tokenUse.start();
    maintenance.start();
    migrations.start();
  }

  /** Whether requests are answered and changes are carried out. */
  boolean ready() {
    return seen() && changes.alive();
  }

  /** Whether what is wanted and what is have been read once: nothing is answered before. */
  private boolean seen() {
    return feed.ready() && platform.backups().seen();
  }

  /** Says from now on that it is ready: nothing that is set up beside the API is missing. */
  void open() {
    open = true;
  }

  /** Where clients reach it. */
  String url() {
    return settings.url(port);
  }

  /** Its tenants; what is made by this can be used at once. */
  Tenants tenants() {
    return new Tenants(
        store.tokens(), store.accessKeys(), accounts, url(), feed::publish, feed::publish);
  }

  /**
   * Finishes the requests in flight, then stops, whatever of it fails; what is under way is taken
   * over later. Takes at most about 6 s.
   */
  @Override
  public void close() {
    StopStep.attempt("maintenance", maintenance::close);
    StopStep.attempt("waiting migrations", migrations::close);
    StopStep.attempt("worker", worker::close);
    StopStep.attempt("backup worker", backupWorker::close);
    watch.dispose();
    StopStep.attempt("access to the databases", databases::close);
    StopStep.attempt("platform", platform::close);
    StopStep.attempt("sweeper", sweeper::close);
    StopStep.attempt("API", () -> api.stop().await(4, TimeUnit.SECONDS));
    StopStep.attempt("token use", tokenUse::close);
    StopStep.attempt("store", () -> store.close().timeout(1, TimeUnit.SECONDS).blockingAwait());
    StopStep.attempt("event loops", () -> vertx.close().await(1, TimeUnit.SECONDS));
  }

  private ApiServer apiServer(
      Contracts contracts,
      StatusCache cache,
      TokenDirectory directory,
      AccountDirectory passwords,
      AccessKeyDirectory accessKeys,
      LoginTokens logins,
      Instances instances,
      Authorities authorities) {
    Offer offer = Offer.standard();
    Tokens tokens = new Tokens(store.tokens(), TokenDirectory::hash, feed::publish);
    MissLookup misses = new MissLookup(store.instances(), feed);
    OperationDirectory operations = new OperationDirectory(cache, store.instances(), feed::publish);
    feed.onChange(operations);
    BackupList backupList = new BackupList(store.backups(), platform.backups(), Clock.systemUTC());
    Backups backups =
        new Backups(
            backupList,
            store.backups(),
            platform.backups(),
            feed,
            Clock.systemUTC(),
            backupWorker::asked);
    CloudheedAuth auth = new CloudheedAuth(accounts, logins, tokens, Clock.systemUTC());
    Freshness freshness = new Freshness(platform::lastHeardNanos, settings.freshnessBound());
    HttpSettings http =
        HttpSettings.of(settings.httpHost(), settings.httpPort(), settings.trustedProxies());
    Upgrades upgrades = new Upgrades(offer, platform::majors);
    List<PublishedApi> apis =
        List.of(
            CloudheedApi.published(
                    cache,
                    directory,
                    misses,
                    instances,
                    backupList,
                    backups,
                    auth,
                    offer,
                    settings.places(),
                    Clock.systemUTC())
                .limitedBy(limiter()),
            UncloudApi.published(
                cache, directory, misses, instances, tokens, offer, settings.places()),
            IonosApi.published(
                cache,
                new PasswordAuthenticator(directory, passwords, accounts),
                misses,
                freshness,
                instances,
                new BackupArchives(platform.backups(), Clock.systemUTC()),
                platform.logs(),
                offer,
                upgrades,
                settings.places()),
            ExoscaleApi.published(
                cache,
                new SignatureAuthenticator(accessKeys, http.proxies(), Clock.systemUTC()),
                misses,
                operations,
                instances,
                platform.backups(),
                backups,
                platform.updates(),
                upgrades,
                new UpgradeChecks(
                    instances,
                    feed,
                    upgrades,
                    databases.inventory(),
                    store.tasks(),
                    platform::upgradeObstacle,
                    cache::isFollowed,
                    Clock.systemUTC()),
                store.tasks(),
                platform.logs(),
                authorities,
                IonosApi::maintenanceWindow,
                settings.migrationSources(),
                offer,
                settings.places()));
    return new ApiServer(vertx, contracts, http, apis, this::seen, freshness, meters);
  }

  /** Null for no limit. */
  private RateLimiter limiter() {
    return settings.rateLimit() == 0
        ? null
        : new RateLimiter(settings.rateLimit(), Clock.systemUTC());
  }

  private ManagementVerticle management() {
    return new ManagementVerticle(
        settings.httpHost(),
        settings.managementPort(),
        Map.of(
            "records and platform seen", feed::ready,
            "backups seen", platform.backups()::seen,
            "change feed", changes::alive,
            "first set-up", () -> open,
            "embedded Kubernetes API writable", platformWritable),
        meters::scrape);
  }

  private static PlatformSettings platformSettings(Settings settings) {
    return new PlatformSettings(
        settings.namespace(),
        settings.serviceType(),
        settings.imageCatalog(),
        settings.storageClass().orElse(null),
        settings.backupStores().orElse(null));
  }

  /** Unlike any other, of this start only: a restarted replica is another one. */
  private static String replicaName() {
    String unique = UUID.randomUUID().toString().substring(0, 8);
    return hostName() + "-" + ProcessHandle.current().pid() + "-" + unique;
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return ManagementFactory.getRuntimeMXBean().getName();
    }
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.await(LISTENING_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("not done within " + LISTENING_LIMIT, e);
    }
  }
}
