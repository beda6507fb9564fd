package mooring;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The PostgreSQL servers among the processes of this machine, without what they have forked. */
public final class Postmasters {
  private Postmasters() {}

  /**
   * A server, by what was read of it in one go: it may end at any moment.
   *
   * @param data its data directory
   * @param parent null when there is none, or it had ended before that was read
   */
  public record Postmaster(ProcessHandle process, Path data, ProcessHandle parent) {}

  /** Those that run on certain data directories. */
  public static Stream<Postmaster> on(Predicate<Path> data) {
    List<Postmaster> all =
        ProcessHandle.allProcesses()
            .flatMap(Postmasters::read)
            .filter(server -> data.test(server.data))
            // What has ended before its parent was read has none, though it was no server.
            .filter(server -> server.process.isAlive())
            .toList();
    Set<ProcessHandle> processes =
        all.stream().map(Postmaster::process).collect(Collectors.toSet());
    // What a server has just forked looks like the server until it has said what it is.
    return all.stream().filter(server -> !processes.contains(server.parent));
  }

  private static Stream<Postmaster> read(ProcessHandle process) {
    List<String> arguments = process.info().arguments().map(List::of).orElse(List.of());
    boolean postgres =
        process.info().command().filter(path -> path.endsWith("/postgres")).isPresent();
    int option = arguments.indexOf("-D");
    // With -C it only judges settings and is gone at once.
    boolean server =
        postgres && !arguments.contains("-C") && option >= 0 && option + 1 < arguments.size();
    return server
        ? Stream.of(
            new Postmaster(
                process, Path.of(arguments.get(option + 1)), process.parent().orElse(null)))
        : Stream.empty();
  }
}
