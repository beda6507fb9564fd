package mooring.local.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import mooring.local.postgres.Directories;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs Pods that are to come to an end, with PostgreSQL's programs of this machine. One whose end
 * nobody has heard of is run again. Calls for one Pod come one after the other.
 */
final class TaskKeeper implements AutoCloseable {
  /** Where they are put; the others' node does not know them. */
  static final String NODE = "mooring-tasks";

  private static final Logger log = LoggerFactory.getLogger(TaskKeeper.class);
  private static final String TERMINATION_MESSAGE = "/dev/termination-log";
  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

  private final PodsConfig config;
  private final WorkloadView view;
  private final ObjectWriter writer;
  private final ContainerEnvironment environments;
  private final BiConsumer<Key, Duration> lookAgain;
  private final Map<String, Run> runs = new ConcurrentHashMap<>();
  private volatile boolean closed;

  private record Run(String uid, PodProcess process, Set<String> secrets) {}

  /** The consumer is told what to look at again, and when. */
  TaskKeeper(
      PodsConfig config,
      WorkloadView view,
      ObjectWriter writer,
      BiConsumer<Key, Duration> lookAgain) {
    this.config =
        new PodsConfig(
            config.directory().resolve("tasks"),
            config.namespace(),
            config.searchPath(),
            config.longestBackOff());
    this.view = view;
    this.writer = writer;
    this.environments = new ContainerEnvironment(view);
    this.lookAgain = lookAgain;
  }

  private static boolean isTask(Pod pod) {
    String node = pod.getSpec().getNodeName();
    return "Never".equals(pod.getSpec().getRestartPolicy())
        && (node == null || node.isEmpty() || node.equals(NODE));
  }

  /** Returns whether there is nothing left to do until something changes. */
  boolean reconcile(String name) {
    Pod pod = view.pod(name);
    Run run = runs.get(name);
    boolean ending = pod != null && PodFacts.isEnding(pod);
    if (run != null && (pod == null || ending || !run.uid.equals(pod.getMetadata().getUid()))) {
      run.process.stop(Duration.ZERO);
      runs.remove(name);
      run = null;
    }
    if (pod == null || (ending && isTask(pod))) {
      forget(name);
      if (ending) {
        writer.deleteAtOnce(pod);
      }
      return true;
    }
    if (!isTask(pod) || closed) {
      return true;
    }
    if (isOver(pod)) {
      runs.remove(name); // not before: until that is seen, it would be run again
      return true;
    }
    if (!NODE.equals(pod.getSpec().getNodeName())) {
      writer.bind(pod, NODE);
      return true; // the change is on the way to us
    }
    return run == null ? start(pod) : watch(pod, run);
  }

  private static boolean isOver(Pod pod) {
    return pod.getStatus() != null && ENDED.contains(pod.getStatus().getPhase());
  }

  private void forget(String name) {
    PodDirectory directory = new PodDirectory(config, name);
    LeftOverProcess.stop(directory);
    directory.delete();
  }

  private boolean start(Pod pod) {
    String name = pod.getMetadata().getName();
    PodDirectory directory = new PodDirectory(config, name);
    LeftOverProcess.stop(directory);
    try {
      Launch launch = launch(pod, directory);
      Run run =
          new Run(
              pod.getMetadata().getUid(), PodProcess.start(launch, directory), launch.secrets());
      runs.put(name, run);
      if (closed) { // while it started
        run.process.stop(Duration.ZERO);
        return true;
      }
      run.process.whenExited(() -> lookAgain.accept(Key.pod(name), Duration.ZERO));
      log.atInfo()
          .addKeyValue("pod", name)
          .addKeyValue("pid", run.process.pid())
          .log("The task runs");
      writer.status(pod, TaskReport.running(pod, run.process.startedAt()));
      return true;
    } catch (WaitingException e) {
      writer.status(pod, TaskReport.waiting(pod, e));
      return false;
    }
  }

  private boolean watch(Pod pod, Run run) {
    if (run.process.isAlive() || closed) { // what is ended by us has not come to its end
      return true;
    }
    String name = pod.getMetadata().getName();
    String said = said(new PodDirectory(config, name), run.secrets);
    int code = run.process.exitCode();
    writer.status(pod, TaskReport.ended(pod, run.process.startedAt(), code, said));
    log.atInfo().addKeyValue("pod", name).addKeyValue("exitCode", code).log("The task has ended");
    return true;
  }

  private Launch launch(Pod pod, PodDirectory directory) {
    Container container = pod.getSpec().getContainers().get(0);
    if (!HostImages.isPostgres(container.getImage())) {
      throw new WaitingException(
          WaitingException.IMAGE,
          "the embedded default does not run the image " + container.getImage());
    }
    if (pod.getSpec().getContainers().size() != 1 || !pod.getSpec().getInitContainers().isEmpty()) {
      throw new WaitingException(
          WaitingException.CONFIG, "the embedded default runs Pods of one container only");
    }
    directory.clearFiles();
    try {
      Directories.writePrivately(result(directory), "");
    } catch (IOException e) {
      throw new PodsException("cannot write " + result(directory), e);
    }
    Translation translation =
        new Translation(
            Map.of(
                Objects.requireNonNullElse(
                    container.getTerminationMessagePath(), TERMINATION_MESSAGE),
                result(directory)),
            this::address);
    Map<String, String> environment =
        new LinkedHashMap<>(environments.of(pod, container, "127.0.0.1", translation));
    Set<String> secrets =
        container.getEnv().stream()
            .filter(variable -> variable.getValueFrom() != null)
            .map(EnvVar::getName)
            .map(environment::get)
            .filter(value -> value != null && !value.isBlank())
            .collect(Collectors.toSet());
    List<String> command = new ArrayList<>(container.getCommand());
    command.addAll(container.getArgs());
    command.replaceAll(word -> Translation.expand(word, environment));
    environment.put("PATH", config.searchPath());
    environment.put("HOME", directory.path().toString());
    environment.put("LC_ALL", "C");
    return new Launch(
        command,
        environment,
        directory.path(),
        new Listening(List.of("127.0.0.1"), 0),
        translation,
        secrets);
  }

  /** There are no names of Services here: one stands for its address. */
  private String address(String text) {
    return view.service(text).flatMap(ClientAddress::of).map(ClientAddress::host).orElse(text);
  }

  private static Path result(PodDirectory directory) {
    return directory.path().resolve("result");
  }

  private static String said(PodDirectory directory, Set<String> secrets) {
    String text;
    try {
      text = Files.readString(result(directory));
    } catch (IOException e) {
      return "";
    }
    for (String secret : secrets) {
      text = text.replace(secret, "***");
    }
    return text;
  }

  /** The Pods that something is kept for, whether or not they are there. */
  Set<String> known() {
    return new TreeSet<>(PodDirectory.names(config));
  }

  /** Ends what runs; it is run again by whoever comes next. */
  @Override
  public void close() {
    closed = true;
    runs.values().forEach(run -> run.process.stop(Duration.ZERO));
  }
}
