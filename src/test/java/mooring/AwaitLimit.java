package mooring;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What is awaited without a limit of its own may take a minute: the limit only ends a test that
 * would hang, however busy the machine is. Registered for all tests as a service.
 */
public final class AwaitLimit implements BeforeAllCallback {
  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
  }
}
