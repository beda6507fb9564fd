package mooring.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubernetesConfigsTest {
  @TempDir Path folder;

  @Test
  void aPodReadsItsTokenEachTime() throws IOException {
    Files.writeString(folder.resolve("token"), "first\n");
    Config config =
        KubernetesConfigs.inCluster(
            Map.of("KUBERNETES_SERVICE_HOST", "10.96.0.1", "KUBERNETES_SERVICE_PORT", "6443"),
            folder);

    assertThat(config.getMasterUrl()).isEqualTo("https://10.96.0.1:6443/");
    assertThat(config.getCaCertFile()).isEqualTo(folder.resolve("ca.crt").toString());
    assertThat(config.getOauthTokenProvider().getToken()).isEqualTo("first");
    Files.writeString(folder.resolve("token"), "second\n");
    assertThat(config.getOauthTokenProvider().getToken()).isEqualTo("second");
  }

  @Test
  void outsideAPodThereIsNoServiceAccount() {
    assertThatThrownBy(() -> KubernetesConfigs.inCluster(Map.of(), folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not in a pod");
  }

  @Test
  void theFirstExistingFileOfTheListCounts() throws IOException {
    Path second = Files.writeString(folder.resolve("second"), "");
    String list = folder.resolve("missing") + File.pathSeparator + second;

    assertThat(KubernetesConfigs.usualKubeconfig(Map.of("KUBECONFIG", list))).isEqualTo(second);
    assertThat(KubernetesConfigs.usualKubeconfig(Map.of()))
        .isEqualTo(Path.of(System.getProperty("user.home"), ".kube", "config"));
  }

  @Test
  void aMissingKubeconfigIsNamed() {
    Path missing = folder.resolve("missing");

    assertThatThrownBy(() -> KubernetesConfigs.kubeconfig(missing))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(missing.toString());
  }

  @Test
  void aServerThatIsAwayShowsSoon() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("kubeconfig"),
            """
            apiVersion: v1
            kind: Config
            current-context: x
            clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
            users: [{name: u, user: {token: t}}]
            contexts: [{name: x, context: {cluster: c, user: u}}]
            """);
    Config config = KubernetesConfigs.kubeconfig(file);

    assertThat(config.getMasterUrl()).startsWith("http://127.0.0.1:1");
    assertThat(config.getRequestTimeout()).isLessThanOrEqualTo(5_000);
    assertThat(config.getConnectionTimeout()).isLessThanOrEqualTo(2_000);
    assertThat(config.getRequestRetryBackoffLimit()).isEqualTo(1);
    assertThat(config.isOnlyHttpWatches()).isTrue();
  }

  @Test
  void aKubeconfigIsReadAsItsClientReadsIt() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("kubeconfig"),
            """
            apiVersion: v1
            kind: Config
            current-context: x
            clusters: [{name: c, cluster: {server: "https://127.0.0.1:1", certificate-authority: ca.crt}}]
            users: [{name: u, user: {client-certificate: u.crt, client-key: /keys/u.key}}]
            contexts: [{name: x, context: {cluster: c, user: u, namespace: n}}]
            """);
    Files.writeString(folder.resolve("u.crt"), "");

    Config config = KubernetesConfigs.kubeconfig(file);
    Config usual = Config.fromKubeconfig(file.toFile());

    assertThat(config.getCaCertFile()).isEqualTo(folder.resolve("ca.crt").toString());
    assertThat(config)
        .extracting(
            Config::getMasterUrl,
            Config::getCaCertFile,
            Config::getClientCertFile,
            Config::getClientKeyFile,
            Config::getNamespace,
            Config::getCurrentContext,
            Config::getFile)
        .containsExactly(
            usual.getMasterUrl(),
            usual.getCaCertFile(),
            usual.getClientCertFile(),
            usual.getClientKeyFile(),
            usual.getNamespace(),
            usual.getCurrentContext(),
            usual.getFile());
  }

  @Test
  void whatIsNoKubeconfigIsRefusedByName() throws IOException {
    Path empty = Files.writeString(folder.resolve("empty"), "");
    Path list = Files.writeString(folder.resolve("list"), "[1, 2]");

    assertThatThrownBy(() -> KubernetesConfigs.kubeconfig(empty))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(empty.toString());
    assertThatThrownBy(() -> KubernetesConfigs.kubeconfig(list))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(list.toString());
  }
}
