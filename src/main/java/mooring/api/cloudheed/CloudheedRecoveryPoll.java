package mooring.api.cloudheed;

import io.reactivex.rxjava3.core.Completable;
import io.vertx.core.json.JsonObject;
import mooring.api.KnownDatabases;
import mooring.api.Parameters;
import mooring.api.Poll;
import mooring.core.Caller;
import mooring.core.Instance;
import mooring.core.InstanceState;
import mooring.core.Operation;
import mooring.core.OperationKind;
import mooring.core.Problem;
import mooring.core.ProblemException;
import mooring.core.Recovery;
import mooring.status.Encoded;
import mooring.status.Snapshot;

/**
 * How a recovery stands, which is what the database that it makes shows. Told of two databases, so
 * there is no place to keep its bytes.
 */
final class CloudheedRecoveryPoll implements Poll {
  static final String IN_PROGRESS = "in_progress";
  private static final String COMPLETED = "completed";
  private static final String FAILED = "failed";
  private static final String RECOVERY = "pitr_id";

  private final KnownDatabases known;
  private final CloudheedPolls polls;

  CloudheedRecoveryPoll(KnownDatabases known, CloudheedPolls polls) {
    this.known = known;
    this.polls = polls;
  }

  @Override
  public Encoded read(Caller caller, String id, Parameters more) {
    Snapshot source = known.get(caller, CloudheedIds.ofDatabase(id));
    Snapshot made = source == null ? null : restored(caller, more);
    if (made == null) {
      return null;
    }
    Instance from = CloudheedPolls.visible(source).instance();
    Recovery recovery = made.instance().setup().recovery();
    if (recovery == null || recovery.moment() == null || !recovery.source().equals(from.id())) {
      throw notFound();
    }
    return Encoded.of(json(from, made).toBuffer());
  }

  @Override
  public Completable lookUp(Caller caller, String id, Parameters more) {
    return polls
        .find(caller, id)
        .flatMapCompletable(
            source ->
                known
                    .find(caller, CloudheedIds.ofRecovery(more.string(RECOVERY)))
                    .ignoreElement()
                    .onErrorResumeNext(CloudheedRecoveryPoll::inOwnWords));
  }

  private Snapshot restored(Caller caller, Parameters more) {
    try {
      return known.get(caller, CloudheedIds.ofRecovery(more.string(RECOVERY)));
    } catch (ProblemException e) {
      throw notFound();
    }
  }

  private static Completable inOwnWords(Throwable failure) {
    boolean missing =
        failure instanceof ProblemException problem
            && problem.problem() instanceof Problem.NotFound;
    return Completable.error(missing ? notFound() : failure);
  }

  private static ProblemException notFound() {
    return new ProblemException(new Problem.NotFound("recovery not found"));
  }

  /** A recovery in a status. */
  static JsonObject json(Instance source, Instance made, String status) {
    return new JsonObject()
        .put("id", CloudheedIds.recovery(made))
        .put("database_id", CloudheedIds.database(source))
        .put("target_time", made.setup().recovery().moment().toString())
        .put("target_database_name", made.name())
        .put("status", status)
        .put("created_at", CloudheedMapper.time(made.createdAt()))
        .put("restored_database_id", CloudheedIds.database(made));
  }

  private static JsonObject json(Instance source, Snapshot made) {
    Operation latest = made.instance().operation();
    String status = status(latest, made.status().state());
    JsonObject json = json(source, made.instance(), status);
    boolean told = latest.kind() == OperationKind.CREATE && latest.endedAt() != null;
    if (told && status.equals(COMPLETED)) {
      json.put("completed_at", CloudheedMapper.time(latest.endedAt()));
    }
    return json;
  }

  /** By the creation; what comes after it has nothing to do with the recovery. */
  private static String status(Operation latest, InstanceState state) {
    if (latest.kind() == OperationKind.CREATE) {
      boolean failed =
          latest.outcome() == Operation.Outcome.FAILED && state == InstanceState.FAILED;
      return latest.running() ? IN_PROGRESS : failed ? FAILED : COMPLETED;
    }
    boolean neverReady =
        latest.kind() == OperationKind.DELETE
            && switch (latest.acceptedIn()) {
              case PENDING, PROVISIONING, FAILED -> true;
              default -> false;
            };
    return neverReady ? FAILED : COMPLETED;
  }
}
