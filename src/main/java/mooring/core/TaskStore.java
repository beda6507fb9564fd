package mooring.core;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import java.util.UUID;

/** What was looked into about databases. */
public interface TaskStore {

  /** Keeps one; of each database the latest 100 are kept. */
  Completable keep(Task task);

  /** One of a database's; empty when it has none of that id. */
  Maybe<Task> find(UUID instance, UUID id);
}
