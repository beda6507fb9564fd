package mooring.status;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import mooring.core.Instance;
import mooring.core.InstanceStore;
import mooring.core.Operation;

/**
 * The operations by id, from memory: those that were the latest of their databases while this
 * replica runs, and by the ids of databases what needed none. Any other is looked up in the store,
 * once and within limits; another tenant's goes the very same way as one that does not exist.
 */
public final class OperationDirectory implements Consumer<Snapshot> {
  private static final int REMEMBERED = 65_536;
  private static final int NOWHERE = 10_000;

  /** An operation with what it is of; its encoded form is kept once somebody has asked for it. */
  public static final class Known {
    private final Operation operation;
    private final UUID instance;
    private final UUID tenant;
    private final String handle;

    // Immutable itself, so that it is safe to read however it was handed over.
    private Encoded encoded;

    private Known(Operation operation, Instance of) {
      this.operation = operation;
      this.instance = of.id();
      this.tenant = of.tenant();
      this.handle = of.handle();
    }

    /** Null for what needed none. */
    public Operation operation() {
      return operation;
    }

    /** The database that it is of. */
    public UUID instance() {
      return instance;
    }

    /** The handle of that. */
    public String handle() {
      return handle;
    }

    /** Its body in the API that shows operations, encoded at the first call. */
    public Encoded encoded(Function<Known, Encoded> encoder) {
      Encoded made = encoded;
      if (made == null) {
        made = encoder.apply(this);
        encoded = made;
      }
      return made;
    }
  }

  private record Asked(UUID tenant, UUID operation) {}

  private final StatusCache cache;
  private final InstanceStore store;
  private final Consumer<Instance> publish;
  private final RecentMap<UUID, Known> known = new RecentMap<>(REMEMBERED);
  private final RecentMap<Asked, Boolean> nowhere = new RecentMap<>(NOWHERE);
  private final BoundedLookUps lookUps = new BoundedLookUps("operations");

  /**
   * To be told of every new snapshot.
   *
   * @param cache of which the snapshots are
   * @param publish hears of the databases of operations that were looked up
   */
  public OperationDirectory(StatusCache cache, InstanceStore store, Consumer<Instance> publish) {
    this.cache = cache;
    this.store = store;
    this.publish = publish;
  }

  @Override
  public void accept(Snapshot snapshot) {
    put(snapshot.instance());
  }

  /** A tenant's operation; null when it is not known here how it stands. */
  public Known get(UUID tenant, UUID id) {
    Known found = known.get(id);
    Snapshot of = found == null ? cache.get(id) : null;
    if (of != null) {
      found = done(of.instance());
    }
    return found == null || !found.tenant.equals(tenant) || superseded(found) ? null : found;
  }

  /** Whether it is known that a tenant has no such operation. */
  public boolean nowhere(UUID tenant, UUID id) {
    return nowhere.get(new Asked(tenant, id)) != null;
  }

  /** Makes it known how an operation stands, or that there is none. */
  public Completable lookUp(UUID tenant, UUID id) {
    return lookUps.run(
        tenant,
        id,
        store
            .findByOperation(id)
            .filter(found -> found.tenant().equals(tenant))
            // Whether it is still the latest, the database itself says; how it ended otherwise, the
            // record says only after that.
            .flatMap(
                found ->
                    store
                        .find(found.id())
                        .doOnSuccess(publish::accept)
                        .flatMap(
                            row ->
                                row.operation().id().equals(id)
                                    ? Maybe.just(row)
                                    : store.findByOperation(id)))
            .doOnSuccess(this::put)
            .switchIfEmpty(
                Maybe.defer(() -> store.find(id))
                    .filter(found -> found.tenant().equals(tenant))
                    .doOnSuccess(publish::accept)
                    .doOnSuccess(this::done))
            .isEmpty()
            .doOnSuccess(
                none -> {
                  if (none) {
                    nowhere.put(new Asked(tenant, id), true);
                  }
                })
            .ignoreElement());
  }

  /** How it ended is not heard once another one has taken its place. */
  private boolean superseded(Known found) {
    if (found.operation == null || !found.operation.running()) {
      return false;
    }
    Snapshot now = cache.get(found.operation.instance());
    return now == null || !now.instance().operation().id().equals(found.operation.id());
  }

  /** What needed no operation goes by the id of what it is of, for good. */
  private Known done(Instance instance) {
    Known done = new Known(null, instance);
    known.put(instance.id(), done);
    return done;
  }

  private synchronized void put(Instance instance) {
    Operation operation = instance.operation();
    Known before = known.get(operation.id());
    if (before == null || before.operation.running()) {
      known.put(operation.id(), new Known(operation, instance));
    }
  }
}
