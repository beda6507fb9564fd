package mooring.platform;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.util.ArrayList;
import java.util.List;
import mooring.core.Engine;

/** The product's own probes, for containers that tests describe. */
public final class ProductProbes {
  private ProductProbes() {}

  /**
   * Gives a container those of an engine, and the address that they ask at. They are asked often,
   * so that a test need not wait long for what they find.
   */
  public static void add(Container container, Engine engine) {
    EngineServer server = EngineServer.of(engine).orElseThrow();
    List<EnvVar> environment = new ArrayList<>(container.getEnv());
    environment.add(PodEnvironment.address());
    container.setEnv(environment);
    container.setStartupProbe(ServerProbes.startup(server));
    container.setReadinessProbe(ServerProbes.readiness(server, engine.port()));
    container.getReadinessProbe().setPeriodSeconds(1);
  }
}
