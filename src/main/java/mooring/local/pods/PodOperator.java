package mooring.local.pods;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import mooring.local.control.WorkQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the StatefulSets of one namespace, and Pods that are to come to an end, as processes of this
 * machine. For the embedded Kubernetes API only: a cluster has controllers and kubelets of its own.
 * All its work is done on threads of its own.
 */
public final class PodOperator implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PodOperator.class);

  private final PodsConfig config;
  private final WorkloadView view;
  private final VolumeKeeper volumes;
  private final StatefulSetController sets;
  private final Kubelet kubelet;
  private final TaskKeeper tasks;
  private final WorkQueue queue;
  private volatile boolean open;

  /**
   * Starts nothing yet.
   *
   * @param client the door to the API server, with {@code onlyHttpWatches}; stays the caller's
   * @param config what to work with; nobody else may work in its directory
   */
  public PodOperator(KubernetesClient client, PodsConfig config) {
    this.config = config;
    ObjectWriter writer = new ObjectWriter(client);
    view = new WorkloadView(client, config.namespace(), this::changed);
    volumes = new VolumeKeeper(config, view, writer);
    sets = new StatefulSetController(view, writer);
    kubelet = new Kubelet(config, view, writer, volumes, this::lookAgain);
    tasks = new TaskKeeper(config, view, writer, this::lookAgain);
    queue = new WorkQueue(key -> reconcile(Key.parse(key)));
  }

  /**
   * Reads what there is.
   *
   * @return completed when no status claims a container that does not run; none is started before
   *     {@link #begin}
   */
  public CompletionStage<Void> start() {
    return view.start()
        .thenRunAsync(
            () -> {
              kubelet.markNotReady();
              sets.markNotReady();
            },
            queue::execute);
  }

  /** Begins to work. */
  public void begin() {
    volumes.reportAbandoned();
    open = true;
    kubelet.known().forEach(name -> changed(Key.pod(name)));
    tasks.known().forEach(name -> changed(Key.pod(name)));
    names(view.pods()).forEach(name -> changed(Key.pod(name)));
    names(view.claims()).forEach(name -> changed(Key.claim(name)));
    names(view.sets()).forEach(name -> changed(Key.set(name)));
    log.atInfo()
        .addKeyValue("namespace", config.namespace())
        .addKeyValue("statefulSets", view.sets().size())
        .log("The embedded kubelet runs");
  }

  private static List<String> names(List<? extends HasMetadata> objects) {
    return objects.stream().map(object -> object.getMetadata().getName()).toList();
  }

  private void changed(Key key) {
    if (open) { // everything is looked at once it is
      queue.add(key.toString());
    }
  }

  private void lookAgain(Key key, Duration delay) {
    if (open) {
      queue.addLater(key.toString(), delay);
    }
  }

  private boolean reconcile(Key key) {
    return switch (key.kind()) {
      case SET -> {
        if (view.set(key.name()) == null) {
          membersOf(key.name()).forEach(name -> changed(Key.pod(name)));
        }
        yield sets.reconcile(key.name());
      }
      case POD -> {
        boolean task = tasks.reconcile(key.name());
        yield kubelet.reconcile(key.name()) && task;
      }
      case CLAIM -> volumes.reconcile(key.name());
    };
  }

  /** Nothing else tells of those that were gone before their StatefulSet. */
  private Stream<String> membersOf(String set) {
    return kubelet.known().stream()
        .filter(name -> SetMember.of(name).filter(member -> member.set().equals(set)).isPresent());
  }

  /** Stops every container's process, within 8 s; data and objects stay. */
  @Override
  public void close() {
    open = false;
    view.close();
    queue.close();
    tasks.close();
    kubelet.close();
    // Work that was starting or stopping a process when it was interrupted ends what it began.
    queue.awaitEnd(Duration.ofSeconds(2));
  }
}
