package mooring.api.cloudheed;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import mooring.api.Call;
import mooring.api.Command;
import mooring.api.Reply;
import mooring.core.Backup;
import mooring.core.BackupList;
import mooring.core.Backups;
import mooring.core.Instance;
import mooring.core.Lifecycle;
import mooring.core.Problem;
import mooring.core.ProblemException;
import mooring.core.Status;

/** Backups, and their restoration into new databases. */
final class CloudheedBackups {
  private final BackupList list;
  private final Backups backups;
  private final CloudheedPolls polls;
  private final CloudheedCopies copies;

  CloudheedBackups(BackupList list, Backups backups, CloudheedPolls polls, CloudheedCopies copies) {
    this.list = list;
    this.backups = backups;
    this.polls = polls;
    this.copies = copies;
  }

  /** By operationId. */
  Map<String, Command> commands() {
    return Map.of(
        "listBackups", this::list,
        "createBackup", this::create,
        "restoreBackup", this::restore,
        "deleteBackup", this::delete);
  }

  private Single<Reply> list(Call call) {
    return database(call)
        .flatMap(instance -> list.of(instance).map(all -> Reply.ok(list(instance, all))));
  }

  private Single<Reply> create(Call call) {
    String name = call.body().getString("name");
    return database(call)
        .flatMap(
            instance ->
                backups
                    .create(call.caller(), instance, name)
                    .map(backup -> Reply.accepted(json(instance, backup).toBuffer())));
  }

  private Single<Reply> restore(Call call) {
    String name = call.body().getString("target_database_name");
    return database(call)
        .flatMap(
            source ->
                backups
                    .recovery(source, backupId(call))
                    .flatMap(recovery -> copies.make(call.caller(), source, recovery, name))
                    .map(copy -> Reply.secret(202, restored(call, source, copy))));
  }

  private Single<Reply> delete(Call call) {
    return database(call)
        .flatMapCompletable(
            instance ->
                Completable.defer(() -> backups.delete(call.caller(), instance, backupId(call))))
        .andThen(Single.fromSupplier(Reply::noContent));
  }

  private Single<Instance> database(Call call) {
    return polls.find(call.caller(), call.id()).map(known -> known.instance());
  }

  private static String backupId(Call call) {
    String shortId = CloudheedIds.ofBackup(call.path().get("backup_id"));
    if (shortId == null) {
      throw new ProblemException(new Problem.NotFound("backup not found"));
    }
    return shortId;
  }

  private static Buffer list(Instance instance, List<Backup> all) {
    JsonArray list = new JsonArray();
    all.forEach(backup -> list.add(json(instance, backup)));
    return new JsonObject().put("backups", list).toBuffer();
  }

  private static JsonObject json(Instance instance, Backup backup) {
    String database = CloudheedIds.database(instance);
    JsonObject json =
        new JsonObject()
            .put("id", CloudheedIds.backup(backup.shortId()))
            .put("database_id", database)
            .put("instance_id", database)
            .put("name", backup.name())
            .put("type", backup.manual() ? "manual" : "automatic")
            .put("status", backup.phase().name().toLowerCase(Locale.ROOT))
            .put("size_bytes", backup.sizeBytes())
            .put("created_at", CloudheedMapper.time(backup.createdAt()));
    if (backup.startedAt() != null) {
      json.put("started_at", CloudheedMapper.time(backup.startedAt()));
    }
    if (backup.completedAt() != null) {
      json.put("completed_at", CloudheedMapper.time(backup.completedAt()));
    }
    return json.put(
        "expires_at", backup.expiresAt() == null ? null : CloudheedMapper.time(backup.expiresAt()));
  }

  private static Buffer restored(Call call, Instance source, CloudheedCopies.Copy copy) {
    Instance made = copy.instance();
    Status status = Lifecycle.status(made, CloudheedDatabases.nothingSeen(made));
    return new JsonObject()
        .put("id", CloudheedIds.database(made))
        .put("name", made.name())
        .put("status", CloudheedStatus.word(status.state()))
        .put("backup_id", call.path().get("backup_id"))
        .put("source_database_id", CloudheedIds.database(source))
        .put("target_database_name", made.name())
        .put("message", "Backup is being restored into a new database")
        .put("password", copy.password())
        .put("connection_string", CloudheedMapper.uri(made, copy.password()))
        .toBuffer();
  }
}
