package mooring.core;

import io.reactivex.rxjava3.core.Single;
import java.util.List;

/** What a database's server says of itself and of what it holds. */
@FunctionalInterface
public interface ServerInventory {

  /** Asks it as its owner; fails with a {@link SourceSilentException} when it does not answer. */
  Single<Inventory> of(Instance instance, Credentials login);

  /**
   * What it says.
   *
   * @param restartPending whether some setting waits for a restart
   * @param prepared whether there are prepared transactions
   * @param databases every logical database that can be connected to
   */
  record Inventory(boolean restartPending, boolean prepared, List<Within> databases) {

    public Inventory {
      databases = List.copyOf(databases);
    }
  }

  /**
   * What a logical database holds.
   *
   * @param database its name
   * @param answered whether the owner was let in and told
   * @param extensions those there are
   */
  record Within(String database, boolean answered, List<String> extensions) {

    public Within {
      extensions = List.copyOf(extensions);
    }
  }
}
