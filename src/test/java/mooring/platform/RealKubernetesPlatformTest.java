package mooring.platform;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The platform against the API server that {@code MOORING_TEST_KUBECONFIG} names. */
@Tag("real-kubernetes")
@EnabledIfEnvironmentVariable(
    named = RealKubernetesPlatformTest.VARIABLE,
    matches = ".+",
    disabledReason = "no real API server given: name its kubeconfig to run these tests against it")
class RealKubernetesPlatformTest extends KubernetesPlatformContract {
  static final String VARIABLE = "MOORING_TEST_KUBECONFIG";

  @Override
  Path kubeconfig() {
    return Path.of(System.getenv(VARIABLE));
  }

  @Override
  Duration heardWithin() {
    // It sends no bookmarks while nothing changes, so this is how long a watch lasts.
    return Duration.ofSeconds(60);
  }
}
