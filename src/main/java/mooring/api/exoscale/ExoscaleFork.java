package mooring.api.exoscale;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import mooring.api.RefusedException;
import mooring.core.BackupArchive;
import mooring.core.BackupArchives;
import mooring.core.Backups;
import mooring.core.Caller;
import mooring.core.Instance;
import mooring.core.Recovery;
import mooring.core.SeenBackup;

/** What a new service begins with: nothing, or what another one holds or held. */
final class ExoscaleFork {
  static final String SOURCE = "fork-from-service";
  private static final String TIME = "recovery-backup-time";

  /** PostgreSQL counts in microseconds. */
  private static final ChronoUnit STEP = ChronoUnit.MICROS;

  private final ExoscalePolls polls;
  private final BackupArchives archives;
  private final Backups backups;

  ExoscaleFork(ExoscalePolls polls, BackupArchives archives, Backups backups) {
    this.polls = polls;
    this.archives = archives;
    this.backups = backups;
  }

  /**
   * What a service begins with.
   *
   * @param source the service that it is a copy of; null for none
   * @param recovery what of it; null for nothing
   * @param follows whether it is to go on as that one does
   */
  record Origin(Instance source, Recovery recovery, boolean follows) {
    private static final Origin NOTHING = new Origin(null, null, false);
  }

  /** What a create asks for; refuses a service that is not there, and a moment beyond it. */
  Single<Origin> of(Caller caller, JsonObject asked) {
    String name = asked.getString(SOURCE);
    String time = asked.getString(TIME);
    if (name == null && time == null) {
      return Single.just(Origin.NOTHING);
    }
    if (name == null) {
      throw refused(TIME, "needs " + SOURCE);
    }
    Instant moment = time == null ? null : moment(time);
    return polls
        .find(caller, name)
        .flatMap(
            source ->
                recovery(source, moment).map(recovery -> new Origin(source, recovery, false)));
  }

  private Single<Recovery> recovery(Instance source, Instant moment) {
    List<BackupArchive> begun =
        archives.of(source).stream().filter(archive -> archive.earliest() != null).toList();
    if (begun.isEmpty()) {
      throw refused(SOURCE, "must have a backup: there is none yet");
    }
    if (moment == null) {
      return Single.just(archives.recovery(source, begun.get(0), null));
    }
    // The time that a backup is listed with stands for that very backup.
    Optional<SeenBackup> listed =
        polls.backups(source).stream()
            .filter(one -> ExoscaleMapper.time(one.completedAt()).equals(moment.toString()))
            .findFirst();
    if (listed.isPresent()) {
      return backups.recovery(source, listed.get().shortId());
    }
    BackupArchive archive =
        begun.stream()
            .filter(one -> !one.earliest().isAfter(moment))
            .findFirst()
            .orElse(begun.get(begun.size() - 1));
    return Single.just(archives.recovery(source, archive, moment.plus(1, STEP)));
  }

  private static Instant moment(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant().truncatedTo(STEP);
    } catch (DateTimeException e) {
      throw refused(TIME, "must be a time in RFC 3339");
    }
  }

  private static RefusedException refused(String member, String message) {
    ExoscaleRules rules = new ExoscaleRules();
    rules.refuse(member, message);
    return rules.refusal();
  }
}
