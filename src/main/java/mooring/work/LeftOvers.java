package mooring.work;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import mooring.core.Fence;
import mooring.core.Instance;
import mooring.core.Platform;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Databases whose row says that they are deleted, and of which something is on the platform all the
 * same: a worker that had lost its lease was still applying. Each is removed until nothing is left.
 */
public final class LeftOvers {
  private static final Logger log = LoggerFactory.getLogger(LeftOvers.class);

  private final Platform platform;
  private final Map<UUID, Instance> tombstones = new ConcurrentHashMap<>();

  public LeftOvers(Platform platform) {
    this.platform = platform;
  }

  /** Takes note of one; anything but a tombstone is refused. */
  void add(Instance tombstone) {
    if (!tombstone.deleted()) {
      throw new IllegalArgumentException("not deleted: " + tombstone.id());
    }
    if (tombstones.put(tombstone.id(), tombstone) == null) {
      log.atWarn()
          .addKeyValue("instance", tombstone.id())
          .addKeyValue("object", tombstone.objectName())
          .log("removing what is left of a deleted database");
    }
  }

  /** Removes what can be removed by now; what is left then is tried at the next call. */
  Completable remove() {
    return Flowable.fromIterable(tombstones.values())
        .concatMapCompletable(
            tombstone ->
                platform
                    .delete(tombstone, Fence.none())
                    .doOnSuccess(gone -> forget(tombstone, gone))
                    .ignoreElement()
                    .onErrorComplete());
  }

  private void forget(Instance tombstone, boolean gone) {
    if (gone) {
      tombstones.remove(tombstone.id());
    }
  }
}
