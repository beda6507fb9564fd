package mooring.api.ionos;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mooring.api.Parameters;
import mooring.api.Poll;
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

  /** The cluster that has a backup; empty when the caller has none such. */
  Maybe<Instance> source(Caller caller, String backup) {
    return Single.defer(() -> polls.find(caller, cluster(backup)))
        .map(Snapshot::instance)
        .filter(instance -> archives.of(instance).isPresent() && id(instance).equals(backup))
        .onErrorComplete(IonosBackups::missing);
  }

  /** As long as a cluster keeps its one archive, that is the only one it has. */
  static String id(Instance instance) {
    return instance.id()
        + "-"
        + instance.shortId().substring(0, MARK_LENGTH)
        + "-"
        + instance.spec().version();
  }

  private static String cluster(String backup) {
    return backup.substring(0, Math.min(UUID_LENGTH, backup.length()));
  }

  private static boolean missing(Throwable failure) {
    return failure instanceof ProblemException problem
        && problem.problem() instanceof Problem.NotFound;
  }

  private static ProblemException notFound() {
    return new ProblemException(new Problem.NotFound("backup not found"));
  }

  private Optional<Encoded> backup(Snapshot snapshot) {
    Instance instance = IonosPolls.visible(snapshot).instance();
    return archives.of(instance).map(archive -> Encoded.of(json(instance, archive).toBuffer()));
  }

  private static JsonObject json(Instance instance, BackupArchive archive) {
    boolean begun = archive.earliest() != null;
    JsonObject properties =
        new JsonObject()
            .put("id", id(instance))
            .put("clusterId", instance.id().toString())
            .put("version", instance.spec().version())
            .put("isActive", true)
            .put("size", archive.sizeBytes() / BYTES_PER_MB);
    if (begun) {
      properties.put("earliestRecoveryTargetTime", archive.earliest().toString());
    }
    if (IonosAttributes.backupLocation(instance) != null) {
      properties.put("location", IonosAttributes.backupLocation(instance));
    }
    return new JsonObject()
        .put("type", "backup")
        .put("id", id(instance))
        .put(
            "metadata",
            new JsonObject()
                .put("createdDate", IonosMapper.time(instance.createdAt()))
                .put("state", begun ? IonosState.AVAILABLE : IonosState.BUSY))
        .put("properties", properties);
  }

  /** Of all clusters. */
  private final class All implements Poll {
    @Override
    public boolean linked() {
      return true;
    }

    @Override
    public Encoded read(Caller caller, String id, Parameters asked) {
      List<Encoded> all =
          cache.list(caller.tenant()).snapshots().stream()
              .filter(snapshot -> IonosPolls.isVisible(snapshot.instance()))
              .flatMap(snapshot -> backup(snapshot).stream())
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
      List<Encoded> all = backup(snapshot).stream().toList();
      return new IonosPage(asked).of(snapshot.instance().id() + "/backups", all, one -> one);
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
      Snapshot snapshot;
      try {
        snapshot = polls.known(caller, cluster(id));
      } catch (ProblemException e) {
        throw notFound();
      }
      if (snapshot == null) {
        return null;
      }
      boolean its = IonosPolls.isVisible(snapshot.instance()) && id(snapshot.instance()).equals(id);
      return (its ? backup(snapshot) : Optional.<Encoded>empty())
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
