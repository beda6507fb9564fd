package mooring.store;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import io.vertx.rxjava3.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import mooring.core.BackupRequest;
import mooring.core.BackupStore;
import mooring.core.Instance;
import mooring.core.LeaseLostException;
import mooring.core.Operation.Outcome;
import mooring.core.Problem;
import mooring.core.ProblemException;

/** The backups that were asked for, in PostgreSQL. */
final class PgBackups implements BackupStore {
  private static final String REMOVED = "removed before it was complete";
  private static final String DELETED = "the database was deleted";

  private final Database database;

  PgBackups(Database database) {
    this.database = database;
  }

  @Override
  public Single<BackupRequest> create(
      Instance instance,
      Consumer<Instance> judge,
      String name,
      Duration deadline,
      UUID requestedBy) {
    return database.transaction(
        tx ->
            InstanceTable.lock(tx, instance.tenant(), instance.shortId())
                .switchIfEmpty(Single.error(PgBackups::notFound))
                .flatMap(id -> InstanceTable.get(tx, id).doOnSuccess(judge::accept).toSingle())
                .map(Instance::id)
                .flatMap(
                    locked -> {
                      UUID id = UUID.randomUUID();
                      return AuditTable.asked(
                              tx, instance.tenant(), requestedBy, "BACKUP", locked, id)
                          .andThen(
                              BackupTable.insert(tx, id, ShortIds.next(), locked, name, deadline));
                    }));
  }

  @Override
  public Single<List<BackupRequest>> list(UUID instance) {
    return database.statement(client -> BackupTable.list(client, instance).toMaybe()).toSingle();
  }

  @Override
  public Maybe<BackupRequest> remove(Instance instance, String shortId, UUID requestedBy) {
    UUID removal = UUID.randomUUID();
    return database
        .transaction(
            tx ->
                InstanceTable.lock(tx, instance.tenant(), instance.shortId())
                    .flatMap(locked -> BackupTable.remove(tx, locked, shortId, removal, REMOVED))
                    .flatMapSingle(
                        removed ->
                            audit(tx, instance, removed, removal, requestedBy)
                                .toSingleDefault(Optional.of(removed.request())))
                    .defaultIfEmpty(Optional.empty()))
        .mapOptional(request -> request);
  }

  private static Completable audit(
      SqlConnection tx,
      Instance instance,
      BackupTable.Removed removed,
      UUID removal,
      UUID requestedBy) {
    Completable asked =
        AuditTable.asked(
            tx, instance.tenant(), requestedBy, "DELETE_BACKUP", instance.id(), removal);
    return removed.ran()
        ? asked.andThen(AuditTable.ended(tx, removed.request().id(), Outcome.INTERRUPTED, REMOVED))
        : asked;
  }

  /** Ends and removes all of a database that is being buried in the same transaction. */
  static Completable bury(SqlConnection tx, UUID instance) {
    return BackupTable.endAll(tx, instance, DELETED)
        .flatMapPublisher(Flowable::fromIterable)
        .concatMapCompletable(id -> AuditTable.ended(tx, id, Outcome.FAILED, DELETED))
        .andThen(BackupTable.removeAll(tx, instance));
  }

  @Override
  public Single<List<BackupRequest>> claim(String owner, Duration lease, int limit) {
    return database.transaction(tx -> BackupTable.claim(tx, owner, lease, limit));
  }

  @Override
  public Single<Renewal> renew(BackupRequest claimed, Duration lease) {
    return database
        .statement(client -> BackupTable.renew(client, claimed, lease))
        .switchIfEmpty(Single.error(LeaseLostException::new));
  }

  @Override
  public Single<BackupRequest> made(BackupRequest claimed) {
    return database
        .statement(client -> BackupTable.made(client, claimed))
        .switchIfEmpty(Single.error(LeaseLostException::new));
  }

  @Override
  public Single<BackupRequest> end(
      BackupRequest claimed, Outcome outcome, String reason, BackupRequest.Result result) {
    if (outcome == Outcome.RUNNING) {
      return Single.error(new IllegalArgumentException("a backup does not end as RUNNING"));
    }
    return database.transaction(
        tx ->
            BackupTable.end(tx, claimed, outcome, reason, result)
                .switchIfEmpty(Single.error(LeaseLostException::new))
                .flatMap(
                    ended ->
                        AuditTable.ended(tx, ended.id(), outcome, reason).toSingleDefault(ended)));
  }

  @Override
  public Single<BackupRequest> gone(BackupRequest claimed) {
    return database.transaction(
        tx ->
            BackupTable.gone(tx, claimed)
                .switchIfEmpty(Single.error(LeaseLostException::new))
                .flatMap(
                    gone ->
                        (gone.removal() == null
                                ? Completable.complete()
                                : AuditTable.ended(tx, gone.removal(), Outcome.SUCCEEDED, null))
                            .toSingleDefault(gone.request())));
  }

  @Override
  public Completable notGone(BackupRequest request) {
    return database.statement(client -> BackupTable.notGone(client, request.id())).ignoreElement();
  }

  private static ProblemException notFound() {
    return new ProblemException(new Problem.NotFound("database not found"));
  }
}
