package mooring.local.control;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.spi.LoggingEventBuilder;

/** An API server that does not answer, or says that it cannot for now, as on a full disk. */
public final class Outage {
  private Outage() {}

  /** Adds to a log line why something failed; of an outage no trace, which helps nobody then. */
  public static LoggingEventBuilder cause(LoggingEventBuilder line, RuntimeException failure) {
    if (!(failure instanceof KubernetesClientException answer)) {
      return line.addKeyValue("cause", failure.getMessage()).setCause(failure);
    }
    if (answer.getCode() == HttpURLConnection.HTTP_UNAVAILABLE) {
      return line.addKeyValue("cause", failure.getMessage());
    }
    if (failure.getCause() instanceof IOException) {
      // The ones further down tell more, such as that nothing listens.
      String causes =
          Stream.iterate(failure.getCause(), Objects::nonNull, Throwable::getCause)
              .map(Throwable::toString)
              .collect(Collectors.joining(": "));
      return line.addKeyValue("cause", causes);
    }
    return line.addKeyValue("cause", failure.getMessage()).setCause(failure);
  }
}
