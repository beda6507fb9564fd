package mooring.local.postgres;

import java.util.List;

/**
 * Keeps a server out of the terminal's reach. Ctrl-C signals every process of the terminal's
 * foreground group; a server has to go on until this program has finished what it is doing, so it
 * gets a session of its own by {@code setsid}. That replaces itself by the program (it would fork
 * only if it led a process group, which a child started from here never does), so the process stays
 * PostgreSQL's own. Where there is no {@code setsid} the servers stay in the group.
 */
public final class OwnSession {
  private static final List<String> SETSID = List.of("setsid");

  private OwnSession() {}

  /** Returns the words to put before a command. */
  public static List<String> commandPrefix() {
    return Holder.PREFIX;
  }

  /** Asked once, on first use. */
  private static final class Holder {
    static final List<String> PREFIX = Trial.succeeds(SETSID) ? SETSID : List.of();
  }
}
