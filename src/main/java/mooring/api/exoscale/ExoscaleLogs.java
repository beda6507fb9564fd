package mooring.api.exoscale;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import mooring.api.Call;
import mooring.api.Command;
import mooring.api.Reply;
import mooring.core.InstanceLog;
import mooring.core.LogQuery;
import mooring.core.LogReader;

/** The logs of a service's nodes, in one list by time. An offset is the time of a line. */
final class ExoscaleLogs implements Command {
  private static final Duration REACH = Duration.ofDays(30);
  private static final String UNIT = "postgresql";
  private static final String OFFSET = "offset";
  private static final int DEFAULT_LIMIT = 100;

  /** In UTC, without saying so: clients read no other form. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final ExoscalePolls polls;
  private final LogReader logs;
  private final Clock clock;

  private record Line(String node, InstanceLog.Line line) {}

  ExoscaleLogs(ExoscalePolls polls, LogReader logs, Clock clock) {
    this.polls = polls;
    this.logs = logs;
    this.clock = clock;
  }

  @Override
  public Single<Reply> run(Call call) {
    LogQuery query = query(call.body());
    String before = call.body().getString(OFFSET, "");
    return polls
        .find(call.caller(), call.id())
        .flatMap(known -> logs.read(known, query))
        .map(read -> Reply.ok(json(together(read, query), before).toBuffer()));
  }

  private LogQuery query(JsonObject asked) {
    Instant now = clock.instant();
    boolean newestFirst = !"asc".equals(asked.getString("sort-order"));
    Instant offset = offset(asked.getString(OFFSET));
    return new LogQuery(
        newestFirst || offset == null ? now.minus(REACH) : offset.plusNanos(1),
        newestFirst && offset != null ? offset : now,
        newestFirst,
        asked.getInteger("limit", DEFAULT_LIMIT));
  }

  /** Null for none. */
  private static Instant offset(String text) {
    try {
      return text == null || text.isEmpty() ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      ExoscaleRules rules = new ExoscaleRules();
      rules.refuse(OFFSET, "must be one that was answered before");
      throw rules.refusal();
    }
  }

  private static List<Line> together(List<InstanceLog> logs, LogQuery query) {
    List<Line> all = new ArrayList<>();
    for (InstanceLog log : logs) {
      log.lines().forEach(line -> all.add(new Line(log.server(), line)));
    }
    Comparator<Line> order = Comparator.comparing(one -> one.line.time());
    all.sort(query.newestFirst() ? order.reversed() : order);
    return all.size() <= query.limit() ? all : all.subList(0, query.limit());
  }

  private static JsonObject json(List<Line> lines, String before) {
    JsonArray shown = new JsonArray();
    for (Line one : lines) {
      shown.add(
          new JsonObject()
              .put("unit", UNIT)
              .put("time", TIME.format(one.line.time()))
              .put("message", one.line.message())
              .put("node", one.node));
    }
    boolean none = lines.isEmpty();
    return new JsonObject()
        .put(OFFSET, none ? before : offset(lines.get(lines.size() - 1)))
        .put("first-log-offset", none ? before : offset(lines.get(0)))
        .put("logs", shown);
  }

  private static String offset(Line one) {
    return one.line.time().toString();
  }
}
