package mooring.local.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the container of a Pod, watches it, and starts it again when it has ended. */
final class ContainerKeeper implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ContainerKeeper.class);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final PodsConfig config;
  private final LaunchPlanner planner;
  private final ServicePublisher services;
  private final ProbeRunner probes;
  private final BiConsumer<Key, Duration> lookAgain;
  private volatile boolean closed;

  /** The consumer is told what to look at again, and when. */
  ContainerKeeper(
      PodsConfig config,
      LaunchPlanner planner,
      ServicePublisher services,
      BiConsumer<Key, Duration> lookAgain) {
    this.config = config;
    this.planner = planner;
    this.services = services;
    this.lookAgain = lookAgain;
    probes = new ProbeRunner(new HostPrograms(config.searchPath()));
  }

  /** Returns whether there is nothing left to do until something changes. */
  boolean advance(Pod pod, PodRun run) {
    PodDirectory directory = new PodDirectory(config, pod.getMetadata().getName());
    if (run.process != null && !run.process.isAlive()) {
      noteEnd(pod, run, directory);
    }
    if (run.isRunning() && !run.launch.listening().covers(planner.listening(pod))) {
      run.process.stop(PodFacts.grace(pod));
      run.stopped();
    }
    if (!run.isRunning()) {
      return start(pod, run, directory);
    }
    watch(pod, run, directory);
    return true;
  }

  private void noteEnd(Pod pod, PodRun run, PodDirectory directory) {
    run.ended(directory.lastWords(run.launch.secrets()), config.longestBackOff());
    Duration delay = run.backOff(config.longestBackOff());
    run.waiting(
        "CrashLoopBackOff",
        "back-off %ds restarting failed container=%s pod=%s_%s(%s)"
            .formatted(
                delay.toSeconds(),
                pod.getSpec().getContainers().get(0).getName(),
                pod.getMetadata().getName(),
                pod.getMetadata().getNamespace(),
                run.uid));
    log.atWarn()
        .addKeyValue("pod", pod.getMetadata().getName())
        .addKeyValue("exitCode", run.lastEnd.exitCode())
        .addKeyValue("reason", run.lastEnd.message())
        .log("The container ended by itself");
  }

  private boolean start(Pod pod, PodRun run, PodDirectory directory) {
    if (run.hasToWait()) {
      lookAgain.accept(Key.pod(pod.getMetadata().getName()), run.untilStart());
      return true;
    }
    if (closed) {
      return true;
    }
    try {
      Launch launch = planner.plan(pod, directory);
      PodProcess process = PodProcess.start(launch, directory);
      Container container = pod.getSpec().getContainers().get(0);
      run.started(launch, process, new Health(container, process.startedAt()));
      if (closed) { // while it started
        process.stop(CLOSE_LIMIT);
        return true;
      }
    } catch (WaitingException e) {
      boolean again =
          e.reason().equals(WaitingException.IMAGE) && e.getMessage().equals(run.waitingMessage);
      run.waiting(again ? WaitingException.IMAGE_AGAIN : e.reason(), e.getMessage());
      return false;
    }
    String name = pod.getMetadata().getName();
    run.process.whenExited(() -> lookAgain.accept(Key.pod(name), Duration.ZERO));
    lookAgain.accept(Key.pod(name), run.health.untilNextLook(Instant.now()));
    log.atInfo()
        .addKeyValue("pod", name)
        .addKeyValue("addresses", run.launch.listening().addresses())
        .addKeyValue("port", run.launch.listening().port())
        .addKeyValue("pid", run.process.pid())
        .log("The container runs");
    return true;
  }

  private void watch(Pod pod, PodRun run, PodDirectory directory) {
    HostImage image = HostImages.of(pod.getSpec().getContainers().get(0).getImage());
    boolean alive =
        run.health.look(probe -> probes.succeeds(probe, image, run.launch), Instant.now());
    directory.limitLog();
    if (!alive) {
      log.atWarn()
          .addKeyValue("pod", pod.getMetadata().getName())
          .log("The container does not answer its probe; it is started again");
      run.process.stop(PodFacts.grace(pod)); // its end is noted as any other
      return;
    }
    if (run.isReady()) {
      services.publish(pod);
    }
    lookAgain.accept(Key.pod(pod.getMetadata().getName()), run.health.untilNextLook(Instant.now()));
  }

  /** Starts nothing any more. */
  @Override
  public void close() {
    closed = true;
  }
}
