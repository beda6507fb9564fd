package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Servers that the embedded default runs with the programs of this machine. */
final class HostServers {
  private HostServers() {}

  /** Until none works below a data directory; a probe may outlive its server for a moment. */
  static void awaitNone(Path data) {
    await().untilAsserted(() -> assertThat(below(data)).isEmpty());
  }

  /** The processes that work below a data directory, but PostgreSQL's. */
  private static List<ProcessHandle> below(Path data) {
    return ProcessHandle.allProcesses()
        .filter(process -> worksIn(process, data))
        .filter(
            process ->
                process.info().command().filter(path -> path.endsWith("/postgres")).isEmpty())
        .toList();
  }

  private static boolean worksIn(ProcessHandle process, Path directory) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"))
          .startsWith(directory);
    } catch (IOException e) {
      return false;
    }
  }
}
