package mooring.api.ionos;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import mooring.api.Parameters;
import mooring.api.Poll;
import mooring.api.PublicIds;
import mooring.core.BackupArchive;
import mooring.core.BackupArchives;
import mooring.core.Caller;
import mooring.core.Instance;
import mooring.core.Problem;
import mooring.core.ProblemException;
import mooring.status.Encoded;
import mooring.status.Snapshot;
import mooring.status.StatusCache;

/** The backups of clusters, from memory: to this API one is a range of time, a whole archive. */
final class IonosBackups {
  private static final int BYTES_PER_MB = 1024 * 1024;
  private static final int UUID_LENGTH = 36;
  private static final int MARK_LENGTH = 7;

  private final StatusCache cache;
  private final IonosPolls polls;
  private final BackupArchives archives;

  IonosBackups(StatusCache cache, IonosPolls polls, BackupArchives archives) {
    this.cache = cache;
    this.polls = polls;
    this.archives = archives;
  }

  /** By operationId. */
  Map<String, Poll> polls() {
    return Map.of(
        "clustersBackupsGet", new All(),
        "clusterBackupsGet", new OfOne(),
        "clustersBackupsFindById", new One());
  }

  /** A backup and whose it is. */
  record Source(Instance cluster, BackupArchive archive) {}

  /** A backup with its cluster; empty when the caller has none such. */
  Maybe<Source> source(Caller caller, String backup) {
    return Single.defer(() -> found(caller, backup))
        .map(Snapshot::instance)
        .mapOptional(
            instance -> archive(instance, backup).map(archive -> new Source(instance, archive)))
        .onErrorComplete(IonosBackups::missing);
  }

  private Single<Snapshot> found(Caller caller, String backup) {
    Snapshot deleted = deleted(caller, backup);
    return deleted == null ? polls.find(caller, cluster(backup)) : Single.just(deleted);
  }

  /** The deleted cluster that a backup would be of; null when there is none here. */
  private Snapshot deleted(Caller caller, String backup) {
    UUID id = PublicIds.uuid(cluster(backup));
    Snapshot known = id == null ? null : cache.get(id);
    boolean its = known != null && known.deleted() && known.belongsTo(caller.tenant());
    return its && known.instance().backupsOutliveIt() ? known : null;
  }

  private Optional<BackupArchive> archive(Instance instance, String backup) {
    return archives.of(instance).stream()
        .filter(archive -> id(instance, archive).equals(backup))
        .findFirst();
  }

  /** Those of later generations end in what no short id is written with. */
  private static String id(Instance instance, BackupArchive archive) {
    String later = archive.generation() == 1 ? "" : "g" + archive.generation();
    String mark = instance.shortId().substring(0, MARK_LENGTH - later.length()) + later;
    return instance.id() + "-" + mark + "-" + archive.version();
  }

  private static String cluster(String backup) {
    return backup.substring(0, Math.min(UUID_LENGTH, backup.length()));
  }

  private static boolean missing(Throwable failure) {
    return failure instanceof ProblemException problem
        && problem.problem() instanceof Problem.NotFound;
  }

  static ProblemException notFound() {
    return new ProblemException(new Problem.NotFound("backup not found"));
  }

  private List<Encoded> backups(Snapshot snapshot) {
    Instance instance = IonosPolls.visible(snapshot).instance();
    return archives.of(instance).stream().map(archive -> encoded(instance, archive)).toList();
  }

  private static Encoded encoded(Instance instance, BackupArchive archive) {
    return Encoded.of(json(instance, archive).toBuffer());
  }

  private static JsonObject json(Instance instance, BackupArchive archive) {
    boolean begun = archive.earliest() != null;
    JsonObject properties =
        new JsonObject()
            .put("id", id(instance, archive))
            .put("clusterId", instance.id().toString())
            .put("version", archive.version())
            .put("isActive", archive.active())
            .put("size", archive.sizeBytes() / BYTES_PER_MB);
    if (begun) {
      properties.put("earliestRecoveryTargetTime", archive.earliest().toString());
    }
    if (IonosAttributes.backupLocation(instance) != null) {
      properties.put("location", IonosAttributes.backupLocation(instance));
    }
    return new JsonObject()
        .put("type", "backup")
        .put("id", id(instance, archive))
        .put(
            "metadata",
            new JsonObject()
                .put("createdDate", IonosMapper.time(archive.openedAt()))
                .put("state", begun ? IonosState.AVAILABLE : IonosState.BUSY))
        .put("properties", properties);
  }

  /** Of all clusters, then of those that are deleted. */
  private final class All implements Poll {
    @Override
    public boolean linked() {
      return true;
    }

    @Override
    public Encoded read(Caller caller, String id, Parameters asked) {
      List<Encoded> all =
          Stream.of(cache.list(caller.tenant()), cache.deleted(caller.tenant()))
              .flatMap(listing -> listing.snapshots().stream())
              .filter(snapshot -> IonosPolls.isVisible(snapshot.instance()))
              .flatMap(snapshot -> backups(snapshot).stream())
              .toList();
      return new IonosPage(asked).of("backups", all, one -> one);
    }
  }

  /** Of one cluster. */
  private final class OfOne implements Poll {
    @Override
    public boolean linked() {
      return true;
    }

    @Override
    public Encoded read(Caller caller, String id, Parameters asked) {
      Snapshot snapshot = polls.known(caller, id);
      if (snapshot == null) {
        return null;
      }
      return new IonosPage(asked)
          .of(snapshot.instance().id() + "/backups", backups(snapshot), one -> one);
    }

    @Override
    public Completable lookUp(Caller caller, String id, Parameters asked) {
      return polls.find(caller, id).ignoreElement();
    }
  }

  /** One of them. */
  private final class One implements Poll {
    @Override
    public Encoded read(Caller caller, String id, Parameters asked) {
      Snapshot snapshot = deleted(caller, id);
      try {
        snapshot = snapshot == null ? polls.known(caller, cluster(id)) : snapshot;
      } catch (ProblemException e) {
        throw notFound();
      }
      if (snapshot == null) {
        return null;
      }
      Instance instance = snapshot.instance();
      return (IonosPolls.isVisible(instance)
              ? archive(instance, id)
              : Optional.<BackupArchive>empty())
          .map(archive -> encoded(instance, archive))
          .orElseThrow(IonosBackups::notFound);
    }

    @Override
    public Completable lookUp(Caller caller, String id, Parameters asked) {
      return polls
          .find(caller, cluster(id))
          .ignoreElement()
          .onErrorResumeNext(failure -> Completable.error(missing(failure) ? notFound() : failure));
    }
  }
}
