package mooring.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import mooring.core.Operation.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where clients of a connection pool connect, and what tells its settings from others. */
class ConnectionPoolTest {
  private static final ConnectionPool POOL =
      new ConnectionPool(2, "web", "orders", "app", PoolMode.SESSION, 5);

  @ParameterizedTest
  @CsvSource({
    "127.77.0.1, 127.77.0.1",
    "2001:db8::1, 2001:db8::1",
    "db-01234567.ns.svc, db-01234567-p2.ns.svc",
    "01234567.db.example.com, 01234567-p2.db.example.com",
    "db.01234567.example.com, db-p2.01234567.example.com",
    "db01234567, db01234567-p2",
  })
  void aNamedDatabaseHasAPoolWithANameOfItsOwn(String host, String expected) {
    assertThat(POOL.address(at(host))).isEqualTo(new Address(expected, 6434));
  }

  @Test
  void noPoolerHasTheNameOfTheService() {
    Instance one = at("127.77.0.1");
    assertThat(POOL.serviceName(one)).isEqualTo(one.objectName() + "-p2");
    assertThat(POOL.poolerName(one.clusterName())).isNotEqualTo(POOL.serviceName(one));
  }

  @Test
  void whatIsAskedOfAPoolMakesItsDigest() {
    Pools pools = Pools.NONE.with(POOL);
    String digest = pools.digest(POOL);
    assertThat(pools.digests()).containsExactly(Map.entry(2, digest));
    assertThat(pools.withParameters(Map.of("server_lifetime", "9")).digest(POOL))
        .isNotEqualTo(digest);
    assertThat(pools.digest(new ConnectionPool(2, "web", "orders", "app", PoolMode.SESSION, 6)))
        .isNotEqualTo(digest);
    assertThat(pools.digest(new ConnectionPool(2, "web", "orders", "b", PoolMode.SESSION, 5)))
        .isNotEqualTo(digest);
  }

  private static Instance at(String host) {
    Instance one =
        Samples.instance(
            Desired.RUNNING, Samples.operation(OperationKind.CREATE, Outcome.SUCCEEDED, 1L));
    return new Instance(
        one.id(),
        one.shortId(),
        one.tenant(),
        one.origin(),
        one.name(),
        one.handle(),
        one.spec(),
        new Address(host, 5432),
        one.owner(),
        one.database(),
        one.desired(),
        one.setup(),
        one.contents(),
        null,
        one.attributes(),
        one.createdAt(),
        one.deletedAt(),
        one.revision(),
        one.operation());
  }
}
