package mooring.local.kubernetes;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The suite against a real API server, named by a kubeconfig. */
@Tag("real-kubernetes")
@EnabledIfEnvironmentVariable(
    named = RealKubernetesSemanticsTest.VARIABLE,
    matches = ".+",
    disabledReason = "no real API server given: name its kubeconfig to run the suite against it")
class RealKubernetesSemanticsTest extends KubernetesSemantics {
  static final String VARIABLE = "MOORING_TEST_KUBECONFIG";

  @Override
  KubernetesServer open() {
    return KubernetesServer.of(Path.of(System.getenv(VARIABLE)));
  }
}
