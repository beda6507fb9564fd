package mooring.api.cloudheed;

import mooring.api.ContractClient;
import mooring.api.ExercisedOperations;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of the API over a real store, each with a tenant of its own. */
@ExtendWith(ExercisedOperations.class)
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
