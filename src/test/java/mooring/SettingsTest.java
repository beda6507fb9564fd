package mooring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import mooring.platform.ServiceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  @Test
  void defaultsAreTheEmbeddedOnes() {
    Settings settings = Settings.of(Map.of());
    assertThat(settings.httpHost()).isEqualTo("127.0.0.1");
    assertThat(settings.httpPort()).isEqualTo(8080);
    assertThat(settings.kubernetes()).isEqualTo(Settings.Kubernetes.EMBEDDED);
    assertThat(settings.serviceType()).isEqualTo(ServiceType.LOAD_BALANCER);
    assertThat(settings.freshnessBound()).isEqualTo(Duration.ofSeconds(90));
    assertThat(settings.deadlines().create()).isEqualTo(Duration.ofMinutes(15));
  }

  @ParameterizedTest
  @CsvSource({
    "MOORING_HTTP_PORT,eighty",
    "MOORING_HTTP_PORT,65536",
    "MOORING_KUBERNETES,k3s",
    "MOORING_NAMESPACE,Not_A_Label",
    "MOORING_SERVICE_TYPE,NodePort",
    "MOORING_SERVICE_TYPE,ClusterIP",
    "MOORING_DATABASE_HOST,'{short}.db.example.com'",
    "MOORING_FRESHNESS_BOUND,90",
    "MOORING_PLACES,nyc1",
    "MOORING_PLACES,'uncloud=nyc1'"
  })
  void refusesByName(String name, String value) {
    assertThatThrownBy(() -> Settings.of(Map.of(name, value)))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith(name + " must be ");
  }

  @Test
  void refusesUnknownOnesButNotTheClientsNorThoseOfKubernetes() {
    assertThatThrownBy(() -> Settings.of(Map.of("MOORING_PORTS", "1", "MOORING_HTP_PORT", "1")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("MOORING_HTP_PORT, MOORING_PORTS");
    Map<String, String> harmless =
        Map.of(
            "MOORING_URL", "http://127.0.0.1:8080",
            "MOORING_TOKEN", "x",
            "MOORING_SERVICE_HOST", "10.96.0.7",
            "MOORING_SERVICE_PORT_HTTP", "80",
            "MOORING_PORT_80_TCP_ADDR", "10.96.0.7",
            "MOORING_PORT", "tcp://10.96.0.7:80");
    assertThat(Settings.of(harmless).httpPort()).isEqualTo(8080);
  }

  @Test
  void anExternalDatabaseNeedsAKeyset() {
    assertThatThrownBy(
            () -> Settings.of(Map.of("MOORING_DATABASE_URL", "postgresql://u:p@localhost/m")))
        .hasMessageStartingWith("MOORING_ENCRYPTION_KEYSET must be ")
        .hasMessageNotContaining("u:p");
  }

  @Test
  void loadBalancersNeedAddresses() {
    assertThatThrownBy(
            () ->
                Settings.of(
                    Map.of(
                        "MOORING_KUBERNETES", "in-cluster",
                        "MOORING_SERVICE_TYPE", "LoadBalancer")))
        .hasMessageContaining("MOORING_ADDRESS_POOL")
        .hasMessageContaining("MOORING_DATABASE_HOST");
  }

  @Test
  void theReadmeHasEveryOne() throws Exception {
    String readme = Files.readString(Path.of("README.md"));
    for (Setting<?> setting : Settings.ALL) {
      assertThat(readme).contains("`" + setting.name() + "`");
    }
  }
}
