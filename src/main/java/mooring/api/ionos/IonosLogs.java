package mooring.api.ionos;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import mooring.api.Call;
import mooring.api.Command;
import mooring.api.Refusal;
import mooring.api.RefusedException;
import mooring.api.Reply;
import mooring.core.InstanceLog;
import mooring.core.LogQuery;
import mooring.core.LogReader;

/** The logs of a cluster's servers. */
final class IonosLogs implements Command {
  private static final Duration REACH = Duration.ofDays(30);

  /** A client's clock may be ahead of ours. */
  private static final Duration AHEAD = Duration.ofMinutes(1);

  private static final String DEFAULT_LIMIT = "100";
  private static final String FORWARD = "FORWARD";

  private final IonosPolls polls;
  private final LogReader logs;
  private final Clock clock;

  IonosLogs(IonosPolls polls, LogReader logs, Clock clock) {
    this.polls = polls;
    this.logs = logs;
    this.clock = clock;
  }

  @Override
  public Single<Reply> run(Call call) {
    LogQuery query = query(call);
    return polls
        .find(call.caller(), call.id())
        .flatMap(known -> logs.read(known.instance(), query))
        .map(read -> Reply.ok(json(read).toBuffer()));
  }

  private LogQuery query(Call call) {
    Instant now = clock.instant();
    List<Refusal.Violation> violations = new ArrayList<>();
    Instant start = time(call, "start", now.minus(REACH), violations);
    Instant end = time(call, "end", now, violations);
    if (start != null && start.isBefore(now.minus(REACH).minus(AHEAD))) {
      violations.add(refused("start", "must not be more than 30 days ago"));
    }
    if (end != null && end.isAfter(now.plus(AHEAD))) {
      violations.add(refused("end", "must not lie in the future"));
    }
    if (start != null && end != null && end.isBefore(start)) {
      violations.add(refused("end", "must not be before start"));
    }
    if (!violations.isEmpty()) {
      throw new RefusedException(Refusal.of(violations));
    }
    // What the contract says of these two has been checked.
    boolean forward = FORWARD.equals(call.query().get("direction"));
    int limit = Integer.parseInt(call.query().getOrDefault("limit", DEFAULT_LIMIT));
    return new LogQuery(start, end, !forward, limit);
  }

  private static Instant time(
      Call call, String name, Instant otherwise, List<Refusal.Violation> violations) {
    String asked = call.query().get(name);
    try {
      // A plus that was not escaped stands for a space in a query.
      return asked == null ? otherwise : OffsetDateTime.parse(asked.replace(' ', '+')).toInstant();
    } catch (DateTimeException e) {
      violations.add(refused(name, "must be a time in RFC 3339"));
      return null;
    }
  }

  private static Refusal.Violation refused(String name, String message) {
    return new Refusal.Violation(name, name + " " + message);
  }

  private static JsonObject json(List<InstanceLog> logs) {
    JsonArray instances = new JsonArray();
    for (InstanceLog log : logs) {
      JsonArray messages = new JsonArray();
      for (InstanceLog.Line line : log.lines()) {
        messages.add(
            new JsonObject().put("time", line.time().toString()).put("message", line.message()));
      }
      instances.add(new JsonObject().put("name", log.server()).put("messages", messages));
    }
    return new JsonObject().put("instances", instances);
  }
}
