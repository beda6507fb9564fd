package mooring.status;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import mooring.core.AccessKey;
import mooring.core.Account;
import mooring.core.Address;
import mooring.core.ChangeListener;
import mooring.core.Instance;
import mooring.core.Observation;
import mooring.core.ObservationListener;
import mooring.core.Observations;
import mooring.core.Operation;
import mooring.core.Status;
import mooring.core.Token;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The single writer of the {@link StatusCache}. Rows and observations come from different sources
 * at their own pace; per database the newer row and, separately, the newer observation win. The
 * methods hold one lock for a few map operations and do no I/O, so nothing can queue up here.
 */
public final class StatusFeed implements ChangeListener, ObservationListener, Observations {
  private static final Logger log = LoggerFactory.getLogger(StatusFeed.class);

  private final StatusCache cache;
  private final TokenDirectory tokens;
  private final AccountDirectory accounts;
  private final AccessKeyDirectory accessKeys;
  private final Map<UUID, Observation> seen = new ConcurrentHashMap<>();
  private final List<Consumer<Snapshot>> listeners = new CopyOnWriteArrayList<>();
  private final Map<UUID, UUID> missing = new HashMap<>();
  private final WrittenMeanwhile<Instance> instancesMeanwhile =
      new WrittenMeanwhile<>(Instance::id, Instance::revision);
  private final WrittenMeanwhile<Token> tokensMeanwhile =
      new WrittenMeanwhile<>(Token::id, Token::revision);
  private final WrittenMeanwhile<AccessKey> accessKeysMeanwhile =
      new WrittenMeanwhile<>(AccessKey::id, AccessKey::revision);
  // Up to here the view was whole. That one database is seen at a newer version says nothing of the
  // next, whose turn to be told may still come.
  private volatile long wholeVersion;
  private volatile boolean loaded;
  private volatile boolean synced;

  /** Where nobody shows a password. */
  public StatusFeed(StatusCache cache, TokenDirectory tokens) {
    this(cache, tokens, new AccountDirectory(), new AccessKeyDirectory());
  }

  /** Fills the cache and the directories. */
  public StatusFeed(
      StatusCache cache,
      TokenDirectory tokens,
      AccountDirectory accounts,
      AccessKeyDirectory accessKeys) {
    this.cache = cache;
    this.tokens = tokens;
    this.accounts = accounts;
    this.accessKeys = accessKeys;
  }

  /** Whether the first load of rows and the first look at the platform are done. */
  public boolean ready() {
    return loaded && synced;
  }

  /** Adds a listener that hears of every new snapshot; it has to be quick and must not block. */
  public void onChange(Consumer<Snapshot> listener) {
    listeners.add(listener);
  }

  /** A database as it is known now; null when it is not. */
  Snapshot snapshot(UUID instance) {
    return cache.get(instance);
  }

  /** A row just written here: reads on this replica are never older than this. */
  public synchronized void publish(Instance instance) {
    Snapshot known = cache.get(instance.id());
    // What is known already was not written just now, but is shown once more.
    if (known == null || known.instance().revision() != instance.revision()) {
      instancesMeanwhile.add(instance);
    }
    if (known == null || known.instance().revision() < instance.revision()) {
      derive(instance);
    }
  }

  /** A token just written here. */
  public synchronized void publish(Token token) {
    tokensMeanwhile.add(token);
    tokens.put(token);
  }

  /** An access key just written here. */
  public synchronized void publish(AccessKey key) {
    accessKeysMeanwhile.add(key);
    accessKeys.put(key);
  }

  @Override
  public synchronized void loading() {
    instancesMeanwhile.begin();
    tokensMeanwhile.begin();
    accessKeysMeanwhile.begin();
  }

  @Override
  public void loadedAccounts(List<Account> all) {
    accounts.replaceAll(all);
  }

  @Override
  public void changedAccounts(List<Account> changed) {
    changed.forEach(accounts::put);
  }

  @Override
  public synchronized void loadedAccessKeys(List<AccessKey> all) {
    accessKeys.replaceAll(List.copyOf(accessKeysMeanwhile.end(all).values()));
  }

  @Override
  public void changedAccessKeys(List<AccessKey> changed) {
    changed.forEach(this::publish);
  }

  @Override
  public synchronized void loaded(List<Instance> instances, List<Token> allTokens) {
    Map<UUID, Instance> rows = instancesMeanwhile.end(instances);
    // First, for their names may be those of others now.
    for (Snapshot snapshot : List.copyOf(cache.all())) {
      if (!rows.containsKey(snapshot.instance().id())) {
        cache.forget(snapshot.instance().id());
      }
    }
    // Even an older row replaces a newer one: the store may have been put back.
    rows.values().forEach(this::derive);
    tokens.replaceAll(List.copyOf(tokensMeanwhile.end(allTokens).values()));
    loaded = true;
  }

  @Override
  public void changed(List<Instance> instances, List<Token> changedTokens) {
    instances.forEach(this::publish);
    changedTokens.forEach(this::publish);
  }

  @Override
  public synchronized void synced(long version) {
    wholeVersion = Math.max(wholeVersion, version);
    rederive(false);
    synced = true;
  }

  @Override
  public synchronized void observed(Observation observation) {
    Observation known = seen.get(observation.instance());
    // What is there again after it was absent is news, whatever its version: the platform may have
    // been put back.
    if (known != null && !nothing(known) && known.version() > observation.version()) {
      return;
    }
    seen.put(observation.instance(), observation);
    Snapshot snapshot = cache.get(observation.instance());
    if (snapshot != null) {
      derive(snapshot.instance());
    } else {
      forgetNothing(observation.instance());
    }
  }

  /**
   * Looks at every database again that is not there. To be called now and then: what a finished
   * operation's worker saw, and a current view lacks at two calls in a row, is not late but gone,
   * for example with a cluster that was rebuilt and counts its versions anew.
   *
   * @param current whether changes of the platform are heard as they happen
   */
  public synchronized void rederive(boolean current) {
    Map<UUID, UUID> lacking = new HashMap<>();
    for (Snapshot snapshot : List.copyOf(cache.all())) {
      Instance instance = snapshot.instance();
      if (instance.deleted() || !nothing(of(instance.id()))) {
        continue;
      }
      Operation latest = instance.operation();
      if (current && !latest.running() && latest.platformVersion() != null) {
        lacking.put(instance.id(), latest.id());
        if (latest.id().equals(missing.get(instance.id()))) {
          long certain = Math.max(wholeVersion, latest.platformVersion());
          seen.put(instance.id(), Observation.absent(instance.id(), certain));
        }
      }
      derive(instance);
    }
    missing.clear();
    missing.putAll(lacking);
  }

  @Override
  public Observation of(UUID instance) {
    Observation known = seen.get(instance);
    return known == null ? Observation.absent(instance, wholeVersion) : known;
  }

  @Override
  public boolean whole() {
    return synced;
  }

  /** Observations of databases that no row accounts for; their data is never touched. */
  public List<Observation> unaccounted() {
    return seen.values().stream()
        .filter(observation -> !nothing(observation))
        .filter(this::withoutLivingRow)
        .toList();
  }

  @Override
  public Set<Address> unaccountedAddresses() {
    return seen.values().stream()
        .filter(observation -> observation.facts().address() != null)
        .filter(this::withoutLivingRow)
        .map(observation -> observation.facts().address())
        .collect(Collectors.toSet());
  }

  /** Neither the object nor anything that still holds an address. */
  private static boolean nothing(Observation observation) {
    return observation.condition() == Observation.Condition.ABSENT
        && observation.facts().address() == null;
  }

  private void forgetNothing(UUID instance) {
    seen.computeIfPresent(instance, (id, observation) -> nothing(observation) ? null : observation);
  }

  private boolean withoutLivingRow(Observation observation) {
    Snapshot snapshot = cache.get(observation.instance());
    return snapshot == null || snapshot.instance().deleted();
  }

  private void derive(Instance instance) {
    Snapshot before = cache.get(instance.id());
    Snapshot after = new Snapshot(instance, of(instance.id()));
    cache.put(after);
    if (instance.deleted()) {
      forgetNothing(instance.id());
    }
    logChange(before, after);
    for (Consumer<Snapshot> listener : listeners) {
      listener.accept(after);
    }
  }

  private static void logChange(Snapshot before, Snapshot after) {
    Status status = after.status();
    if (before == null || before.status().state() == status.state()) {
      return;
    }
    log.atInfo()
        .addKeyValue("instance", after.instance().id())
        .addKeyValue("object", after.instance().objectName())
        .addKeyValue("from", before.status().state())
        .addKeyValue("to", status.state())
        .addKeyValue("reason", status.reason())
        .log("state changed");
  }
}
