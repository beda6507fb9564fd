package mooring.api.exoscale;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
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
import mooring.core.Instance;
import mooring.core.InstanceLog;
import mooring.core.LogQuery;
import mooring.core.LogReader;

/** The logs of a service's nodes, in one list by time. */
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
    boolean newestFirst = !"asc".equals(call.body().getString("sort-order"));
    ExoscaleLogOffset offset = ExoscaleLogOffset.parse(call.body().getString(OFFSET), newestFirst);
    int limit = call.body().getInteger("limit", DEFAULT_LIMIT);
    LogQuery query = query(newestFirst, offset, limit);
    return polls
        .find(call.caller(), call.id())
        .flatMap(
            known ->
                logs.read(known, query)
                    .map(read -> together(known, read, query.newestFirst()))
                    .map(lines -> Reply.ok(json(lines, offset, limit).toBuffer())));
  }

  /**
   * From the offset's time on, which may have more lines than were given. A replica whose clock is
   * behind that of the one that answered it has none after it yet.
   */
  private LogQuery query(boolean newestFirst, ExoscaleLogOffset offset, int limit) {
    Instant now = clock.instant();
    Instant start = now.minus(REACH);
    Instant end = now;
    if (offset != null && newestFirst && offset.time().isBefore(now)) {
      end = offset.time().plusNanos(1);
    }
    if (offset != null && !newestFirst && offset.time().isAfter(start)) {
      start = offset.time();
      end = start.isAfter(now) ? start : now;
    }
    return new LogQuery(start, end, newestFirst, offset == null ? limit : limit + offset.given());
  }

  /** In an order that is the same each time. */
  private static List<Line> together(
      Instance service, List<InstanceLog> logs, boolean newestFirst) {
    List<Line> all = new ArrayList<>();
    for (InstanceLog log : logs) {
      String node = ExoscaleNodes.name(service, log.server());
      log.lines().forEach(line -> all.add(new Line(node, line)));
    }
    Comparator<Line> order = Comparator.comparing(one -> one.line.time());
    all.sort((newestFirst ? order.reversed() : order).thenComparing(Line::node));
    return all;
  }

  /** How many lines at the beginning were given before. */
  private static int given(List<Line> lines, ExoscaleLogOffset offset) {
    int given = 0;
    while (offset != null
        && given < offset.given()
        && given < lines.size()
        && lines.get(given).line.time().equals(offset.time())) {
      given++;
    }
    return given;
  }

  private static ExoscaleLogOffset at(List<Line> lines, int index) {
    Instant time = lines.get(index).line.time();
    int given = 1;
    while (given <= index && lines.get(index - given).line.time().equals(time)) {
      given++;
    }
    return new ExoscaleLogOffset(time, given);
  }

  private static JsonObject json(List<Line> all, ExoscaleLogOffset before, int limit) {
    int from = given(all, before);
    List<Line> lines = all.subList(from, Math.min(all.size(), from + limit));
    JsonArray shown = new JsonArray();
    for (Line one : lines) {
      shown.add(
          new JsonObject()
              .put("unit", UNIT)
              .put("time", TIME.format(one.line.time()))
              .put("message", one.line.message())
              .put("node", one.node));
    }
    String none = before == null ? "" : before.toString();
    return new JsonObject()
        .put(OFFSET, lines.isEmpty() ? none : at(all, from + lines.size() - 1).toString())
        .put("first-log-offset", lines.isEmpty() ? none : at(all, from).toString())
        .put("logs", shown);
  }
}
