package mooring.api;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mooring.api.cloudheed.CloudheedApi;
import mooring.api.cloudheed.CloudheedAuth;
import mooring.api.exoscale.ExoscaleApi;
import mooring.api.ionos.IonosApi;
import mooring.api.uncloud.UncloudApi;
import mooring.core.AccountStore;
import mooring.core.Accounts;
import mooring.core.BackupArchives;
import mooring.core.BackupList;
import mooring.core.BackupStore;
import mooring.core.Backups;
import mooring.core.Credentials;
import mooring.core.Deadlines;
import mooring.core.Endings;
import mooring.core.Instance;
import mooring.core.InstanceStore;
import mooring.core.Instances;
import mooring.core.Offer;
import mooring.core.Place;
import mooring.core.ServerInventory;
import mooring.core.SourceAddresses;
import mooring.core.SourceSilentException;
import mooring.core.TaskStore;
import mooring.core.TokenStore;
import mooring.core.Tokens;
import mooring.core.UpgradeChecks;
import mooring.core.Upgrades;
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
import mooring.store.PgStore;

/** The API on a free port over a given store; what the platform shows is fed by hand. */
public final class ApiFixture implements AutoCloseable {
  private static final Deadlines DEADLINES =
      new Deadlines(Duration.ofMinutes(15), Duration.ofMinutes(10));

  public final Vertx vertx;
  public final StatusCache cache = new StatusCache();
  public final LoginTokens logins = LoginTokens.of(LoginTokens.newKeyset(), Clock.systemUTC());
  public final TokenDirectory directory = new TokenDirectory(Clock.systemUTC(), logins);
  public final AccountDirectory passwords = new AccountDirectory();
  public final AccessKeyDirectory accessKeys = new AccessKeyDirectory();
  public final StatusFeed feed = new StatusFeed(cache, directory, passwords, accessKeys);
  public final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  public final PublishedApi uncloud;
  public final PublishedApi cloudheed;
  public final PublishedApi ionos;
  public final PublishedApi exoscale;
  public final Map<UUID, String> certificates = new ConcurrentHashMap<>();
  public final Map<UUID, ServerInventory.Inventory> inventories = new ConcurrentHashMap<>();
  public final Map<UUID, String> lacking = new ConcurrentHashMap<>();
  public final Map<UUID, String> newer = new ConcurrentHashMap<>();
  public final SeenBackups backups = new SeenBackups();
  public final SaidLogs logs = new SaidLogs();

  /** By which signatures expire. */
  public final SetClock signatures = new SetClock();

  /** By which failed logins have to wait. */
  public final SetClock attempts = new SetClock();

  /** How many passwords were checked. */
  public final AtomicInteger checks = new AtomicInteger();

  /** How long ago the platform was heard, however long the test takes. */
  public volatile Duration silence = Duration.ZERO;

  /** How long ends of operations are waited for at least, where a test has to bring them about. */
  public volatile Duration patience = Duration.ZERO;

  public final ApiServer server;
  public final int port;
  public final Tokens tokens;
  public final Instances instances;
  public final Accounts accounts;

  /** What clusters can be upgraded to here: less than is offered. */
  private static final Set<String> IMAGES = Set.of("14", "15", "16", "17");

  private final Freshness freshness =
      new Freshness(() -> System.nanoTime() - silence.toNanos(), Duration.ofSeconds(90));
  private final List<ApiServer> others = new ArrayList<>();

  /** Starts the server on a store. */
  public ApiFixture(Vertx vertx, PgStore store) {
    this(vertx, store, DEADLINES);
  }

  /** Starts the server on a store, with deadlines of the test's own. */
  public ApiFixture(Vertx vertx, PgStore store, Deadlines deadlines) {
    this(
        vertx,
        store.instances(),
        store.tokens(),
        store.backups(),
        store.accounts(),
        store.tasks(),
        deadlines);
  }

  /** Starts the server on a store that cannot be reached; it never gets ready by itself. */
  public static ApiFixture withoutStore(Vertx vertx) {
    return new ApiFixture(
        vertx,
        Away.of(InstanceStore.class),
        Away.of(TokenStore.class),
        Away.of(BackupStore.class),
        Away.of(AccountStore.class),
        Away.of(TaskStore.class),
        DEADLINES);
  }

  private ApiFixture(
      Vertx vertx,
      InstanceStore instanceStore,
      TokenStore tokenStore,
      BackupStore backupStore,
      AccountStore accountStore,
      TaskStore taskStore,
      Deadlines deadlines) {
    this.vertx = vertx;
    Offer offer = Offer.standard();
    instances =
        new Instances(
            instanceStore,
            feed,
            feed::publish,
            offer,
            deadlines,
            patient(new EndingWatch(feed)),
            Clock.systemUTC());
    tokens = new Tokens(tokenStore, TokenDirectory::hash, feed::publish);
    accounts = new Accounts(counted(accountStore), TokenDirectory::hash, attempts);
    uncloud =
        UncloudApi.published(
            cache,
            directory,
            new MissLookup(instanceStore, feed),
            instances,
            tokens,
            offer,
            List.of(Place.DEFAULT));
    BackupList list = new BackupList(backupStore, backups, Clock.systemUTC());
    Backups made = new Backups(list, backupStore, backups, feed, Clock.systemUTC(), () -> {});
    cloudheed =
        CloudheedApi.published(
            cache,
            directory,
            new MissLookup(instanceStore, feed),
            instances,
            list,
            made,
            new CloudheedAuth(accounts, logins, tokens, Clock.systemUTC()),
            offer,
            List.of(Place.DEFAULT),
            Clock.systemUTC());
    Upgrades upgrades = new Upgrades(offer, () -> IMAGES);
    ionos =
        IonosApi.published(
            cache,
            new PasswordAuthenticator(directory, passwords, accounts),
            new MissLookup(instanceStore, feed),
            freshness,
            instances,
            new BackupArchives(backups, Clock.systemUTC()),
            logs,
            offer,
            upgrades,
            List.of(Place.DEFAULT));
    OperationDirectory operations = new OperationDirectory(cache, instanceStore, feed::publish);
    feed.onChange(operations);
    exoscale =
        ExoscaleApi.published(
            cache,
            new SignatureAuthenticator(accessKeys, Proxies.of("127.0.0.1"), signatures),
            new MissLookup(instanceStore, feed),
            operations,
            instances,
            backups,
            made,
            one -> Maybe.fromOptional(Optional.ofNullable(newer.get(one.id()))),
            upgrades,
            new UpgradeChecks(
                instances,
                feed,
                upgrades,
                this::inventory,
                taskStore,
                (one, version) -> Maybe.fromOptional(Optional.ofNullable(lacking.get(one.id()))),
                cache::isFollowed,
                Clock.systemUTC()),
            taskStore,
            logs,
            this::certificate,
            IonosApi::maintenanceWindow,
            new SourceAddresses(List.of("192.0.2.0/24")),
            offer,
            List.of(Place.DEFAULT));
    server = server(List.of(cloudheed, uncloud, ionos, exoscale));
    port = await(server.start());
  }

  private Endings patient(Endings endings) {
    return (instance, operation, limit) ->
        endings.ended(instance, operation, limit.compareTo(patience) < 0 ? patience : limit);
  }

  /** An account is looked for by its email address each time a password is checked. */
  private AccountStore counted(AccountStore store) {
    return (AccountStore)
        Proxy.newProxyInstance(
            AccountStore.class.getClassLoader(),
            new Class<?>[] {AccountStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("find") && arguments[0] instanceof String) {
                checks.incrementAndGet();
              }
              return method.invoke(store, arguments);
            });
  }

  private Single<ServerInventory.Inventory> inventory(Instance instance, Credentials login) {
    ServerInventory.Inventory held = inventories.get(instance.id());
    return held == null ? Single.error(new SourceSilentException("no answer")) : Single.just(held);
  }

  private Single<String> certificate(Instance instance) {
    String certificate = certificates.get(instance.id());
    return certificate == null
        ? Single.error(new SourceSilentException("none yet"))
        : Single.just(certificate);
  }

  private ApiServer server(List<PublishedApi> apis) {
    return new ApiServer(
        vertx,
        new Contracts(vertx),
        new HttpSettings("127.0.0.1", 0, 2, Duration.ofSeconds(5)),
        apis,
        feed::ready,
        freshness,
        meters);
  }

  /** Another server of the same, which publishes one API; a client of it. */
  public ContractClient serve(PublishedApi api) {
    ApiServer other = server(List.of(api));
    others.add(other);
    return ContractClient.of(vertx, await(other.start()), null);
  }

  /** A client with a token. */
  public ContractClient client(String token) {
    return ContractClient.of(vertx, port, token);
  }

  @Override
  public void close() {
    others.forEach(other -> await(other.stop()));
    await(server.stop());
  }

  /** The result of a future, or its failure. */
  public static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }
}
