package mooring.status;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import mooring.core.AccessKey;

/** The access keys by name. A revoked one is gone as soon as the feed has told of it. */
public final class AccessKeyDirectory {
  private volatile Map<String, AccessKey> byName = new ConcurrentHashMap<>();

  /** A key that works; null when there is none of that name. */
  public AccessKey find(String name) {
    AccessKey key = byName.get(name);
    return key != null && key.works() ? key : null;
  }

  void put(AccessKey key) {
    byName.merge(key.name(), key, (one, other) -> other.revision() >= one.revision() ? other : one);
  }

  /** Even an older row replaces a newer one: the store may have been put back. */
  void replaceAll(List<AccessKey> all) {
    Map<String, AccessKey> loaded = new ConcurrentHashMap<>();
    all.forEach(key -> loaded.put(key.name(), key));
    byName = loaded;
  }
}
