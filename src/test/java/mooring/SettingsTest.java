package mooring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import mooring.platform.ServiceType;
import mooring.store.SecretBox;
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
    assertThat(settings.rateLimit()).isZero();
    assertThat(settings.freshnessBound()).isEqualTo(Duration.ofSeconds(90));
    assertThat(settings.deadlines().create()).isEqualTo(Duration.ofMinutes(15));
    assertThat(settings.backupStores()).contains("mooring");
  }

  @Test
  void backupsNeedStoresThatAreNamed() {
    assertThat(Settings.of(Map.of("MOORING_KUBERNETES", "in-cluster")).backupStores()).isEmpty();
    assertThat(
            Settings.of(
                    Map.of(
                        "MOORING_KUBERNETES", "in-cluster",
                        "MOORING_BACKUP_STORES", "prod"))
                .backupStores())
        .contains("prod");
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
    "MOORING_ADDRESS_POOL,10.20.0.1/16",
    "MOORING_MANAGEMENT_PORT,8080",
    "MOORING_FRESHNESS_BOUND,90",
    "MOORING_BACKUP_STORES,Not_A_Label",
    "MOORING_RATE_LIMIT,-1",
    "MOORING_RATE_LIMIT,1000001",
    "MOORING_RATE_LIMIT,many",
    "MOORING_MIGRATION_ALLOW,127.0.0.1",
    "MOORING_MIGRATION_ALLOW,'10.0.0.0/8,here'",
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
  void requestsAreLimitedExceptOnTheEmbeddedDefault() {
    assertThat(Settings.of(Map.of("MOORING_RATE_LIMIT", "60")).rateLimit()).isEqualTo(60);
    assertThat(Settings.of(Map.of("MOORING_KUBERNETES", "in-cluster")).rateLimit()).isEqualTo(1000);
    Map<String, String> off = Map.of("MOORING_KUBERNETES", "in-cluster", "MOORING_RATE_LIMIT", "0");
    assertThat(Settings.of(off).rateLimit()).isZero();
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
  void refusesBeforeAnythingIsStartedWhatCannotBeRead() {
    Map<String, String> outside = Map.of("MOORING_KUBERNETES", "in-cluster");
    assertRefused(outside, "MOORING_DATABASE_HOST", "db.example.com");
    assertRefused(outside, "MOORING_ENCRYPTION_KEYSET", "{}");
    Map<String, String> keyset = Map.of("MOORING_ENCRYPTION_KEYSET", SecretBox.newKeyset());
    assertRefused(keyset, "MOORING_DATABASE_URL", "postgresql://localhost/m");
    Map<String, String> named =
        Map.of("MOORING_KUBERNETES", "in-cluster", "MOORING_DATABASE_HOST", "{short}.example.com");
    assertRefused(named, "MOORING_ADDRESS_POOL", "10.20.0.0/16");
  }

  @Test
  void tellsAnAddressThatClientsCanUse() {
    assertThat(url("0.0.0.0")).isEqualTo("http://127.0.0.1:80");
    assertThat(url("::")).isEqualTo("http://[::1]:80");
    assertThat(url("fd00::1")).isEqualTo("http://[fd00::1]:80");
    assertThat(url("mooring.example.com")).isEqualTo("http://mooring.example.com:80");
  }

  @Test
  void namesThePortThatIsInUse() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket busy = new ServerSocket(0, 1, loopback)) {
      String port = Integer.toString(busy.getLocalPort());
      Map<String, String> http = Map.of("MOORING_HTTP_PORT", port, "MOORING_MANAGEMENT_PORT", "0");
      assertThatThrownBy(() -> Ports.check(Settings.of(http)))
          .isInstanceOf(SettingsException.class)
          .hasMessageStartingWith("MOORING_HTTP_PORT " + port);
      Map<String, String> management =
          Map.of("MOORING_HTTP_PORT", "0", "MOORING_MANAGEMENT_PORT", port);
      assertThatThrownBy(() -> Ports.check(Settings.of(management)))
          .hasMessageStartingWith("MOORING_MANAGEMENT_PORT " + port);
    }
  }

  @Test
  void namesTheHostThatIsNotOfThisMachine() {
    for (String host : new String[] {"192.0.2.1", "nowhere.invalid"}) {
      Map<String, String> settings =
          Map.of(
              "MOORING_HTTP_HOST", host, "MOORING_HTTP_PORT", "0", "MOORING_MANAGEMENT_PORT", "0");
      assertThatThrownBy(() -> Ports.check(Settings.of(settings)))
          .isInstanceOf(SettingsException.class)
          .hasMessage("MOORING_HTTP_HOST must be an address of this machine");
    }
  }

  private static String url(String host) {
    return Settings.of(Map.of("MOORING_HTTP_HOST", host)).url(80);
  }

  private static void assertRefused(Map<String, String> others, String name, String value) {
    Map<String, String> all = new HashMap<>(others);
    all.put(name, value);
    assertThatThrownBy(() -> Settings.of(all))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith(name + " ");
  }

  @Test
  void theReadmeHasEveryOne() throws Exception {
    String readme = Files.readString(Path.of("README.md"));
    for (Setting<?> setting : Settings.ALL) {
      assertThat(readme).contains("`" + setting.name() + "`");
    }
  }
}
