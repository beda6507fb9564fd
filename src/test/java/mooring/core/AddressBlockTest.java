package mooring.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressBlockTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"0.0.0.0/0", "203.0.113.7/32", "10.0.0.0/8", "2001:db8::/48", "::/0", "::1/128"})
  void isOne(String text) {
    assertThat(AddressBlock.isOne(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "203.0.113.7",
        "203.0.113.7/33",
        "203.0.113/24",
        "203.0.113.256/24",
        "010.0.0.0/8",
        "10.0.0.0/08",
        "10.0.0.0/+8",
        "2001:db8::/129",
        "1:2:3/64",
        "example.com/24",
        "10.0.0.0/8 trust"
      })
  void isNone(String text) {
    assertThat(AddressBlock.isOne(text)).isFalse();
  }
}
