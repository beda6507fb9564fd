package mooring.product;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The product, to be killed at moments of its work, with a database for each. */
@Tag("slow")
abstract class CrashMatrix {
  static final Duration LIMIT = Duration.ofSeconds(60);

  @RegisterExtension final Workplace place = new Workplace();
  private final String pool;
  EmbeddedProduct mooring;
  CrashCases crashes;

  /**
   * @param pool of the databases' addresses, no other test's
   */
  CrashMatrix(String pool) {
    this.pool = pool;
  }

  @BeforeEach
  void start() {
    mooring = new EmbeddedProduct(place, pool);
    crashes = new CrashCases(mooring);
  }
}
