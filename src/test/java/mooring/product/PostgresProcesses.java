package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The PostgreSQL servers that run on data below a directory, whoever started them. */
final class PostgresProcesses {
  private final Path directory;

  PostgresProcesses(Path directory) {
    this.directory = directory.toAbsolutePath().normalize();
  }

  /**
   * A server, by what was read of it in one go: it may end at any moment.
   *
   * @param parent null for one that nobody has heard of
   */
  private record Seen(ProcessHandle process, String data, ProcessHandle parent) {}

  /** How many servers run, by data directory. */
  Map<String, Long> serversByDirectory() {
    return servers()
        .collect(Collectors.groupingBy(Seen::data, TreeMap::new, Collectors.counting()));
  }

  /** The process ids and data directories of all that run. */
  List<String> running() {
    return servers().map(server -> server.process.pid() + " " + server.data).toList();
  }

  /** The process ids of all that run. */
  List<Long> ids() {
    return servers().map(server -> server.process.pid()).toList();
  }

  /** SIGKILL to every server. */
  void killAll() {
    List<ProcessHandle> all = servers().map(Seen::process).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(process -> process.onExit().join());
  }

  /** SIGKILL to the one server on a data directory. */
  void kill(Path data) {
    List<ProcessHandle> all =
        servers().filter(server -> server.data.equals(data.toString())).map(Seen::process).toList();
    assertThat(all).hasSize(1);
    assertThat(all.get(0).destroyForcibly()).isTrue();
  }

  private Stream<Seen> servers() {
    List<Seen> all =
        ProcessHandle.allProcesses()
            .map(
                process -> new Seen(process, dataDirectory(process), process.parent().orElse(null)))
            .filter(seen -> !seen.data.isEmpty())
            // What has ended before its parent was read has none, though it was no server.
            .filter(seen -> seen.process.isAlive())
            .toList();
    Set<ProcessHandle> servers = all.stream().map(Seen::process).collect(Collectors.toSet());
    // What a server has just forked looks like the server until it has said what it is.
    return all.stream().filter(seen -> !servers.contains(seen.parent));
  }

  private String dataDirectory(ProcessHandle process) {
    List<String> arguments = process.info().arguments().map(List::of).orElse(List.of());
    boolean postgres =
        process.info().command().filter(path -> path.endsWith("/postgres")).isPresent();
    int option = arguments.indexOf("-D");
    // With -C it only judges settings and is gone at once.
    boolean server = postgres && !arguments.contains("-C");
    if (!server || option < 0 || option + 1 >= arguments.size()) {
      return "";
    }
    Path data = Path.of(arguments.get(option + 1));
    return data.startsWith(directory) ? data.toString() : "";
  }
}
