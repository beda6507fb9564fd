package mooring.local.operator;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Against a real API server that has CloudNativePG's custom resource definitions. */
@Tag("real-kubernetes")
@EnabledIfEnvironmentVariable(
    named = "MOORING_TEST_KUBECONFIG",
    matches = ".+",
    disabledReason = "MOORING_TEST_KUBECONFIG names no API server")
class RealApiOperatorTest extends OperatorSuite {
  @Override
  Path kubeconfig() {
    return Path.of(System.getenv("MOORING_TEST_KUBECONFIG"));
  }
}
