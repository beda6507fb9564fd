package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import mooring.local.operator.RoleOutcome.Applied;
import mooring.local.postgres.PostgresException;
import mooring.local.postgres.RefusedSettingsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings one Cluster from what is to what its object says. */
final class ClusterReconciler {
  private static final Logger log = LoggerFactory.getLogger(ClusterReconciler.class);

  private final KubernetesView view;
  private final Planner planner;
  private final ServerFleet fleet;
  private final Topologies topologies;
  private final Failover failover;
  private final Standbys standbys;
  private final Followers followers;
  private final Retirement retirement;
  private final StatusWriter statuses;
  private final ServicePublisher services;
  private final UpgradeJobs upgrades;
  private final Consumer<String> passwords;
  private final Consumer<String> backups;

  /** The roles whose passwords were told of last, by Cluster and name. */
  private final Map<String, Map<String, Applied>> told = new ConcurrentHashMap<>();

  /**
   * @param passwords told the Cluster whose roles have got their passwords, before its status is
   * @param backups told the Cluster whose server has just been looked at
   */
  ClusterReconciler(
      KubernetesView view,
      Planner planner,
      ServerFleet fleet,
      Topologies topologies,
      Failover failover,
      Standbys standbys,
      Followers followers,
      Retirement retirement,
      StatusWriter statuses,
      ServicePublisher services,
      UpgradeJobs upgrades,
      Consumer<String> passwords,
      Consumer<String> backups) {
    this.view = view;
    this.planner = planner;
    this.fleet = fleet;
    this.topologies = topologies;
    this.failover = failover;
    this.standbys = standbys;
    this.followers = followers;
    this.retirement = retirement;
    this.statuses = statuses;
    this.services = services;
    this.upgrades = upgrades;
    this.passwords = passwords;
    this.backups = backups;
  }

  /** Returns whether there is nothing left to do until something changes. */
  boolean reconcile(String name) {
    GenericKubernetesResource cluster = view.cluster(name);
    if (cluster == null) {
      fleet.stop(name);
      fleet.forget(name);
      told.remove(name);
      return true;
    }
    try {
      return reconcile(cluster);
    } catch (OutdatedException e) {
      return false; // what is newer is on the way to us
    }
  }

  private boolean reconcile(GenericKubernetesResource cluster) {
    if (cluster.isMarkedForDeletion()) {
      retirement.finish(cluster);
      return true;
    }
    if (!retirement.isPrepared(cluster)) {
      retirement.prepare(cluster);
      return true; // the change is on the way to us
    }
    ClusterSpec spec = ClusterSpec.of(cluster);
    return spec.hibernated() ? hibernate(cluster) : run(cluster, spec);
  }

  private boolean hibernate(GenericKubernetesResource cluster) {
    String name = cluster.getMetadata().getName();
    GenericKubernetesResource seen = cluster;
    Topology topology = topologies.of(cluster);
    if (fleet.isRunning(name)) {
      seen = statuses.write(seen, new ClusterStatus(seen, topology.withoutAll()).hibernating());
    }
    fleet.stop(name);
    services.withdraw(name);
    statuses.write(seen, new ClusterStatus(seen, topology.withoutAll()).hibernated());
    return true;
  }

  private boolean run(GenericKubernetesResource cluster, ClusterSpec spec) {
    AtomicReference<GenericKubernetesResource> seen = new AtomicReference<>(cluster);
    Topology before = topologies.of(cluster); // as the status says, the first time
    BiConsumer<Phase, Topology> progress =
        (phase, topology) -> seen.set(announced(seen.get(), phase, topology));
    try {
      DatabasePlan plan = fleet.placed(planner.plan(cluster, spec));
      failover.choose(spec, number -> seen.set(failingOver(seen.get(), spec, number)));
      if (followers.isToBePromoted(plan)) {
        progress.accept(Phase.PROMOTING, topologies.of(spec));
      }
      failover.complete(plan);
      standbys.observe(spec);
      standbys.roll(plan, progress);
      boolean initialized = new ClusterStatus(cluster, before).isInitialized();
      Consumer<Phase> primary =
          phase -> progress.accept(phase, topologies.of(spec).withoutPrimary());
      followers.prepare(plan, initialized, primary);
      RoleOutcome roles =
          fleet.run(
              plan,
              initialized,
              () -> upgrades.running(cluster, topologies.of(spec).primaryName(), plan.image()),
              primary);
      services.publish(plan);
      followers.await(plan, initialized);
      Map<String, String> failures = standbys.keep(plan, progress);
      if (spec.instances() > 1) { // who follows now may have to confirm from now on
        fleet.adjust(plan, primary);
      }
      Topology now = topologies.of(spec);
      String server = now.primaryName();
      Optional<String> heldBack = fleet.heldBack(plan);
      if (!roles.applied().equals(told.get(spec.name()))) {
        passwords.accept(spec.name());
        told.put(spec.name(), roles.applied());
      }
      statuses.write(seen.get(), running(seen.get(), plan, roles, now, failures));
      if (heldBack.isEmpty()) { // who finds no Job any more finds the version that the data are of
        upgrades.clear(spec.name());
      }
      // Who reads why it has failed finds that it is not what it was asked to be.
      heldBack.ifPresent(why -> upgrades.failed(cluster, server, plan.image(), why));
      backups.accept(spec.name());
      return roles.failures().isEmpty() && now.isWhole();
    } catch (NotReadyException e) {
      report(seen.get(), e.phase(), e);
    } catch (RefusedSettingsException e) {
      report(seen.get(), Phase.INVALID_DEFINITION, e);
    } catch (PostgresException e) {
      report(seen.get(), new ClusterStatus(seen.get(), before).starting(), e);
    }
    return false;
  }

  private GenericKubernetesResource failingOver(
      GenericKubernetesResource cluster, ClusterSpec spec, int number) {
    Topology topology = topologies.of(spec).withoutPrimary();
    return statuses.write(
        cluster,
        new ClusterStatus(cluster, topology).failingOver(Topology.name(spec.name(), number)));
  }

  private Map<String, Object> running(
      GenericKubernetesResource cluster,
      DatabasePlan plan,
      RoleOutcome roles,
      Topology topology,
      Map<String, String> failures) {
    InstanceFiles files = fleet.files(plan.spec().name());
    Optional<Boolean> archiving = plan.archive().map(target -> files.archiving());
    return new ClusterStatus(cluster, topology)
        .running(plan, fleet.heldBack(plan), fleet.major(plan), roles, archiving, failures);
  }

  /** Said once: a start that is tried again and again keeps the reason that is shown. */
  private GenericKubernetesResource announced(
      GenericKubernetesResource cluster, Phase phase, Topology topology) {
    boolean said =
        phase.text().equals(cluster.get("status", "phase"))
            && new Fields(cluster).number(topology.instances(), "status", "readyInstances")
                == topology.ready().size();
    return said
        ? cluster
        : statuses.write(cluster, new ClusterStatus(cluster, topology).notReady(phase, null));
  }

  private void report(GenericKubernetesResource cluster, Phase phase, RuntimeException e) {
    String name = cluster.getMetadata().getName();
    ClusterStatus status = new ClusterStatus(cluster, topologies.of(cluster));
    if (fleet.isServing(name)) {
      log.atWarn()
          .addKeyValue("cluster", name)
          .addKeyValue("reason", e.getMessage())
          .log("The server goes on as it was");
      Phase shown = phase == status.starting() ? Phase.APPLYING_CONFIGURATION : phase;
      statuses.write(cluster, status.stillRunning(shown, e.getMessage()));
    } else {
      boolean early = phase == Phase.SETTING_UP_PRIMARY;
      statuses.write(cluster, status.notReady(early ? status.starting() : phase, e.getMessage()));
    }
  }
}
