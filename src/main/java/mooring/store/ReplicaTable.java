package mooring.store;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Maybe;
import io.vertx.rxjava3.sqlclient.SqlConnection;
import java.util.UUID;
import mooring.core.Contents;
import mooring.core.Draft;
import mooring.core.Instance;
import mooring.core.OperationKind;
import mooring.core.ReplicaOf;
import mooring.core.Replicas;

/**
 * Read replicas and what they follow. Whoever makes one holds the source's row, as whoever changes
 * the source does; and a source is locked before its replicas.
 */
final class ReplicaTable {
  private static final String LOCK_SOURCE =
      "SELECT id FROM instance WHERE tenant = $1 AND id = $2 AND deleted_at IS NULL FOR UPDATE";

  private static final String LOCK_SOURCE_OF =
      """
      SELECT id FROM instance
      WHERE tenant = $1 AND deleted_at IS NULL
        AND id = (SELECT (setup #>> '{lineage,replicaOf,source}')::uuid FROM instance
                  WHERE tenant = $1 AND short_id = $2 AND deleted_at IS NULL)
      FOR UPDATE
      """;

  private static final String OF_SOURCE =
      "setup #>> '{lineage,replicaOf,source}' = $1 AND deleted_at IS NULL";

  private static final String LIVING =
      "SELECT id FROM instance WHERE " + OF_SOURCE + " ORDER BY handle";

  private static final String CONTAIN =
      "UPDATE instance SET contents = $2 WHERE "
          + OF_SOURCE
          + " AND setup #>> '{lineage,replicaOf,promotedAt}' IS NULL RETURNING id";

  private ReplicaTable() {}

  /** Locks what a new database is to follow, and refuses what cannot be followed; before others. */
  static Maybe<Instance> source(SqlConnection tx, Draft draft) {
    ReplicaOf origin = draft.setup().lineage().replicaOf();
    if (origin == null) {
      return Maybe.empty();
    }
    return Sql.first(tx, row -> row.getUUID("id"), LOCK_SOURCE, draft.tenant(), origin.source())
        .switchIfEmpty(Maybe.error(PgInstances::notFound))
        .flatMap(id -> InstanceTable.get(tx, id))
        .doOnSuccess(source -> Replicas.requireFollowable(source, draft));
  }

  /** Locks what a database follows, if it does; before that itself. */
  static Completable lockSource(SqlConnection tx, UUID tenant, String shortId) {
    return Sql.first(tx, row -> row.getUUID("id"), LOCK_SOURCE_OF, tenant, shortId).ignoreElement();
  }

  /** Refuses what cannot be done with a database because of its read replicas, or its source. */
  static Completable allow(SqlConnection tx, Instance known, Instance wanted, OperationKind kind) {
    if (known.isReplica()) {
      return InstanceTable.get(tx, known.replicaOf().orElseThrow().source())
          .doOnSuccess(source -> Replicas.requireAllowed(known, wanted, kind, source))
          .ignoreElement();
    }
    return replicas(tx, known.id())
        .toList()
        .doOnSuccess(replicas -> Replicas.requireAllowed(known, wanted, kind, replicas))
        .ignoreElement();
  }

  private static Flowable<Instance> replicas(SqlConnection tx, UUID source) {
    return Sql.list(tx, row -> row.getUUID("id"), LIVING, source.toString())
        .flatMapPublisher(Flowable::fromIterable)
        .concatMapMaybe(id -> InstanceTable.get(tx, id))
        .filter(Instance::isReplica);
  }

  /** What a source has within, its read replicas have. */
  static Completable contain(SqlConnection tx, UUID source, Contents contents) {
    return Sql.list(
            tx, row -> row.getUUID("id"), CONTAIN, source.toString(), ContentsJson.of(contents))
        .flatMapPublisher(Flowable::fromIterable)
        .concatMapCompletable(id -> InstanceTable.publish(tx, id).ignoreElement());
  }
}
