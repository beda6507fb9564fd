package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.reactivex.rxjava3.core.Single;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import mooring.core.Instance;
import mooring.core.InstanceLog;
import mooring.core.LogQuery;
import mooring.core.LogReader;
import mooring.core.Problem;
import mooring.core.ProblemException;

/**
 * The logs of a PostgreSQL's servers: what the kubelets still have of their pods'. On threads of
 * their own, so that nothing else waits for them.
 */
public final class PodLogs implements LogReader, AutoCloseable {
  private static final String CONTAINER = "postgres";
  private static final int RETRY_SECONDS = 5;

  /** For all servers of a database. */
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** The newest lines are asked for by number where nothing newer is to be left out. */
  private static final int TAIL_LINES = 50_000;

  private static final Duration LATELY = Duration.ofMinutes(1);

  private final KubernetesClient client;
  private final String namespace;
  private final BlockingCalls calls = new BlockingCalls();

  PodLogs(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  @Override
  public Single<List<InstanceLog>> read(Instance instance, LogQuery query) {
    return calls
        .call(() -> readAll(instance, query))
        .onErrorResumeNext(
            error ->
                Single.error(
                    new ProblemException(
                        new Problem.Unavailable("the logs cannot be read now", RETRY_SECONDS))));
  }

  private List<InstanceLog> readAll(Instance instance, LogQuery query) throws IOException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    List<InstanceLog> logs = new ArrayList<>();
    for (String server : servers(instance)) {
      List<InstanceLog.Line> lines = read(server, query, deadline);
      if (lines != null) {
        logs.add(new InstanceLog(server, lines));
      }
    }
    return logs;
  }

  /** As CloudNativePG names them; a name of another form is no pod's. */
  private List<String> servers(Instance instance) {
    GenericKubernetesResource cluster =
        client
            .genericKubernetesResources(PostgresCluster.RESOURCE)
            .inNamespace(namespace)
            .withName(PostgresCluster.name(instance))
            .get();
    List<String> names = new ArrayList<>();
    if (cluster != null
        && Labels.belongs(cluster, instance.id())
        && cluster.get("status", "instanceNames") instanceof List<?> all) {
      String own = PostgresCluster.name(instance) + "-";
      for (Object name : all) {
        if (String.valueOf(name).startsWith(own)) {
          names.add(String.valueOf(name));
        }
      }
    }
    return names;
  }

  /** Null where there is no such pod. */
  private List<InstanceLog.Line> read(String pod, LogQuery query, long deadline)
      throws IOException {
    var since =
        client
            .pods()
            .inNamespace(namespace)
            .withName(pod)
            .inContainer(CONTAINER)
            .usingTimestamps()
            .sinceTime(query.start().toString());
    try (InputStream log =
        query.newestFirst() && query.end().isAfter(Instant.now().minus(LATELY))
            ? since.tailingLines(TAIL_LINES).getLogInputStream()
            : since.getLogInputStream()) {
      return log == null ? null : new LogLines(query).read(log, deadline);
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND
          || e.getCode() == HttpURLConnection.HTTP_BAD_REQUEST) {
        return null; // it is not there, or has not started yet
      }
      throw e;
    }
  }

  @Override
  public void close() {
    calls.close();
  }
}
