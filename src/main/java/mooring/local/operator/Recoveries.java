package mooring.local.operator;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import mooring.local.postgres.Bootstrap;
import mooring.local.postgres.BuildOptions;
import mooring.local.postgres.DataRecovery;
import mooring.local.postgres.PostgresBinaries;
import mooring.local.postgres.PostgresException;
import mooring.local.postgres.PostgresInstallation;
import mooring.local.postgres.SqlText;
import mooring.local.postgres.WalArchive;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a Cluster's data from a backup and the write-ahead log of another one. */
final class Recoveries {
  private static final Logger log = LoggerFactory.getLogger(Recoveries.class);
  private static final String NOT_REACHED = "recovery ended before configured recovery target";
  private static final String TOO_EARLY = "before consistent recovery point";
  private static final int PATIENCE = 5;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS'+00'").withZone(ZoneOffset.UTC);

  private final PostgresBinaries binaries;
  private final BuildOptions options;
  private final Stores stores;
  private final Source source;
  private final Map<String, String> hopeless = new ConcurrentHashMap<>();
  private final Map<String, Integer> unanswered = new ConcurrentHashMap<>();

  /** What is known of the source after the end of its archive. */
  private enum Rest {
    NOTHING_COMMITTED,
    LOST,
    UNKNOWN
  }

  /** The server that a recovery is from, as far as it is here. */
  interface Source {
    /**
     * Has everything that is committed archived; fails when that cannot be done now.
     *
     * @param major the version whose log it is
     * @return whether nothing was committed after the end of the archive, up to now
     */
    boolean flush(ArchiveTarget archive, int major);
  }

  Recoveries(PostgresBinaries binaries, BuildOptions options, Stores stores, Source source) {
    this.binaries = binaries;
    this.options = options;
    this.stores = stores;
    this.source = source;
  }

  /** Fails with a {@link NotReadyException} when that cannot succeed, now or later. */
  void recover(DatabasePlan plan, RecoverySource from, InstanceFiles files) {
    String uid = plan.spec().uid();
    if (hopeless.containsKey(uid)) {
      throw unrecoverable(hopeless.get(uid)); // it would take its time to fail again
    }
    BackupCopy copy = stores.reading(from.archive(), () -> chosenAndReplayed(plan, from, files));
    log.atInfo()
        .addKeyValue("cluster", plan.spec().name())
        .addKeyValue("backup", copy.id())
        .log("Database recovered");
  }

  private BackupCopy chosenAndReplayed(
      DatabasePlan plan, RecoverySource from, InstanceFiles files) {
    BackupCopy copy = choose(plan, from);
    Rest rest = from.immediate() ? Rest.LOST : rest(plan, from);
    try {
      replay(plan, from, copy, files, target(from));
    } catch (PostgresException e) {
      String reason = String.valueOf(e.getMessage());
      if (reason.contains(NOT_REACHED) && rest == Rest.NOTHING_COMMITTED) {
        // Nothing was committed between the end of the log and the time.
        replay(plan, from, copy, files, Map.of());
      } else if (reason.contains(NOT_REACHED) && rest == Rest.UNKNOWN) {
        throw e; // the source may yet archive what is missing
      } else if (reason.contains(NOT_REACHED) || reason.contains(TOO_EARLY)) {
        hopeless.put(plan.spec().uid(), reason);
        throw unrecoverable(reason);
      } else {
        throw e;
      }
    }
    return copy;
  }

  /**
   * A source that is down is no reason to wait: what the archive holds may be enough. Only a
   * recovery of all there is gives it some time, since it may just be restarting.
   */
  private Rest rest(DatabasePlan plan, RecoverySource from) {
    String uid = plan.spec().uid();
    try {
      return source.flush(from.archive(), plan.major()) ? Rest.NOTHING_COMMITTED : Rest.LOST;
    } catch (PostgresException e) {
      boolean all = from.targetTime().isEmpty();
      if (Thread.currentThread().isInterrupted()
          || (all && unanswered.merge(uid, 1, Integer::sum) < PATIENCE)) {
        throw e;
      }
      log.atWarn()
          .addKeyValue("cluster", plan.spec().name())
          .addKeyValue("reason", e.getMessage())
          .log("Recovering from the archive as it is");
      return Rest.UNKNOWN;
    }
  }

  private BackupCopy choose(DatabasePlan plan, RecoverySource from) {
    List<BackupCopy> copies = stores.of(from.archive()).copies();
    Optional<BackupCopy> chosen;
    if (!from.backupId().isEmpty()) {
      chosen = copies.stream().filter(copy -> copy.id().equals(from.backupId())).findFirst();
    } else {
      Instant limit = from.targetTime().orElse(Instant.MAX);
      chosen =
          copies.stream()
              .filter(copy -> !copy.consistentAt().isAfter(limit))
              .reduce((older, newer) -> newer);
    }
    BackupCopy copy =
        chosen.orElseThrow(
            () ->
                unrecoverable(
                    from.backupId().isEmpty()
                        ? "there is no backup from before the target"
                        : "there is no backup " + from.backupId()));
    if (from.targetTime().filter(time -> time.isAfter(Instant.now())).isPresent()) {
      throw unrecoverable("the target time has not come yet");
    }
    if (from.targetTime().filter(time -> time.isBefore(copy.consistentAt())).isPresent()) {
      throw unrecoverable("the target time is before the end of the backup " + copy.id());
    }
    if (copy.major() != plan.major()) {
      throw unrecoverable("the backup " + copy.id() + " is of major " + copy.major());
    }
    return copy;
  }

  private static Map<String, String> target(RecoverySource from) {
    Map<String, String> settings = new HashMap<>();
    if (from.immediate()) {
      settings.put("recovery_target", "immediate");
      settings.put("recovery_target_timeline", "current");
    }
    from.targetTime()
        .ifPresent(
            time -> {
              settings.put("recovery_target_time", TIME.format(time));
              settings.put("recovery_target_inclusive", from.exclusive() ? "off" : "on");
            });
    return settings;
  }

  private void replay(
      DatabasePlan plan,
      RecoverySource from,
      BackupCopy copy,
      InstanceFiles files,
      Map<String, String> target) {
    List<WalArchive> archives = new ArrayList<>(List.of(copy.wal()));
    if (!from.immediate()) {
      archives.add(stores.of(from.archive()).wal(copy.major()));
    }
    PostgresInstallation installation = binaries.installation(plan.major());
    Map<String, String> parameters = options.available(installation, plan.spec().parameters());
    new DataRecovery(copy.data(), archives, target, parameters, statements(plan, files))
        .into(installation, files.data());
  }

  /** The backup's passwords are not this Cluster's; its owner may have another name. */
  private static List<String> statements(DatabasePlan plan, InstanceFiles files) {
    ClusterSpec spec = plan.spec();
    String owner = SqlText.identifier(spec.owner());
    String superuser =
        "ALTER ROLE "
            + SqlText.identifier(Bootstrap.SUPERUSER)
            + " PASSWORD "
            + SqlText.literal(Bootstrap.verifier(files.superuserPassword()));
    String create =
        "DO "
            + SqlText.literal(
                "BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = "
                    + SqlText.literal(spec.owner())
                    + ") THEN CREATE ROLE "
                    + owner
                    + "; END IF; END");
    String login =
        "ALTER ROLE "
            + owner
            + " LOGIN PASSWORD "
            + SqlText.literal(Bootstrap.verifier(plan.password()));
    String own = // its owner may have dropped it
        "DO "
            + SqlText.literal(
                "BEGIN IF EXISTS (SELECT FROM pg_database WHERE datname = "
                    + SqlText.literal(spec.database())
                    + ") THEN ALTER DATABASE "
                    + SqlText.identifier(spec.database())
                    + " OWNER TO "
                    + owner
                    + "; END IF; END");
    return List.of(superuser, create, login, own);
  }

  private static NotReadyException unrecoverable(String reason) {
    return new NotReadyException(Phase.UNRECOVERABLE, "recovery is impossible: " + reason);
  }
}
