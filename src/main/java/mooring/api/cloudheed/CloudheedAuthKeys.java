package mooring.api.cloudheed;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import mooring.api.Call;
import mooring.api.Reply;
import mooring.core.Field;
import mooring.core.Problem;
import mooring.core.ProblemException;
import mooring.core.Token;
import mooring.core.Tokens;

/**
 * API keys, which are tokens by another name. Any key may manage keys, but none that may do more
 * than itself.
 */
final class CloudheedAuthKeys {
  private static final String SECRET_PREFIX = "ch_live_";
  private static final String KEYS = "/v1/auth/api-keys/";
  private static final Duration GRACE = Duration.ofHours(1);
  private static final Duration LONGEST = Duration.ofDays(3650);
  private static final Pattern ID = Pattern.compile("key-([0-9a-f]{8})");
  private static final Pattern PERIOD = Pattern.compile("([1-9][0-9]{0,5})([dh])");

  /** What a token without scopes of its own may do. */
  private static final Set<String> ALL_SCOPES =
      Set.of(
          "databases:read",
          "databases:write",
          "backups:read",
          "backups:write",
          "billing:read",
          "org:read",
          "org:write");

  private final Tokens tokens;
  private final Clock clock;

  CloudheedAuthKeys(Tokens tokens, Clock clock) {
    this.tokens = tokens;
    this.clock = clock;
  }

  Single<Reply> create(Call call) {
    String name = call.body().getString("name");
    Set<String> scopes = scopes(call.body());
    Instant expiresAt = expiresAt(call.body().getString("expires_in"));
    return tokens
        .create(call.caller(), SECRET_PREFIX, name, scopes, expiresAt)
        .map(
            issued -> {
              JsonObject json = new JsonObject().put("api_key", issued.secret());
              String place = KEYS + id(issued.token());
              return new Reply(201, json.mergeIn(key(issued.token())).toBuffer(), place, true);
            });
  }

  Single<Reply> list(Call call) {
    return tokens
        .list(call.caller())
        .map(
            all -> {
              JsonArray keys = new JsonArray();
              all.forEach(token -> keys.add(key(token)));
              return Reply.ok(new JsonObject().put("api_keys", keys).toBuffer());
            });
  }

  Single<Reply> get(Call call) {
    return tokens
        .find(call.caller(), shortId(call.id()))
        .map(token -> Reply.ok(key(token).toBuffer()));
  }

  Single<Reply> delete(Call call) {
    String shortId = shortId(call.id());
    Completable revoked =
        tokens
            .findHeld(call.caller(), shortId)
            .flatMapCompletable(token -> tokens.revoke(call.caller(), shortId));
    return revoked.andThen(Single.fromSupplier(Reply::noContent));
  }

  Single<Reply> rotate(Call call) {
    Instant until = clock.instant().plus(GRACE);
    return tokens
        .rotate(call.caller(), shortId(call.id()), SECRET_PREFIX, until)
        .map(
            issued -> {
              JsonObject json =
                  key(issued.token())
                      .put("token", issued.secret())
                      .put("previous_token_valid_until", time(issued.token().previous().until()));
              return Reply.secret(200, json.toBuffer());
            });
  }

  static String time(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static JsonObject key(Token token) {
    return new JsonObject()
        .put("id", id(token))
        .put("name", token.name())
        .put("prefix", token.secret().prefix())
        .put("key_prefix", token.secret().prefix())
        .put("scopes", scopes(token))
        .put("last_used_at", token.lastUsedAt() == null ? null : time(token.lastUsedAt()))
        .put("expires_at", token.expiresAt() == null ? null : time(token.expiresAt()))
        .put("created_at", time(token.createdAt()));
  }

  private static JsonArray scopes(Token token) {
    JsonArray sorted = new JsonArray();
    new TreeSet<>(token.scopes() == null ? ALL_SCOPES : token.scopes()).forEach(sorted::add);
    return sorted;
  }

  private static String id(Token token) {
    return "key-" + token.shortId();
  }

  private static String shortId(String id) {
    Matcher form = ID.matcher(id);
    if (!form.matches()) {
      throw new ProblemException(new Problem.NotFound("api token not found"));
    }
    return form.group(1);
  }

  /** Which ones there are, the contract says; that there be one, only the documentation. */
  private static Set<String> scopes(JsonObject body) {
    Set<String> scopes =
        body.getJsonArray("scopes").stream().map(String.class::cast).collect(Collectors.toSet());
    if (scopes.isEmpty()) {
      throw refused(Field.SCOPES, "scopes must name at least one scope");
    }
    return scopes;
  }

  private Instant expiresAt(String period) {
    if (period == null) {
      return null;
    }
    Matcher form = PERIOD.matcher(period);
    if (form.matches()) {
      long amount = Long.parseLong(form.group(1));
      Duration length =
          form.group(2).equals("d") ? Duration.ofDays(amount) : Duration.ofHours(amount);
      if (length.compareTo(LONGEST) <= 0) {
        return clock.instant().plus(length);
      }
    }
    throw refused(
        Field.EXPIRY, "expires_in must be a number of days or hours, like 365d, up to 3650d");
  }

  private static ProblemException refused(Field field, String message) {
    return new ProblemException(new Problem.Invalid(field, message));
  }
}
