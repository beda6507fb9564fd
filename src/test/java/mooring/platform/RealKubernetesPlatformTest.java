package mooring.platform;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;

/** The platform against the API server that {@code MOORING_TEST_KUBECONFIG} names. */
@Tag("real-kubernetes")
class RealKubernetesPlatformTest extends KubernetesPlatformContract {
  @Override
  Path kubeconfig() {
    String path = System.getenv("MOORING_TEST_KUBECONFIG");
    assumeTrue(path != null, "skipped: MOORING_TEST_KUBECONFIG names no real API server");
    return Path.of(path);
  }

  @Override
  Duration bookmarkWithin() {
    return Duration.ofSeconds(100);
  }
}
