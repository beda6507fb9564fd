package mooring.store;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import io.vertx.rxjava3.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import mooring.core.AccessKeyStore;
import mooring.core.AccountStore;
import mooring.core.AddressScheme;
import mooring.core.BackupStore;
import mooring.core.ChangeListener;
import mooring.core.InstanceStore;
import mooring.core.OperationStore;
import mooring.core.TaskStore;
import mooring.core.TokenStore;

/** The store on PostgreSQL. Its schema is the business of {@link Migrations}. */
public final class PgStore {
  private final Vertx vertx;
  private final DatabaseUri uri;
  private final Database database;
  private final SchemaCheck schemaCheck;
  private final KeysetCheck keysetCheck;
  private final InstanceStore instances;
  private final OperationStore operations;
  private final TokenStore tokens;
  private final BackupStore backups;
  private final AccountStore accounts;
  private final TaskStore tasks;
  private final AccessKeyTable accessKeyTable;
  private final AccessKeyStore accessKeys;
  private final SigningKey signingKey;
  private final List<ChangeFeed> feeds = new CopyOnWriteArrayList<>();

  /** Connects lazily: it can be made while the database is away. */
  public PgStore(Vertx vertx, DatabaseUri uri, SecretBox secrets, AddressScheme scheme) {
    this.vertx = vertx;
    this.uri = uri;
    database = new Database(vertx, uri);
    schemaCheck = new SchemaCheck(database);
    keysetCheck = new KeysetCheck(database, secrets);
    Passwords passwords = new Passwords(secrets);
    RolePasswords rolePasswords = new RolePasswords(secrets);
    instances =
        new PgInstances(
            database,
            passwords,
            rolePasswords,
            new MigrationPasswords(secrets),
            new Addresses(scheme));
    operations = new PgOperations(database, passwords, rolePasswords);
    tokens = new PgTokens(database);
    backups = new PgBackups(database);
    accounts = new PgAccounts(database);
    tasks = new PgTasks(database);
    accessKeyTable = new AccessKeyTable(secrets);
    accessKeys = new PgAccessKeys(database, accessKeyTable);
    signingKey = new SigningKey(database, secrets);
  }

  /** Whether nothing is left for {@link Migrations}; false when that cannot be told. */
  public Single<Boolean> schemaUpToDate() {
    return schemaCheck.upToDate();
  }

  /**
   * Checks at the start that the keyset is the one that this database's secrets are sealed with;
   * the first start of all decides which that is. Fails with an {@link IllegalStateException} when
   * it is another.
   */
  public Completable checkKeyset() {
    return keysetCheck.run();
  }

  /** What is wanted. */
  public InstanceStore instances() {
    return instances;
  }

  /** The operations as the worker sees them. */
  public OperationStore operations() {
    return operations;
  }

  /** Tenants and tokens. */
  public TokenStore tokens() {
    return tokens;
  }

  /** The backups that were asked for. */
  public BackupStore backups() {
    return backups;
  }

  /** Accounts and their refresh tokens. */
  public AccountStore accounts() {
    return accounts;
  }

  /** What was looked into about databases. */
  public TaskStore tasks() {
    return tasks;
  }

  /** The keys that requests are signed with. */
  public AccessKeyStore accessKeys() {
    return accessKeys;
  }

  /**
   * The key of the login tokens, kept sealed; the same for every replica.
   *
   * @param fresh makes the one that is stored when there is none yet
   */
  public Single<String> signingKey(Supplier<String> fresh) {
    return signingKey.orElse(fresh);
  }

  /** Starts a feed; it keeps trying while the database is away. */
  public ChangeFeed feed(ChangeListener listener) {
    ChangeFeed feed = new ChangeFeed(vertx, uri, accessKeyTable, listener);
    feeds.add(feed);
    feed.start();
    return feed;
  }

  /** Ends the feeds and closes every connection. */
  public Completable close() {
    return Completable.mergeDelayError(feeds.stream().map(ChangeFeed::close).toList())
        .andThen(database.close());
  }
}
