package mooring.api.cloudheed;

import mooring.api.ContractClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Tests of the API over a real store, each with a tenant of its own. */
abstract class CloudheedTestBase {
  static CloudheedBench bench;
  ContractClient client;

  @BeforeAll
  static void start() {
    bench = new CloudheedBench();
  }

  @AfterAll
  static void stop() {
    bench.close();
  }

  @BeforeEach
  void tenant() {
    client = bench.newTenant();
  }
}
