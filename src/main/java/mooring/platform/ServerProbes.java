package mooring.platform;

import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;

/** How the kubelet learns that a server is up, and that it still is. */
final class ServerProbes {
  /**
   * On the volume, once the published login has worked there. A first start that was broken off may
   * leave a server without it, which nobody is to take for the database; but the tenant may change
   * it later on.
   */
  private static final String FINISHED = "/.mooring-ready";

  private static final int SECONDS = 5;
  private static final int START_SECONDS = 2;
  private static final int COSTLY_SECONDS = 10;

  /** A large volume takes its time to be read or recovered. */
  private static final int START_LIMIT_SECONDS = 3_600;

  private ServerProbes() {}

  static Probe startup(EngineServer server) {
    int period = server.costlyProbes() ? COSTLY_SECONDS : START_SECONDS;
    return new ProbeBuilder()
        .withNewExec()
        .withCommand("sh", "-c", started(server))
        .endExec()
        .withPeriodSeconds(period)
        .withTimeoutSeconds(server.costlyProbes() ? COSTLY_SECONDS : SECONDS)
        .withFailureThreshold(START_LIMIT_SECONDS / period)
        .build();
  }

  static Probe readiness(EngineServer server, int port) {
    ProbeBuilder probe =
        new ProbeBuilder()
            .withPeriodSeconds(SECONDS)
            .withTimeoutSeconds(SECONDS)
            .withFailureThreshold(3);
    return server.costlyProbes()
        ? probe.withNewTcpSocket().withNewPort(port).endTcpSocket().build()
        : probe.withNewExec().withCommand("sh", "-c", server.answers()).endExec().build();
  }

  private static String started(EngineServer server) {
    String finished = server.dataPath() + FINISHED;
    return server
        .login()
        .map(
            login ->
                "if [ -e %1$s ]; then %2$s; else %3$s && touch %1$s; fi"
                    .formatted(finished, server.answers(), login))
        .orElseGet(server::answers);
  }
}
