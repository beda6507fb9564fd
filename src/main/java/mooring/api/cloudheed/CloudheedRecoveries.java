package mooring.api.cloudheed;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import mooring.api.Call;
import mooring.api.Command;
import mooring.api.KnownDatabases;
import mooring.api.Poll;
import mooring.api.Refusal;
import mooring.api.RefusedException;
import mooring.api.Reply;
import mooring.core.Backups;
import mooring.core.Instance;
import mooring.core.Problem;
import mooring.core.ProblemException;
import mooring.core.Recovery;
import mooring.core.RecoveryWindow;
import mooring.status.Encoded;
import mooring.status.Snapshot;

/** Recoveries of moments into new databases. */
final class CloudheedRecoveries {
  private static final String PATH = "/v1/databases/";

  private final Backups backups;
  private final KnownDatabases known;
  private final CloudheedPolls polls;
  private final CloudheedCopies copies;

  CloudheedRecoveries(
      Backups backups, KnownDatabases known, CloudheedPolls polls, CloudheedCopies copies) {
    this.backups = backups;
    this.known = known;
    this.polls = polls;
    this.copies = copies;
  }

  /** By operationId. */
  Map<String, Command> commands() {
    return Map.of("recoverToMoment", this::recover);
  }

  /** By operationId. */
  Map<String, Poll> polls() {
    return Map.of(
        "getRecoveryWindow",
        polls.of(this::window),
        "getRecovery",
        new CloudheedRecoveryPoll(known, polls));
  }

  private Single<Reply> recover(Call call) {
    String name = call.body().getString("target_database_name");
    return polls
        .find(call.caller(), call.id())
        .flatMap(
            source -> {
              int days = days(source.instance());
              Instant moment = moment(call.body().getString("target_time"));
              Recovery recovery = backups.recovery(source.instance(), moment, days);
              return copies
                  .make(call.caller(), source.instance(), recovery, name)
                  .map(copy -> started(source.instance(), copy));
            });
  }

  private static Reply started(Instance source, CloudheedCopies.Copy copy) {
    Instance made = copy.instance();
    JsonObject json =
        CloudheedRecoveryPoll.json(source, made, CloudheedRecoveryPoll.IN_PROGRESS)
            .put("password", copy.password())
            .put("connection_string", CloudheedMapper.uri(made, copy.password()));
    String location = PATH + CloudheedIds.database(source) + "/pitr/" + CloudheedIds.recovery(made);
    return Reply.secret(202, json.toBuffer(), location);
  }

  private Encoded window(Snapshot snapshot) {
    Instance instance = CloudheedPolls.visible(snapshot).instance();
    RecoveryWindow window = backups.window(instance, days(instance));
    // To whole seconds within: the shown ends can be asked for.
    Instant earliest = window.earliest().plusNanos(999_999_999).truncatedTo(ChronoUnit.SECONDS);
    return Encoded.of(
        new JsonObject()
            .put("earliest_recovery_time", earliest.toString())
            .put("latest_recovery_time", CloudheedMapper.time(window.latest()))
            .toBuffer());
  }

  /** Of a size that no tier gave, as far back as its daily backups go. */
  private static int days(Instance instance) {
    int days =
        CloudheedTier.of(instance)
            .map(CloudheedTier::recoveryDays)
            .orElse(instance.setup().retentionDays());
    if (days == 0) {
      String message =
          "the tier "
              + CloudheedTier.shown(instance)
              + " does not include recovery to a point in time";
      throw new ProblemException(new Problem.NotIncluded(message));
    }
    return days;
  }

  private static Instant moment(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      Refusal.Violation violation =
          new Refusal.Violation("target_time", "target_time must be a time in RFC 3339");
      throw new RefusedException(Refusal.of(List.of(violation)));
    }
  }
}
