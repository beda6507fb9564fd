package mooring.local.pods;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs Pods. Calls for one Pod come one after the other. */
final class Kubelet implements AutoCloseable {
  /** The node that Pods are put on. */
  static final String NODE = "mooring";

  private static final Logger log = LoggerFactory.getLogger(Kubelet.class);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final PodsConfig config;
  private final WorkloadView view;
  private final ObjectWriter writer;
  private final AddressBook addresses;
  private final ContainerKeeper containers;
  private final Map<String, PodRun> runs = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** The consumer is told what to look at again, and when. */
  Kubelet(
      PodsConfig config,
      WorkloadView view,
      ObjectWriter writer,
      VolumeKeeper volumes,
      BiConsumer<Key, Duration> lookAgain) {
    this.config = config;
    this.view = view;
    this.writer = writer;
    addresses = new AddressBook(config);
    LaunchPlanner planner = new LaunchPlanner(config, view, addresses, volumes);
    containers =
        new ContainerKeeper(config, planner, new ServicePublisher(view, writer), lookAgain);
  }

  /** Returns whether there is nothing left to do until something changes. */
  boolean reconcile(String name) {
    Pod pod = view.pod(name);
    PodRun run = runs.get(name);
    if (run != null && (pod == null || !run.uid.equals(pod.getMetadata().getUid()))) {
      end(name, run, PodFacts.grace(pod));
      run = null;
    }
    if (pod == null) {
      forget(name);
      return true;
    }
    if (!NODE.equals(pod.getSpec().getNodeName())) {
      return true;
    }
    if (PodFacts.isEnding(pod)) {
      end(name, run, PodFacts.grace(pod));
      new PodDirectory(config, name).delete();
      writer.deleteAtOnce(pod);
      return true;
    }
    if (run == null) {
      LeftOverProcess.stop(new PodDirectory(config, name));
      run = new PodRun(pod);
      runs.put(name, run);
    }
    boolean done = containers.advance(pod, run);
    report(pod, run);
    return done;
  }

  private void report(Pod pod, PodRun run) {
    String address = addresses.addressOf(pod.getMetadata().getName());
    Map<String, Object> fields = new PodReport(pod, run, address).fields();
    if (closed || fields.equals(run.written)) {
      return;
    }
    writer.status(pod, fields);
    run.written = fields;
  }

  private void end(String name, PodRun run, Duration grace) {
    if (run != null && run.isRunning()) {
      run.process.stop(grace);
      log.atInfo()
          .addKeyValue("pod", name)
          .addKeyValue("pid", run.process.pid())
          .log("The container was stopped");
    }
    LeftOverProcess.stop(new PodDirectory(config, name));
    runs.remove(name);
  }

  /** The Pods that something is kept for, whether or not they are there. */
  Set<String> known() {
    Set<String> names = new TreeSet<>(addresses.pods());
    names.addAll(PodDirectory.names(config));
    return names;
  }

  /** Of a Pod that is gone. */
  private void forget(String name) {
    PodDirectory directory = new PodDirectory(config, name);
    LeftOverProcess.stop(directory);
    directory.delete();
    boolean comesBack =
        SetMember.of(name)
            .map(member -> view.set(member.set()))
            .filter(set -> set.getMetadata().getDeletionTimestamp() == null)
            .isPresent();
    if (!comesBack) {
      addresses.release(name);
    }
  }

  /** Says of every Pod here that it is not ready: what an earlier run said is no longer so. */
  void markNotReady() {
    for (Pod pod : view.pods()) {
      if (NODE.equals(pod.getSpec().getNodeName())) {
        String address = addresses.addressOf(pod.getMetadata().getName());
        writer.status(pod, new PodReport(pod, new PodRun(pod), address).fields());
      }
    }
  }

  /** Stops every process; data and objects stay. */
  @Override
  public void close() {
    closed = true;
    containers.close();
    List<PodProcess> all =
        runs.values().stream().filter(PodRun::isRunning).map(run -> run.process).toList();
    List<ProcessHandle> handles = all.stream().map(PodProcess::handle).toList();
    LeftOverProcess.askToEnd(handles, CLOSE_LIMIT);
    all.forEach(process -> process.stop(Duration.ZERO));
    log.atInfo().addKeyValue("containers", all.size()).log("All containers stopped");
  }
}
