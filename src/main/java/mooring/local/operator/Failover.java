package mooring.local.operator;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import mooring.local.postgres.PostgresException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a standby in the place of a primary that has ended. The choice is written down before it is
 * carried out, so that whoever goes on after a crash goes on with the same one.
 */
final class Failover {
  private static final Logger log = LoggerFactory.getLogger(Failover.class);

  private final OperatorConfig config;
  private final ServerSetup setup;
  private final ServerProcesses processes;
  private final Topologies topologies;

  Failover(
      OperatorConfig config, ServerSetup setup, ServerProcesses processes, Topologies topologies) {
    this.config = config;
    this.setup = setup;
    this.processes = processes;
    this.topologies = topologies;
  }

  /**
   * Chooses a new primary where the present one has ended and a standby has all that was promised;
   * else the present one is to be started again.
   *
   * @param choice writes the number down
   */
  void choose(ClusterSpec spec, Consumer<Integer> choice) {
    Topology topology = topologies.of(spec);
    boolean ended =
        processes
            .find(topology.primaryName())
            .filter(running -> !running.server().isAlive())
            .isPresent();
    if (!ended || processes.isClosed() || topology.readyStandbys().isEmpty()) {
      return;
    }
    // What is left of it may still commit.
    file(spec, topology.primary()).stopLeftOver();
    Map<Integer, Long> received = new HashMap<>();
    for (int number : topology.readyStandbys()) {
      received(spec, number).ifPresent(bytes -> received.put(number, bytes));
    }
    boolean complete =
        topologies
            .confirming(spec.name())
            .allConfirmedIsIn(
                received.keySet().stream()
                    .map(number -> Topology.name(spec.name(), number))
                    .collect(Collectors.toSet()));
    Optional<Integer> best =
        received.entrySet().stream()
            .max(
                Map.Entry.<Integer, Long>comparingByValue()
                    .thenComparing(Map.Entry.<Integer, Long>comparingByKey().reversed()))
            .map(Map.Entry::getKey);
    // Without a session of their own, servers get the signal that ends the operator too.
    if (best.isPresent() && complete && !processes.isClosed()) {
      choice.accept(best.get());
      topologies.choose(spec.name(), best.get());
      log.atWarn()
          .addKeyValue("cluster", spec.name())
          .addKeyValue("from", topology.primaryName())
          .addKeyValue("to", Topology.name(spec.name(), best.get()))
          .log("Failing over");
    }
  }

  private Optional<Long> received(ClusterSpec spec, int number) {
    InstanceFiles files = file(spec, number);
    try (ReplicationSession session = open(files)) {
      return Optional.of(session.received());
    } catch (PostgresException e) {
      log.atWarn()
          .addKeyValue("server", files.name())
          .addKeyValue("reason", e.getMessage())
          .log("A standby cannot take over");
      return Optional.empty();
    }
  }

  /**
   * Makes the chosen one a primary, unless it follows another Cluster; where it was hidden, it is
   * stopped then, to be started where clients look.
   */
  void complete(DatabasePlan plan) {
    InstanceFiles files = file(plan.spec(), topologies.primary(plan.spec().name()));
    if (files.data().isStandby() && !plan.spec().follows()) {
      if (!processes.isAlive(files.name())) {
        files.stopLeftOver();
        int port = files.standbyPort(plan.service().host());
        processes.start(
            files, setup.standbyConfiguration(plan, files, port), plan.spec().rollout());
      }
      try (ReplicationSession session = open(files)) {
        session.promote();
      }
      log.atInfo().addKeyValue("server", files.name()).log("A standby was promoted");
    }
    boolean hidden =
        processes
            .find(files.name())
            .filter(running -> StandbySettings.isOf(running.server().configuration()))
            .isPresent();
    if (hidden) {
      processes.stop(files);
    }
  }

  private ReplicationSession open(InstanceFiles files) {
    return ReplicationSession.open(
        processes.configuration(files.name()), files.superuserPassword());
  }

  private InstanceFiles file(ClusterSpec spec, int number) {
    return InstanceFiles.of(config, spec.name(), number);
  }
}
