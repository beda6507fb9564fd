package mooring.core;

import io.reactivex.rxjava3.core.Single;
import java.util.List;
import java.util.UUID;

/** The keys that requests are signed with. Fails like {@link InstanceStore} while it is away. */
public interface AccessKeyStore {

  /** Makes a key beside those that the tenant has. */
  Single<AccessKey> create(UUID tenant, String name, String secret);

  /** Makes a key in the place of all that the tenant has: those stop working. */
  Single<AccessKey> replace(UUID tenant, String name, String secret);

  /** The keys of a tenant that work, newest first. */
  Single<List<AccessKey>> list(UUID tenant);
}
