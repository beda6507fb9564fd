package mooring.core;

import java.util.Locale;

/** When a connection pooler gives a server's connection to another client. */
public enum PoolMode {
  /** After each transaction. */
  TRANSACTION,
  /** When the client disconnects. */
  SESSION;

  /** As PgBouncer and the APIs write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The mode that a word stands for. */
  public static PoolMode of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
