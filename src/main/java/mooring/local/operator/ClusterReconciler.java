package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import mooring.local.postgres.PostgresException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings one Cluster from what is to what its object says. */
final class ClusterReconciler {
  private static final Logger log = LoggerFactory.getLogger(ClusterReconciler.class);

  private final OperatorConfig config;
  private final KubernetesView view;
  private final Planner planner;
  private final ServerFleet fleet;
  private final Retirement retirement;
  private final StatusWriter statuses;
  private final ServicePublisher services;

  ClusterReconciler(
      OperatorConfig config,
      KubernetesView view,
      Planner planner,
      ServerFleet fleet,
      Retirement retirement,
      StatusWriter statuses,
      ServicePublisher services) {
    this.config = config;
    this.view = view;
    this.planner = planner;
    this.fleet = fleet;
    this.retirement = retirement;
    this.statuses = statuses;
    this.services = services;
  }

  /** Returns whether there is nothing left to do until something changes. */
  boolean reconcile(String name) {
    GenericKubernetesResource cluster = view.cluster(name);
    if (cluster == null) {
      fleet.stop(name);
      return true;
    }
    if (cluster.isMarkedForDeletion()) {
      retirement.finish(cluster);
      return true;
    }
    if (!retirement.prepare(cluster)) {
      return true; // its deletion is on the way to us
    }
    ClusterSpec spec = ClusterSpec.of(cluster);
    if (spec.hibernated()) {
      fleet.stop(name);
      statuses.write(cluster, new ClusterStatus(cluster).hibernated());
      return true;
    }
    return run(cluster, spec);
  }

  private boolean run(GenericKubernetesResource cluster, ClusterSpec spec) {
    ClusterStatus status = new ClusterStatus(cluster);
    try {
      DatabasePlan plan = planner.plan(spec);
      fleet.run(
          plan,
          status.isInitialized(),
          phase -> statuses.write(cluster, status.notReady(phase, null)));
      services.publish(plan);
      int dataMajor = InstanceFiles.of(config, spec.name()).data().major().orElseThrow();
      statuses.write(cluster, status.running(plan, dataMajor));
      return true;
    } catch (NotReadyException e) {
      report(cluster, status, e.phase(), e);
    } catch (PostgresException e) {
      report(cluster, status, status.starting(), e);
    }
    return false;
  }

  private void report(
      GenericKubernetesResource cluster, ClusterStatus status, Phase phase, RuntimeException e) {
    String name = cluster.getMetadata().getName();
    if (fleet.isRunning(name)) {
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
