package mooring.status;

import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import mooring.core.Instance;

/**
 * Every known database's snapshot. Reads never wait; the only writer is {@link StatusFeed}. The
 * newest tombstones stay, so that a poll of a database known to be deleted is answered from memory
 * too.
 */
public final class StatusCache {
  private static final Listing NONE = new Listing(0, List.of());

  // By the number that a short id writes: comparing it needs no look at two strings' bytes.
  private final Map<Integer, Snapshot> byShortId = new ConcurrentHashMap<>();

  /** A database's name among its tenant's. */
  private record Handle(UUID tenant, String handle) {}

  private final Map<Handle, Snapshot> byHandle = new ConcurrentHashMap<>();
  private final Map<UUID, Snapshot> byId = new ConcurrentHashMap<>();
  private final Map<UUID, Map<UUID, Snapshot>> bySource = new ConcurrentHashMap<>();
  private final Map<UUID, TenantView> tenants = new ConcurrentHashMap<>();
  private final Map<UUID, TenantView> kept = new ConcurrentHashMap<>();
  private final Tombstones tombstones = new Tombstones();

  /**
   * A database by its short id, of whatever tenant, tombstones included.
   *
   * @param shortId 8 lower-case hexadecimal digits
   * @return null when it is not known here; that does not mean that there is none
   */
  public Snapshot get(String shortId) {
    return byShortId.get(number(shortId));
  }

  /** The same by its id. */
  public Snapshot get(UUID id) {
    return byId.get(id);
  }

  /** The living databases that follow one, or have followed it. */
  public List<Snapshot> replicas(UUID source) {
    Map<UUID, Snapshot> replicas = bySource.get(source);
    return replicas == null ? List.of() : List.copyOf(replicas.values());
  }

  /** Whether there is one that depends on it. */
  public boolean isFollowed(UUID source) {
    return replicas(source).stream().anyMatch(one -> one.instance().isReplica());
  }

  /** A tenant's living database by its handle; null when it is not known here. */
  public Snapshot get(UUID tenant, String handle) {
    return byHandle.get(new Handle(tenant, handle));
  }

  /** A tenant's living databases, newest first. */
  public Listing list(UUID tenant) {
    TenantView view = tenants.get(tenant);
    return view == null ? NONE : view.listing();
  }

  /** A tenant's deleted databases whose backups outlive them, newest first. */
  public Listing deleted(UUID tenant) {
    TenantView view = kept.get(tenant);
    return view == null ? NONE : view.listing();
  }

  /** All known databases, tombstones included. */
  public Collection<Snapshot> all() {
    return byId.values();
  }

  void put(Snapshot snapshot) {
    Instance instance = snapshot.instance();
    Integer number = number(instance.shortId());
    byId.put(instance.id(), snapshot);
    byShortId.put(number, snapshot);
    link(snapshot);
    TenantView view = tenants.computeIfAbsent(instance.tenant(), tenant -> new TenantView());
    Handle handle = new Handle(instance.tenant(), instance.handle());
    if (instance.deleted()) {
      byHandle.computeIfPresent(handle, (its, known) -> other(known, instance));
      view.remove(instance);
      if (instance.backupsOutliveIt()) {
        kept.computeIfAbsent(instance.tenant(), tenant -> new TenantView()).put(snapshot);
      }
      tombstones.add(instance.id()).ifPresent(this::forget);
    } else {
      byHandle.merge(handle, snapshot, StatusCache::younger);
      view.put(snapshot);
    }
  }

  private void link(Snapshot snapshot) {
    Instance instance = snapshot.instance();
    if (instance.replicaOf().isEmpty()) {
      return;
    }
    if (instance.deleted()) {
      unlink(instance);
    } else {
      bySource
          .computeIfAbsent(instance.replicaOf().get().source(), source -> new ConcurrentHashMap<>())
          .put(instance.id(), snapshot);
    }
  }

  private void unlink(Instance instance) {
    instance
        .replicaOf()
        .ifPresent(
            origin ->
                bySource.computeIfPresent(
                    origin.source(),
                    (source, replicas) -> {
                      replicas.remove(instance.id());
                      return replicas.isEmpty() ? null : replicas;
                    }));
  }

  void forget(UUID id) {
    Snapshot gone = byId.remove(id);
    if (gone != null) {
      Instance instance = gone.instance();
      unlink(instance);
      byHandle.computeIfPresent(
          new Handle(instance.tenant(), instance.handle()), (its, known) -> other(known, instance));
      byShortId.remove(number(gone.instance().shortId()), gone);
      for (Map<UUID, TenantView> views : List.of(tenants, kept)) {
        TenantView view = views.get(gone.instance().tenant());
        if (view != null) {
          view.remove(gone.instance());
        }
      }
    }
  }

  /** A database whose name has gone to another one may still be heard of. */
  private static Snapshot younger(Snapshot known, Snapshot other) {
    return other.instance().createdAt().isBefore(known.instance().createdAt()) ? known : other;
  }

  /** Null for the same database: a handle is free for another one once it is deleted. */
  private static Snapshot other(Snapshot known, Instance gone) {
    return known.instance().id().equals(gone.id()) ? null : known;
  }

  private static Integer number(String shortId) {
    return HexFormat.fromHexDigits(shortId);
  }
}
