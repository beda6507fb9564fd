package mooring.platform;

import java.util.UUID;

/** Hears that an object of a database is not what it was. */
interface ChangeSink {

  /** One was added or changed. */
  void changed(UUID instance);

  /** One is gone, as of a resource version. */
  void removed(UUID instance, long version);
}
