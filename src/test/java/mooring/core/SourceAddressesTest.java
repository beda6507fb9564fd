package mooring.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts that data may be imported from. */
class SourceAddressesTest {
  private final SourceAddresses strict = leadingTo("192.0.2.1");

  private static SourceAddresses leadingTo(String... addresses) {
    return new SourceAddresses(List.of(), name -> all(addresses));
  }

  private static InetAddress[] all(String... addresses) throws UnknownHostException {
    InetAddress[] all = new InetAddress[addresses.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = InetAddress.getByName(addresses[i]);
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.77.0.1",
        "0.0.0.0",
        "169.254.169.254",
        "224.0.0.1",
        "255.255.255.255",
        "168.63.129.16",
        "::1",
        "::",
        "0:0:0:0:0:0:0:1",
        "::ffff:127.0.0.1",
        "::ffff:a9fe:a9fe",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "fe80::1",
        "ff02::1",
        "fd00:ec2::254",
        "64:ff9b:1::7f00:1",
        "::ffff:0:7f00:1",
        "2001:0:7f00:1::",
        "localhost",
        "LOCALHOST.",
        "db.localhost",
      })
  void aDeniedHostIsRefused(String host) {
    assertThat(strict.refusal(host)).hasValueSatisfying(why -> assertThat(why).contains("lead to"));
    assertThatThrownBy(() -> strict.resolve(host).blockingGet())
        .isInstanceOf(PlatformRefusedException.class)
        .hasMessageStartingWith("forbidden: ");
  }

  /** In forms that other programs read as addresses, or as no host at all. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2130706433",
        "127.1",
        "0x7f.0.0.1",
        "0x7f000001",
        "0177.0.0.1",
        "127.0.0.01",
        "256.1.1.1",
        "999.1.1.1",
        "1.2.3.256",
        "1:2:3",
        "[::1]",
        "fe80::1%lo",
        "127.0.0.1.",
        "",
        " ",
        "/var/run/postgresql",
        "@socket",
        "a,b",
        "db.example.com port=1",
        "-db.example.com",
        "db..example.com",
        "1.2.3.4:5432",
      })
  void whatIsNoPlainHostIsRefused(String host) {
    assertThat(strict.refusal(host)).contains("must be a host name or an IP address");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "db.example.com",
        "db",
        "10.0.0.5",
        "192.0.2.1",
        "2001:db8::5",
        "db_1.example.com."
      })
  void anyOtherIsNot(String host) {
    assertThat(strict.refusal(host)).isEmpty();
  }

  @Test
  void aNameCountsAsWhatItLeadsTo() {
    assertThat(strict.resolve("db.example.com").blockingGet()).isEqualTo("192.0.2.1");
    assertThat(leadingTo("2001:db8::5").resolve("db.example.com").blockingGet())
        .isEqualTo("2001:db8:0:0:0:0:0:5");
    for (String denied : List.of("127.0.0.1", "169.254.169.254", "::1", "64:ff9b::a9fe:a9fe")) {
      assertThatThrownBy(
              () -> leadingTo("192.0.2.1", denied).resolve("db.example.com").blockingGet())
          .hasMessageStartingWith("forbidden: ");
    }
  }

  /** As look-ups tell them: other than from a text, they stay addresses of version 6. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "00000000000000000000ffff7f000001",
        "00000000000000000000ffffa9fea9fe",
        "0000000000000000ffff00007f000001",
        "0000000000000000000000007f000001",
        "0064ff9b00010000000000007f000001",
        "20010000000000000000000080fffffe",
      })
  void aNameThatLeadsToADeniedOneInAnotherFormIsRefused(String bytes) {
    SourceAddresses mapped = new SourceAddresses(List.of(), name -> six(bytes));
    assertThatThrownBy(() -> mapped.resolve("db.example.com").blockingGet())
        .hasMessageStartingWith("forbidden: ");
  }

  private static InetAddress[] six(String bytes) throws UnknownHostException {
    return new InetAddress[] {Inet6Address.getByAddress(null, HexFormat.of().parseHex(bytes), -1)};
  }

  @Test
  void whatIsToldIsWhatIsConnectedTo() {
    SourceAddresses mapped =
        new SourceAddresses(List.of(), name -> six("00000000000000000000ffffc0000201"));
    assertThat(mapped.resolve("db.example.com").blockingGet()).isEqualTo("192.0.2.1");
  }

  /** Also what only looks like an address, and would be a name to a look-up. */
  @Test
  void anAddressIsNeverLookedUp() {
    SourceAddresses deaf =
        new SourceAddresses(
            List.of(),
            name -> {
              throw new IllegalStateException(name);
            });
    assertThat(deaf.resolve("192.0.2.1").blockingGet()).isEqualTo("192.0.2.1");
    assertThat(deaf.resolve("2001:db8::5").blockingGet()).isEqualTo("2001:db8:0:0:0:0:0:5");
    assertThatThrownBy(() -> deaf.resolve("999.1.1.1").blockingGet())
        .isInstanceOf(PlatformRefusedException.class);
  }

  @Test
  void aNameThatIsNotKnownIsToldSo() {
    SourceAddresses nowhere =
        new SourceAddresses(
            List.of(),
            name -> {
              throw new UnknownHostException(name);
            });
    assertThatThrownBy(() -> nowhere.resolve("db.example.com").blockingGet())
        .hasMessageContaining("is not known");
  }

  /** A name that leads elsewhere the second time does not lead there: it is asked for once. */
  @Test
  void whatIsCheckedIsWhatIsTold() throws UnknownHostException {
    AtomicInteger asked = new AtomicInteger();
    SourceAddresses rebinding =
        new SourceAddresses(
            List.of(), name -> all(asked.getAndIncrement() == 0 ? "192.0.2.1" : "127.0.0.1"));
    assertThat(rebinding.resolve("db.example.com").blockingGet()).isEqualTo("192.0.2.1");
    assertThat(asked).hasValue(1);
  }

  @Test
  void whatIsAllowedIsNotDenied() {
    SourceAddresses open =
        new SourceAddresses(List.of("127.0.0.0/8", "fe80::/10"), name -> all("127.0.0.1"));
    assertThat(open.refusal("127.0.0.1")).isEmpty();
    assertThat(open.refusal("::ffff:127.0.0.1")).isEmpty();
    assertThat(open.refusal("localhost")).isEmpty();
    assertThat(open.refusal("fe80::1")).isEmpty();
    assertThat(open.refusal("169.254.169.254")).isPresent();
    assertThat(open.refusal("::1")).isPresent();
    assertThat(open.resolve("localhost").blockingGet()).isEqualTo("127.0.0.1");
  }
}
