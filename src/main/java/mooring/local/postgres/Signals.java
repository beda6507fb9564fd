package mooring.local.postgres;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Sends the signals that PostgreSQL's postmaster understands; Java itself knows only two. */
public enum Signals {
  /** Read the configuration files again. */
  HUP,
  /** Fast shutdown: disconnect clients, write a checkpoint, exit. */
  INT,
  /** Immediate shutdown: exit at once, recover at the next start. */
  QUIT,
  /** The kernel ends the process. */
  KILL;

  /** Processes that are gone already are passed over. */
  public void send(Collection<Long> pids) {
    if (pids.isEmpty()) {
      return;
    }
    List<String> command = new ArrayList<>(List.of("sh", "-c", "kill -\"$@\" 2>/dev/null", "sh"));
    command.add(name());
    pids.forEach(pid -> command.add(Long.toString(pid)));
    try {
      Process kill = new ProcessBuilder(command).start();
      if (!kill.waitFor(5, TimeUnit.SECONDS)) {
        kill.destroyForcibly();
      }
    } catch (IOException e) {
      throw new PostgresException("cannot send a signal", e);
    } catch (InterruptedException e) {
      // It was sent; only the wait for it ended early.
      Thread.currentThread().interrupt();
    }
  }

  /** The same for one. */
  public void send(long pid) {
    send(List.of(pid));
  }

  /**
   * A server's process and all that it has forked now. Where the server hangs they may hang too,
   * and would not notice its end: it takes a signal to each.
   */
  public static Stream<Long> family(ProcessHandle server) {
    return Stream.concat(Stream.of(server), server.descendants()).map(ProcessHandle::pid);
  }
}
