package mooring.api.ionos;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import mooring.core.BackupArchives;
import mooring.core.Caller;
import mooring.core.Instance;
import mooring.core.Recovery;

/**
 * What a new cluster begins with.
 *
 * @param source the cluster whose backup it is; null for nothing
 * @param recovery what of it; null for nothing
 */
record IonosOrigin(Instance source, Recovery recovery) {
  private static final IonosOrigin NOTHING = new IonosOrigin(null, null);
  private static final String FROM = "fromBackup";

  /** What a create asks for; refuses a backup that is not there, and a moment beyond it. */
  static Single<IonosOrigin> of(
      Caller caller, JsonObject asked, IonosBackups backups, BackupArchives archives) {
    JsonObject from = asked.getJsonObject(FROM);
    if (from == null) {
      return Single.just(NOTHING);
    }
    return backups
        .source(caller, from.getString("backupId"))
        .map(
            found ->
                new IonosOrigin(
                    found.cluster(),
                    archives.recovery(found.cluster(), found.archive(), end(from))))
        .switchIfEmpty(Single.error(() -> refused("backupId", "must be the id of a backup")));
  }

  private static Instant end(JsonObject from) {
    try {
      return end(from.getString("recoveryTargetTime"));
    } catch (DateTimeException e) {
      throw refused("recoveryTargetTime", "must be a time in RFC 3339");
    }
  }

  /** The first moment that is not wanted any more; null for none. */
  static Instant end(String text) {
    return text == null
        ? null
        : OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MICROS);
  }

  private static RuntimeException refused(String property, String message) {
    IonosRules rules = new IonosRules();
    rules.refuse(FROM + "." + property, message);
    return rules.refusal();
  }
}
