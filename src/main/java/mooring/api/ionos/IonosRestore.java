package mooring.api.ionos;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import mooring.api.Call;
import mooring.api.Command;
import mooring.api.Refusal;
import mooring.api.RefusedException;
import mooring.api.Reply;
import mooring.core.BackupArchives;
import mooring.core.Field;
import mooring.core.Instance;
import mooring.core.Instances;
import mooring.core.Problem;
import mooring.core.ProblemException;
import mooring.core.Recovery;

/** A cluster becomes what a backup holds. */
final class IonosRestore implements Command {
  private static final String BACKUP = "backupId";
  private static final String END = "recoveryTargetTime";
  private static final Reply ACCEPTED = new Reply(202, null, null, false);

  private final Instances instances;
  private final IonosPolls polls;
  private final IonosBackups backups;
  private final BackupArchives archives;

  IonosRestore(
      Instances instances, IonosPolls polls, IonosBackups backups, BackupArchives archives) {
    this.instances = instances;
    this.polls = polls;
    this.backups = backups;
    this.archives = archives;
  }

  @Override
  public Single<Reply> run(Call call) {
    Instant end = end(call.body());
    return polls
        .find(call.caller(), call.id())
        .flatMap(
            known ->
                backups
                    .source(call.caller(), call.body().getString(BACKUP))
                    .switchIfEmpty(Single.error(IonosBackups::notFound))
                    .flatMap(
                        source ->
                            instances.restore(
                                call.caller(),
                                known.instance().shortId(),
                                now -> recovery(now, source, end))))
        .map(restoring -> ACCEPTED);
  }

  private Recovery recovery(Instance now, IonosBackups.Source source, Instant end) {
    require(
        source.archive().version().equals(now.spec().version()),
        "must be a backup of PostgreSQL " + now.spec().version() + ", the cluster's version");
    require(
        source.cluster().owner().equals(now.owner())
            && source.cluster().database().equals(now.database()),
        "must be a backup of a cluster with the same owner, " + now.owner());
    try {
      return archives.recovery(source.cluster(), source.archive(), end);
    } catch (ProblemException e) {
      throw e.problem() instanceof Problem.Invalid invalid && invalid.field() == Field.MOMENT
          ? refused(END, invalid.message())
          : e;
    }
  }

  private static Instant end(JsonObject body) {
    try {
      return IonosOrigin.end(body.getString(END));
    } catch (DateTimeException e) {
      throw refused(END, "must be a time in RFC 3339");
    }
  }

  private static void require(boolean fits, String message) {
    if (!fits) {
      throw refused(BACKUP, message);
    }
  }

  private static RuntimeException refused(String property, String message) {
    return new RefusedException(
        Refusal.of(List.of(new Refusal.Violation(property, property + " " + message))));
  }
}
