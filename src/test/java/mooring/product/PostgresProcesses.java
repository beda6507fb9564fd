package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The PostgreSQL servers that run on data below a directory, whoever started them. */
final class PostgresProcesses {
  private final Path directory;

  PostgresProcesses(Path directory) {
    this.directory = directory.toAbsolutePath().normalize();
  }

  /** How many servers run, by data directory. */
  Map<String, Long> serversByDirectory() {
    return servers()
        .collect(
            Collectors.groupingBy(
                process -> dataDirectory(process), TreeMap::new, Collectors.counting()));
  }

  /** The command lines of all that run. */
  List<String> running() {
    return servers().map(process -> process.pid() + " " + dataDirectory(process)).toList();
  }

  /** The process ids of all that run. */
  List<Long> ids() {
    return servers().map(ProcessHandle::pid).toList();
  }

  /** SIGKILL to every server. */
  void killAll() {
    List<ProcessHandle> all = servers().toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(process -> process.onExit().join());
  }

  /** SIGKILL to the one server on a data directory. */
  void kill(Path data) {
    List<ProcessHandle> all =
        servers().filter(process -> dataDirectory(process).equals(data.toString())).toList();
    assertThat(all).hasSize(1);
    assertThat(all.get(0).destroyForcibly()).isTrue();
  }

  private Stream<ProcessHandle> servers() {
    List<ProcessHandle> all =
        ProcessHandle.allProcesses()
            .filter(ProcessHandle::isAlive)
            .filter(process -> !dataDirectory(process).isEmpty())
            .toList();
    // What a server has just forked looks like the server until it has said what it is.
    return all.stream().filter(process -> process.parent().filter(all::contains).isEmpty());
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
