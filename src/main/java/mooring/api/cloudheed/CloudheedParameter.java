package mooring.api.cloudheed;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mooring.core.Instance;
import mooring.core.PostgresParameters;

/** PostgreSQL's settings that can be changed here, in the order of the documentation. */
enum CloudheedParameter {
  MAX_CONNECTIONS(Kind.INTEGER, "100"),
  IDLE_IN_TRANSACTION_SESSION_TIMEOUT(Kind.INTEGER, "0"),
  STATEMENT_TIMEOUT(Kind.INTEGER, "0"),
  SHARED_BUFFERS(128, "128MB"),
  WORK_MEM(64, "4MB"),
  MAINTENANCE_WORK_MEM(1024, "64MB"),
  EFFECTIVE_CACHE_SIZE(8, "4GB"),
  WAL_BUFFERS(32, "16MB"),
  CHECKPOINT_COMPLETION_TARGET(Kind.NUMBER, "0.9"),
  MAX_WAL_SIZE(32 * 1024, "1GB"),
  MIN_WAL_SIZE(32 * 1024, "80MB"),
  RANDOM_PAGE_COST(Kind.NUMBER, "4"),
  EFFECTIVE_IO_CONCURRENCY(Kind.INTEGER, "1"),
  DEFAULT_STATISTICS_TARGET(Kind.INTEGER, "100"),
  LOG_STATEMENT(Kind.WORD, "none"),
  LOG_MIN_DURATION_STATEMENT(Kind.INTEGER, "-1"),
  LOG_CONNECTIONS(Kind.SWITCH, "off"),
  LOG_DISCONNECTIONS(Kind.SWITCH, "off");

  private enum Kind {
    INTEGER,
    NUMBER,
    SWITCH,
    WORD,
    AMOUNT
  }

  private static final int MOST_CONNECTIONS = 2_000;
  private static final long KB_PER_MIB = 1024;
  private static final long MOST_WAL_BUFFERS_KB = 16 * KB_PER_MIB;
  private static final int WAL_BUFFERS_SHARE = 32;
  private static final Pattern AMOUNT_FORM = Pattern.compile("([0-9]{1,9})(kB|MB|GB)");

  private final Kind kind;
  private final long leastKb;
  private final String byDefault;

  CloudheedParameter(Kind kind, String byDefault) {
    this.kind = kind;
    this.leastKb = 0;
    this.byDefault = byDefault;
  }

  /** An amount of memory or disk; PostgreSQL does not start with less than the least. */
  CloudheedParameter(long leastKb, String byDefault) {
    this.kind = Kind.AMOUNT;
    this.leastKb = leastKb;
    this.byDefault = byDefault;
  }

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * PostgreSQL's own default.
   *
   * @param effective the values that are known
   */
  String byDefault(Map<String, String> effective) {
    if (this != WAL_BUFFERS) {
      return byDefault;
    }
    long share = kb(effective.get(SHARED_BUFFERS.key())) / WAL_BUFFERS_SHARE;
    long kb = Math.min(MOST_WAL_BUFFERS_KB, share);
    return kb % KB_PER_MIB == 0 ? kb / KB_PER_MIB + "MB" : kb + "kB";
  }

  /** Whether a stored value can stay when a database gets another size. */
  static boolean fits(String key, String stored, Instance resized) {
    for (CloudheedParameter parameter : values()) {
      if (parameter.key().equals(key)) {
        return parameter.fault(parameter.shown(stored), resized) == null;
      }
    }
    return true;
  }

  /** What a valid value must be in a database of this size; null when it is. */
  String fault(Object value, Instance instance) {
    if (this == MAX_CONNECTIONS) {
      int most =
          CloudheedTier.of(instance).map(CloudheedTier::connections).orElse(MOST_CONNECTIONS);
      return ((Number) value).longValue() <= most ? null : "at most " + most + " here";
    }
    if (kind != Kind.AMOUNT) {
      return null;
    }
    long kb = kb((String) value);
    if (kb < leastKb) {
      return "at least " + leastKb + "kB";
    }
    long mostKb = PostgresParameters.mostMib(key(), instance.spec()).orElseThrow() * KB_PER_MIB;
    return kb <= mostKb ? null : "at most " + mostKb / KB_PER_MIB + "MB here";
  }

  /** A valid value as PostgreSQL reads it. */
  String stored(Object value) {
    return switch (kind) {
      case INTEGER -> Long.toString(((Number) value).longValue());
      case NUMBER -> new BigDecimal(value.toString()).toPlainString();
      case SWITCH -> (Boolean) value ? "on" : "off";
      case WORD, AMOUNT -> (String) value;
    };
  }

  /** A stored value in the type it has here. */
  Object shown(String stored) {
    return switch (kind) {
      case INTEGER -> Long.valueOf(stored);
      case NUMBER -> number(stored);
      case SWITCH -> stored.equals("on");
      case WORD, AMOUNT -> stored;
    };
  }

  private static Object number(String stored) {
    BigDecimal number = new BigDecimal(stored);
    // Not a condition of one type: that would make a double of both.
    if (number.stripTrailingZeros().scale() <= 0) {
      return number.longValueExact();
    }
    return number.doubleValue();
  }

  private static long kb(String amount) {
    Matcher form = AMOUNT_FORM.matcher(amount);
    if (!form.matches()) {
      throw new IllegalArgumentException("not an amount: " + amount);
    }
    long count = Long.parseLong(form.group(1));
    return switch (form.group(2)) {
      case "kB" -> count;
      case "MB" -> count * KB_PER_MIB;
      default -> count * KB_PER_MIB * KB_PER_MIB;
    };
  }
}
