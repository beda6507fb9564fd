package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mooring.Postmasters;
import mooring.Postmasters.Postmaster;

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
                server -> server.data().toString(), TreeMap::new, Collectors.counting()));
  }

  /** The process ids and data directories of all that run. */
  List<String> running() {
    return servers().map(server -> server.process().pid() + " " + server.data()).toList();
  }

  /** The process ids of all that run. */
  List<Long> ids() {
    return servers().map(server -> server.process().pid()).toList();
  }

  /** SIGKILL to every server. */
  void killAll() {
    List<ProcessHandle> all = servers().map(Postmaster::process).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(process -> process.onExit().join());
  }

  /** SIGKILL to the one server on a data directory. */
  void kill(Path data) {
    List<ProcessHandle> all = Postmasters.on(data::equals).map(Postmaster::process).toList();
    assertThat(all).hasSize(1);
    assertThat(all.get(0).destroyForcibly()).isTrue();
  }

  private Stream<Postmaster> servers() {
    return Postmasters.on(data -> data.startsWith(directory));
  }
}
