package mooring.local.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** A NetworkPolicy says where clients of a server may come from. */
class OperatorAccessTest extends OperatorTestBase {
  private static final String NO_ENTRY = "no pg_hba.conf entry";

  @Test
  void clientsComeOnlyFromWhereTheyMayWithoutARestart() throws SQLException {
    allow("203.0.113.0/24");
    bench.startOperator();
    bench.createDatabase(DB, 16, address);
    bench.awaitHealthy(DB);
    assertThatThrownBy(() -> ask("select 1")).hasMessageContaining(NO_ENTRY);

    allow("127.0.0.0/8");
    bench.await(() -> assertThat(ask("select 1")).isEqualTo("1"));
    String started = ask("select pg_postmaster_start_time()::text");

    allow("203.0.113.0/24");
    bench.await(() -> assertThatThrownBy(() -> ask("select 1")).hasMessageContaining(NO_ENTRY));

    bench.client.resource(policy("127.0.0.0/8")).inNamespace(bench.namespace).delete();
    bench.await(
        () -> assertThat(ask("select pg_postmaster_start_time()::text")).isEqualTo(started));
  }

  private void allow(String block) {
    assertThat(
            bench
                .client
                .resource(policy(block))
                .inNamespace(bench.namespace)
                .createOr(existing -> existing.update()))
        .isNotNull();
  }

  static NetworkPolicy policy(String block) {
    return new NetworkPolicyBuilder()
        .withNewMetadata()
        .withName(DB)
        .endMetadata()
        .withNewSpec()
        .withNewPodSelector()
        .addNewMatchExpression()
        .withKey("cnpg.io/cluster")
        .withOperator("In")
        .withValues(DB)
        .endMatchExpression()
        .endPodSelector()
        .withPolicyTypes("Ingress")
        .addNewIngress()
        .addNewFrom()
        .withNewIpBlock()
        .withCidr(block)
        .endIpBlock()
        .endFrom()
        .endIngress()
        .endSpec()
        .build();
  }
}
