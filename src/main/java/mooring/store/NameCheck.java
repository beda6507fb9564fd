package mooring.store;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import io.vertx.rxjava3.sqlclient.SqlConnection;
import java.util.UUID;
import mooring.core.Draft;
import mooring.core.Names;
import mooring.core.Problem;
import mooring.core.ProblemException;
import mooring.core.Uniqueness;

/** Whether a name or a handle is free; until the transaction ends, others who ask wait. */
final class NameCheck {
  private NameCheck() {}

  /**
   * Refuses a name that another living database of the tenant has.
   *
   * @param except the database that may have it; null for none
   */
  static Completable unique(SqlConnection tx, UUID tenant, String name, UUID except) {
    return InstanceTable.lockName(tx, tenant, name)
        .andThen(Single.defer(() -> InstanceTable.nameTaken(tx, tenant, name, except)))
        .flatMapCompletable(
            taken ->
                taken
                    ? Completable.error(
                        new ProblemException(
                            new Problem.Conflict("a database with this name already exists")))
                    : Completable.complete());
  }

  /** The handle that a new database gets: a free one, where its own need not be unique. */
  static Single<String> handle(SqlConnection tx, Draft draft, String shortId) {
    String handle = draft.handle();
    if (draft.unique() == Uniqueness.HANDLE) {
      return Single.just(handle);
    }
    boolean unique = draft.unique() == Uniqueness.NAME;
    return (unique ? unique(tx, draft.tenant(), draft.name(), null) : Completable.complete())
        .andThen(InstanceTable.lockName(tx, draft.tenant(), handle))
        .andThen(Single.defer(() -> InstanceTable.handleTaken(tx, draft.tenant(), handle)))
        .map(taken -> taken ? suffixed(handle, shortId) : handle);
  }

  private static String suffixed(String handle, String shortId) {
    int room = Names.MAX - 1 - shortId.length();
    String kept = handle.length() > room ? handle.substring(0, room) : handle;
    return kept.replaceAll("-$", "") + "-" + shortId;
  }
}
