package mooring.store;

import static mooring.store.StoreFixture.get;
import static mooring.store.StoreFixture.problem;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Flowable;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import mooring.core.Address;
import mooring.core.Instance;
import mooring.core.Operation;
import mooring.core.Operation.Outcome;
import mooring.core.Problem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AddressesTest {
  private static final Set<Address> HELD =
      Set.of(new Address("10.0.0.0", 5432), new Address("10.0.0.1", 5432));

  private StoreFixture fixture;

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void goesRoundSoThatAFreedAddressIsUsedAgainLast() {
    fixture = new StoreFixture(StoreFixture.numbered(4));
    Instance first = fixture.create("a");
    fixture.create("b");
    assertThat(first.address().host()).isEqualTo("10.0.0.0");
    bury(first);

    assertThat(fixture.create("c").address().host()).isEqualTo("10.0.0.2");
    assertThat(fixture.create("d").address().host()).isEqualTo("10.0.0.3");
    assertThat(fixture.create("e").address().host()).isEqualTo("10.0.0.0");
  }

  @Test
  void saysSoWhenNoneIsLeftAndGoesOnWhenOneIsFreed() {
    fixture = new StoreFixture(StoreFixture.numbered(2));
    fixture.create("a");
    Instance second = fixture.create("b");

    assertThat(problem(fixture.store.instances().create(fixture.draft("c"), Set.of())))
        .isInstanceOf(Problem.Unavailable.class);
    assertThat(fixture.texts("SELECT id FROM instance")).hasSize(2);

    bury(second);
    assertThat(fixture.create("c").address()).isEqualTo(second.address());
  }

  @Test
  void neverAllotsAHostToAvoid() {
    fixture = new StoreFixture(StoreFixture.numbered(3));

    Instance created = get(fixture.store.instances().create(fixture.draft("a"), HELD));
    assertThat(created.address().host()).isEqualTo("10.0.0.2");
    assertThat(problem(fixture.store.instances().create(fixture.draft("b"), HELD)))
        .isInstanceOf(Problem.Unavailable.class);
  }

  @Test
  void createsAtOnceOnTwoReplicasGetAddressesOfTheirOwn() {
    fixture = new StoreFixture(StoreFixture.numbered(3_000));
    PgStore other =
        new PgStore(
            fixture.vertx, fixture.uri, SecretBox.of(fixture.keyset), StoreFixture.numbered(3_000));

    List<String> hosts =
        get(
            Flowable.range(0, 60)
                .flatMapSingle(
                    i ->
                        (i % 2 == 0 ? fixture.store : other)
                            .instances()
                            .create(fixture.draft("at-once-" + i), Set.of()))
                .map(instance -> instance.address().host())
                .toList());

    assertThat(hosts).hasSize(60).doesNotHaveDuplicates();
    other.close().blockingAwait();
  }

  @Test
  void findsTheOneFreeAddressBeyondTheFirstWindow() {
    fixture = new StoreFixture(StoreFixture.numbered(2_500));
    Instance known = fixture.create("a");
    // The first is taken by "a"; all others but one by copies of it.
    fixture.execute(
        "INSERT INTO instance (id, short_id, tenant, origin, name, handle, engine, version,"
            + " cpu_milli, memory_mib, storage_mib, instances, place, address_number, host, port,"
            + " owner, database, operation)"
            + " SELECT gen_random_uuid(), lpad(to_hex(n), 8, '0'), tenant, origin, name, 'h' || n,"
            + " engine, version, cpu_milli, memory_mib, storage_mib, instances, place, n, 'h' || n,"
            + " port, owner, database, operation"
            + " FROM instance, generate_series(1, 2499) AS n WHERE n <> 2400 AND id = '"
            + known.id()
            + "'");

    assertThat(fixture.create("b").address().host()).isEqualTo("10.0.9.96");
  }

  private void bury(Instance instance) {
    Operation operation =
        fixture.claim(fixture.delete(instance), Duration.ofMinutes(1)).operation();
    get(
        fixture
            .store
            .operations()
            .end(operation.id(), operation.attempt(), Outcome.SUCCEEDED, null, null));
  }
}
