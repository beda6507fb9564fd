package mooring.local.operator;

import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.networking.v1.IPBlock;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mooring.local.postgres.Bootstrap;

/** Who may connect from where: what stands in for a network that enforces NetworkPolicies. */
final class ClientRules {
  private static final String CLUSTER = "cnpg.io/cluster";
  private static final List<String> OPEN =
      List.of(
          "hostssl all all all scram-sha-256",
          "host all all 127.0.0.0/8 scram-sha-256",
          "host all all ::1/128 scram-sha-256");

  /** Who shows a certificate of ours is no client: poolers have the server's own. */
  private static final String POOLERS =
      "hostssl all all samehost scram-sha-256 clientcert=verify-ca";

  private static final Pattern FROM_ANYWHERE =
      Pattern.compile("(host.*\\s)(0\\.0\\.0\\.0/0|::/0)(\\s.*)");

  private ClientRules() {}

  /** The Clusters whose pods a NetworkPolicy selects. */
  static List<String> clusterNames(NetworkPolicy policy) {
    var selector = policy.getSpec() == null ? null : policy.getSpec().getPodSelector();
    if (selector == null) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    if (selector.getMatchLabels() != null && selector.getMatchLabels().containsKey(CLUSTER)) {
      names.add(selector.getMatchLabels().get(CLUSTER));
    }
    for (LabelSelectorRequirement one : selector.getMatchExpressions()) {
      if (CLUSTER.equals(one.getKey()) && "In".equals(one.getOperator())) {
        names.addAll(one.getValues());
      }
    }
    return names;
  }

  /** The blocks of addresses that some policies let in; null where there are none. */
  static List<String> allowed(List<NetworkPolicy> policies) {
    if (policies.isEmpty()) {
      return null;
    }
    Set<String> blocks = new LinkedHashSet<>();
    policies.stream()
        .flatMap(policy -> policy.getSpec().getIngress().stream())
        .flatMap(rule -> rule.getFrom().stream())
        .map(peer -> peer.getIpBlock())
        .filter(Objects::nonNull)
        .map(IPBlock::getCidr)
        .forEach(blocks::add);
    return List.copyOf(blocks);
  }

  /**
   * The lines of {@code pg_hba.conf} for clients.
   *
   * @param allowed the blocks that they may come from; null for any
   * @param pooled whether poolers, too, are to be let in from the server's own host: who comes from
   *     there and is no pooler is asked for a certificate then, instead of just being refused
   */
  static List<String> of(List<String> allowed, boolean pooled) {
    if (allowed == null) {
      return OPEN;
    }
    List<String> rules = new ArrayList<>();
    rules.add("host all " + Bootstrap.SUPERUSER + " 127.0.0.0/8 scram-sha-256");
    rules.add("host all " + Bootstrap.SUPERUSER + " ::1/128 scram-sha-256");
    rules.add("host all " + Bootstrap.SUPERUSER + " samehost scram-sha-256");
    allowed.forEach(block -> rules.add(client(block)));
    if (pooled) {
      rules.add(POOLERS);
    }
    return rules;
  }

  /** Whether the lines of a server, where not everybody may come, have poolers come in. */
  static boolean letsPoolersIn(List<String> rules) {
    return rules.contains(POOLERS) || rules.containsAll(OPEN);
  }

  private static String client(String block) {
    return "hostssl all all " + block + " scram-sha-256";
  }

  /**
   * The lines for a PgBouncer's clients. A rule that is for some addresses of its own is left out
   * where others are allowed: nobody comes in from elsewhere.
   *
   * @param rules of the Pooler, null for none
   * @param allowed the blocks that clients may come from; null for any
   * @return null for none
   */
  static List<String> ofPooler(List<String> rules, List<String> allowed) {
    if (allowed == null) {
      return rules;
    }
    if (rules == null) {
      return allowed.stream().map(ClientRules::client).toList();
    }
    return rules.stream().flatMap(rule -> narrowed(rule, allowed)).toList();
  }

  private static Stream<String> narrowed(String rule, List<String> allowed) {
    if (rule.endsWith(" reject")) {
      return Stream.of(rule);
    }
    Matcher any = FROM_ANYWHERE.matcher(rule);
    if (!any.matches()) {
      return Stream.empty();
    }
    boolean six = any.group(2).indexOf(':') >= 0;
    return allowed.stream()
        .filter(block -> block.indexOf(':') >= 0 == six)
        .map(block -> any.group(1) + block + any.group(3));
  }
}
