package mooring.local.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Who comes in to servers and to their poolers, by the blocks that are allowed. */
class ClientRulesTest {
  private static final List<String> ALLOWED = List.of("10.0.0.0/8", "2001:db8::/32");

  @Test
  void onlyPoolersWithACertificateOfOursComeFromTheServersOwnHost() {
    List<String> pooled = ClientRules.of(List.of("10.0.0.0/8"), true);
    assertThat(pooled)
        .endsWith(
            "hostssl all all 10.0.0.0/8 scram-sha-256",
            "hostssl all all samehost scram-sha-256 clientcert=verify-ca");
    List<String> unpooled = ClientRules.of(List.of("10.0.0.0/8"), false);
    assertThat(unpooled).endsWith("hostssl all all 10.0.0.0/8 scram-sha-256");
    assertThat(ClientRules.letsPoolersIn(pooled)).isTrue();
    assertThat(ClientRules.letsPoolersIn(unpooled)).isFalse();
    assertThat(ClientRules.letsPoolersIn(ClientRules.of(null, false))).isTrue();
  }

  @Test
  void thePoolerOfAllLetsInFromTheBlocksAlone() {
    assertThat(ClientRules.ofPooler(null, ALLOWED))
        .containsExactly(
            "hostssl all all 10.0.0.0/8 scram-sha-256",
            "hostssl all all 2001:db8::/32 scram-sha-256");
    assertThat(ClientRules.ofPooler(null, List.of())).isEmpty();
    assertThat(ClientRules.ofPooler(null, null)).isNull();
  }

  @Test
  void theRulesOfAPoolAreNarrowedToTheBlocks() {
    List<String> rules =
        List.of(
            "hostssl \"orders\" \"web\" 0.0.0.0/0 scram-sha-256",
            "hostssl \"orders\" \"web\" ::/0 scram-sha-256",
            "hostssl \"orders\" \"web\" 192.0.2.0/24 scram-sha-256",
            "host all all 0.0.0.0/0 reject");
    assertThat(ClientRules.ofPooler(rules, ALLOWED))
        .containsExactly(
            "hostssl \"orders\" \"web\" 10.0.0.0/8 scram-sha-256",
            "hostssl \"orders\" \"web\" 2001:db8::/32 scram-sha-256",
            "host all all 0.0.0.0/0 reject");
    assertThat(ClientRules.ofPooler(rules, null)).isEqualTo(rules);
  }
}
