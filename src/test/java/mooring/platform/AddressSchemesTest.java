package mooring.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import mooring.core.Address;
import mooring.core.AddressScheme;
import mooring.core.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressSchemesTest {

  @ParameterizedTest
  @CsvSource({
    "10.1.2.0/24, 254, 10.1.2.1, 10.1.2.254",
    "10.1.2.128/25, 127, 10.1.2.128, 10.1.2.254",
    "10.1.2.16/28, 16, 10.1.2.16, 10.1.2.31",
    "10.1.2.240/28, 15, 10.1.2.240, 10.1.2.254",
    "10.1.2.7/32, 1, 10.1.2.7, 10.1.2.7",
    "127.77.0.0/16, 65024, 127.77.0.1, 127.77.255.254",
    "10.0.0.0/8, 16646144, 10.0.0.1, 10.255.255.254",
  })
  void aPoolNumbersItsUsableAddresses(String cidr, int size, String first, String last) {
    AddressScheme pool = new PoolAddresses(cidr);

    assertThat(pool.size()).isEqualTo(size);
    assertThat(host(pool, 0)).isEqualTo(first);
    assertThat(host(pool, size - 1)).isEqualTo(last);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.1.4.0/22", "10.1.2.128/25", "10.1.2.0/26"})
  void aPoolRepeatsNothingAndSkipsWhatLooksLikeANetwork(String cidr) {
    AddressScheme pool = new PoolAddresses(cidr);

    assertThat(IntStream.range(0, pool.size()).mapToObj(number -> host(pool, number)))
        .doesNotHaveDuplicates()
        .noneMatch(host -> host.endsWith(".0") || host.endsWith(".255"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.1.2.0",
        "10.1.2.0/33",
        "10.1.2.5/24",
        "10.1.256.0/24",
        "0.0.0.0/0",
        "fd00::/64",
        "10.1.2.255/32",
        "a.b.c.d/24"
      })
  void aPoolRefusesWhatIsNoBlock(String cidr) {
    assertThatThrownBy(() -> new PoolAddresses(cidr))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(cidr);
  }

  @Test
  void aPoolRefusesNumbersItDoesNotHave() {
    AddressScheme pool = new PoolAddresses("10.1.2.0/24");

    assertThatThrownBy(() -> host(pool, 254)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> host(pool, -1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void namesAreDerivedFromTheShortId() {
    assertThat(new ClusterIpAddresses("prod").address(0, "a1b2c3d4", Engine.REDIS))
        .isEqualTo(new Address("db-a1b2c3d4.prod.svc", 6379));
    assertThat(
            new TemplateAddresses("{short}.db.example.com")
                .address(0, "a1b2c3d4", Engine.POSTGRESQL))
        .isEqualTo(new Address("a1b2c3d4.db.example.com", 5432));
    assertThat(new ClusterIpAddresses("prod").size()).isZero();
    assertThat(new TemplateAddresses("{short}.db.example.com").size()).isZero();
  }

  @Test
  void aTemplateLeavesRoomForTheHostsOfConnectionPools() {
    String label = "a".repeat(50);
    assertThat(new TemplateAddresses(label + "{short}.example.com").size()).isZero();
    assertThatThrownBy(() -> new TemplateAddresses(label + "a{short}.example.com"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"db.example.com", "{short}_x.example.com", "{short}..com", "{SHORT}.com"})
  void aTemplateHasToMakeDnsNames(String template) {
    assertThatThrownBy(() -> new TemplateAddresses(template))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(template);
  }

  @Test
  void aSharedHostNumbersItsPorts() {
    AddressScheme shared = new SharedHostAddresses("127.0.0.1", 20_000, 20_009);

    assertThat(shared.size()).isEqualTo(10);
    assertThat(shared.address(9, "a1b2c3d4", Engine.MYSQL))
        .isEqualTo(new Address("127.0.0.1", 20_009));
    assertThatThrownBy(() -> shared.address(10, "a1b2c3d4", Engine.MYSQL))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new SharedHostAddresses("127.0.0.1", 10, 9))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String host(AddressScheme scheme, int number) {
    return scheme.address(number, "a1b2c3d4", Engine.POSTGRESQL).host();
  }
}
