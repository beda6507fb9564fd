package mooring.platform;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * Roles and logical databases against the API server that {@code MOORING_TEST_KUBECONFIG} names.
 */
@Tag("real-kubernetes")
@EnabledIfEnvironmentVariable(
    named = RealKubernetesPlatformTest.VARIABLE,
    matches = ".+",
    disabledReason = "no real API server given: name its kubeconfig to run these tests against it")
class RealKubernetesContentsTest extends KubernetesContentsContract {
  @Override
  Path kubeconfig() {
    return Path.of(System.getenv(RealKubernetesPlatformTest.VARIABLE));
  }
}
