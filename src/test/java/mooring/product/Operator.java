package mooring.product;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import mooring.local.operator.OperatorMain;

/** The embedded operator as a process of its own, against any Kubernetes API. */
final class Operator {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final Workplace place;
  private final Path kubeconfig;
  private final String namespace;
  private final Path directory;

  /** One that is not started yet. */
  Operator(Workplace place, Path kubeconfig, String namespace) {
    this.place = place;
    this.kubeconfig = kubeconfig;
    this.namespace = namespace;
    this.directory = place.directory("operator/state");
    try {
      Files.createDirectories(Workplace.binaries());
      Files.createSymbolicLink(directory.resolve("binaries"), Workplace.binaries());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void start() {
    Child child =
        place.closing(
            Child.java(
                "operator",
                directory.getParent(),
                Map.of(),
                List.of(
                    "-cp",
                    Child.JAR.toString(),
                    OperatorMain.class.getName(),
                    kubeconfig.toString(),
                    namespace,
                    directory.toString())));
    child.awaitOutput("The operator runs", START_LIMIT);
  }
}
