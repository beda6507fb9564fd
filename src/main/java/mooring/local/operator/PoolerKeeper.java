package mooring.local.operator;

import static mooring.local.control.InformerHandlers.each;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mooring.local.control.WorkQueue;
import mooring.local.postgres.PostgresException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a PgBouncer for each Pooler, when there is one on the path. */
final class PoolerKeeper implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PoolerKeeper.class);
  private static final String PROGRAM = "pgbouncer";
  static final String SELECTED_BY = "cnpg.io/poolerName";

  /** Users and passwords change without an event. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  /** For one that ends again and again. */
  private static final Duration RESTART_DELAY = Duration.ofSeconds(1);

  /** Well within the time that the change of a password has. */
  private static final Duration PASSWORDS_LIMIT = Duration.ofSeconds(3);

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  private final OperatorConfig config;
  private final PoolerDirectories directories;
  private final PoolerStatus status;
  private final PoolerServices own;
  private final KubernetesView view;
  private final ServerFleet fleet;
  private final String searchPath;
  private final SharedIndexInformer<GenericKubernetesResource> poolers;
  private final SharedIndexInformer<Service> services;
  private final Map<String, PoolerProcess> processes = new ConcurrentHashMap<>();
  private final WorkQueue queue = new WorkQueue(this::reconcile);
  private volatile boolean open;

  PoolerKeeper(
      KubernetesClient client,
      OperatorConfig config,
      KubernetesView view,
      ServerFleet fleet,
      String searchPath) {
    directories = new PoolerDirectories(config);
    status = new PoolerStatus(client, config.namespace());
    own = new PoolerServices(client);
    this.config = config;
    this.view = view;
    this.fleet = fleet;
    this.searchPath = searchPath == null ? "" : searchPath;
    poolers =
        client
            .genericKubernetesResources(CustomResources.POOLERS)
            .inNamespace(config.namespace())
            .runnableInformer(0);
    services = client.services().inNamespace(config.namespace()).runnableInformer(0);
    poolers.addEventHandler(each(pooler -> changed(pooler.getMetadata().getName())));
    services.addEventHandler(each(service -> selected(service).ifPresent(this::changed)));
  }

  /** Completes when every kind has been listed; goes on trying while the API server is away. */
  CompletableFuture<Void> start() {
    return CompletableFuture.allOf(
        Stream.of(poolers, services)
            .map(informer -> informer.exceptionHandler((started, failure) -> true).start())
            .map(stage -> stage.toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }

  /** Begins to work, with an end of what earlier runs have left. */
  void begin() {
    List<String> left = directories.stopLeftOvers(); // also where none is to run now
    // Whatever was said before, none runs yet that is known of here.
    poolers.getIndexer().list().forEach(this::reportNone);
    open = true;
    left.forEach(this::changed);
    lookAtAll();
    queue.every(LOOK_AGAIN, this::lookAtAll);
  }

  private void reportNone(GenericKubernetesResource pooler) {
    try {
      status.inactive(pooler, null);
    } catch (KubernetesClientException e) { // the others, and the servers, do not depend on it
      log.atWarn()
          .addKeyValue("pooler", pooler.getMetadata().getName())
          .setCause(e)
          .log("A status could not be written");
    }
  }

  private void lookAtAll() {
    poolers.getIndexer().list().forEach(pooler -> changed(pooler.getMetadata().getName()));
  }

  /** Its server may have been started anew, with other verifiers. */
  void clusterChanged(String cluster) {
    of(cluster).forEach(pooler -> changed(pooler.getMetadata().getName()));
  }

  private List<GenericKubernetesResource> of(String cluster) {
    return poolers.getIndexer().list().stream()
        .filter(pooler -> cluster.equals(PoolerSpec.cluster(pooler)))
        .toList();
  }

  /**
   * Has those that run take the passwords that a Cluster's server has now; returns then. One that
   * takes long is not waited for.
   */
  void passwordsChanged(String cluster) {
    if (!open) {
      return;
    }
    CompletableFuture<?>[] all =
        of(cluster).stream()
            .map(pooler -> pooler.getMetadata().getName())
            .map(name -> CompletableFuture.runAsync(() -> takePasswords(name), queue::execute))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(all)
        .completeOnTimeout(null, PASSWORDS_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  private void takePasswords(String name) {
    PoolerProcess running = processes.get(name);
    try {
      if (running != null && running.isAlive()) {
        boolean unused = running.reload(() -> files(name));
      }
    } catch (NotReadyException | PostgresException e) {
      changed(name); // which says why, if it is still so
    }
  }

  private void changed(String pooler) {
    if (open) {
      queue.add(pooler);
    }
  }

  private GenericKubernetesResource pooler(String name) {
    return poolers.getIndexer().getByKey(config.namespace() + "/" + name);
  }

  private boolean reconcile(String name) {
    GenericKubernetesResource pooler = pooler(name);
    if (pooler == null || pooler.isMarkedForDeletion()) {
      remove(name);
      return true;
    }
    try {
      own.ensure(pooler, services.getIndexer().getByKey(config.namespace() + "/" + name));
      PoolerSpec spec = PoolerSpec.of(pooler);
      if (spec.instances() == 0) {
        stop(name);
        PoolerProcess.stopLeftOver(directories.of(name));
        status.inactive(pooler, null);
        return true;
      }
      run(name, spec.cluster());
      status.active(pooler);
    } catch (NotReadyException e) {
      if (!goesOn(name)) {
        status.inactive(pooler, e.getMessage());
      }
      return false;
    } catch (PostgresException e) {
      // Clients of one that runs go on as they were, but what is new is not had.
      if (open && (!goesOn(name) || !PoolerStatus.observed(pooler))) {
        status.failed(pooler, e.getMessage());
      }
      return false;
    }
    return true;
  }

  /** One that runs goes on while its server is being restarted. */
  private boolean goesOn(String name) {
    PoolerProcess running = processes.get(name);
    return !open || (running != null && running.isAlive());
  }

  private void run(String name, String cluster) {
    Path program =
        program()
            .orElseThrow(
                () ->
                    new PostgresException(
                        "there is no pgbouncer on the PATH: install it, or use a cluster"));
    if (!isReady(cluster)) { // its roles may be given their passwords just now
      throw notYet("the server of " + cluster + " is not ready");
    }
    PoolerProcess running = processes.get(name);
    if (running != null && running.isAlive() && running.reload(() -> files(name))) {
      return;
    }
    PoolerFiles wanted = files(name);
    stop(name);
    PoolerProcess started = PoolerProcess.start(program, directories.of(name), wanted);
    processes.put(name, started);
    if (!open) { // while it started
      stop(name);
      throw notYet("the operator is closed");
    }
    started.whenExited(() -> queue.addLater(name, RESTART_DELAY));
    log.atInfo()
        .addKeyValue("pooler", name)
        .addKeyValue("host", wanted.host())
        .addKeyValue("port", wanted.port())
        .log("PgBouncer runs");
  }

  /** As the object is now: whoever waited for the one who wrote before may have seen another. */
  private PoolerFiles files(String name) {
    GenericKubernetesResource pooler = pooler(name);
    if (pooler == null) {
      throw notYet("it is gone");
    }
    PoolerSpec spec = PoolerSpec.of(pooler);
    String cluster = spec.cluster();
    ClientService at =
        services.getIndexer().list().stream()
            .filter(service -> selected(service).filter(name::equals).isPresent())
            .flatMap(service -> ClientService.of(service).stream())
            .findFirst()
            .orElseThrow(() -> notYet("no Service with an address selects it yet"));
    List<String> allowed = ClientRules.allowed(view.policiesOf(cluster));
    PoolerSpec within = spec.within(allowed);
    try {
      return fleet.connect(
          cluster,
          (server, password) -> {
            if (allowed != null && !ClientRules.letsPoolersIn(server.clientRules())) {
              throw notYet("the server of " + cluster + " does not let poolers in yet");
            }
            try (Administration session = Administration.open(server, password)) {
              InstanceFiles files = fleet.files(cluster);
              return PoolerFiles.of(at, server, files, within, session.verifiers());
            }
          });
    } catch (PostgresException e) { // a server that does not answer is no fault of the pooler's
      throw notYet(e.getMessage());
    }
  }

  private static NotReadyException notYet(String reason) {
    return new NotReadyException(Phase.WAITING_FOR_INSTANCES, reason);
  }

  private boolean isReady(String name) {
    GenericKubernetesResource cluster = view.cluster(name);
    return cluster != null
        && cluster.get("status", "instancesStatus", "healthy") instanceof List<?> healthy
        && healthy.contains(cluster.get("status", "currentPrimary"));
  }

  private void stop(String name) {
    PoolerProcess running = processes.remove(name);
    if (running != null) {
      running.stop();
    }
  }

  private void remove(String name) {
    stop(name);
    directories.remove(name);
  }

  private Optional<Path> program() {
    return Arrays.stream(searchPath.split(File.pathSeparator))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, PROGRAM))
        .filter(path -> Files.isExecutable(path) && Files.isRegularFile(path))
        .findFirst();
  }

  private static Optional<String> selected(Service service) {
    Map<String, String> selector =
        service.getSpec() == null ? null : service.getSpec().getSelector();
    return Optional.ofNullable(selector).map(labels -> labels.get(SELECTED_BY));
  }

  /** Stops all of them. */
  @Override
  public void close() {
    open = false;
    poolers.stop();
    services.stop();
    queue.close();
    List.copyOf(processes.keySet()).parallelStream().forEach(this::stop);
    queue.awaitEnd(CLOSE_LIMIT); // one that was about to be started stops what it has started
  }
}
