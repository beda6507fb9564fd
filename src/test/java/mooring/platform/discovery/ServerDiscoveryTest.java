package mooring.platform.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import mooring.FreePort;
import mooring.core.Address;
import mooring.core.Desired;
import mooring.core.Instance;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.Samples;
import mooring.local.kubernetes.EmbeddedKubernetes;
import mooring.local.kubernetes.EmbeddedKubernetesConfig;
import mooring.platform.KubernetesConnection;
import mooring.platform.ServiceAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Service discovery against the embedded API server: over HTTPS, by its authority and token. */
@Timeout(60)
class ServerDiscoveryTest {
  private static final Duration LOOK = Duration.ofMillis(700);
  private static final int LOG_OF_CHANGES = 5;

  private final Instance database =
      Samples.instance(
          Desired.RUNNING, Samples.operation(OperationKind.CREATE, Outcome.SUCCEEDED, 1L));

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private EmbeddedKubernetes api;
  private KubernetesClient admin;
  private ServerDiscovery discovery;
  private volatile Set<ServiceAddress> truth = Set.of();

  @BeforeEach
  void start() {
    // None that an outgoing connection takes while the server is away.
    api = api(FreePort.next());
    admin =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(api.kubeconfig().toFile()))
            .withHttpClientFactory(new JdkHttpClientFactory())
            .build();
  }

  @AfterEach
  void stop() {
    discovery.close();
    admin.close();
    done(vertx.close());
  }

  @Test
  void followsAServiceFromItsAppearanceToItsEnd() {
    discovery = discovery(LOOK, null);
    assertThat(found()).isEqualTo(database.address());
    Address first = made(5432);
    awaitFound(first);

    ported(5433);
    awaitFound(new Address(first.host(), 5433));

    admin.services().inNamespace("default").withName(database.objectName()).delete();
    truth = Set.of();
    awaitFound(database.address());
    Address second = made(5432);
    awaitFound(second);
  }

  @Test
  void asksWithTheTokenThatTheFileHoldsNow() throws IOException {
    Path token = Files.writeString(directory.resolve("token"), "expired");
    Address address = made(5432);
    discovery = discovery(LOOK, token);
    assertThat(found()).isEqualTo(database.address());
    Files.writeString(token, api.token() + "\n");
    awaitFound(address);
  }

  @Test
  void trustsNoServerOfAnotherAuthority() throws IOException {
    Address address = made(5432);
    EmbeddedKubernetes other =
        done(
            EmbeddedKubernetes.start(
                vertx, EmbeddedKubernetesConfig.in(Files.createDirectory(directory.resolve("b")))));
    Config impostor = Config.fromKubeconfig(other.kubeconfig().toFile());
    impostor.setMasterUrl(api.url());
    impostor.setOauthToken(api.token());
    discovery =
        new ServerDiscovery(vertx, ApiAccess.of(impostor, null), "default", () -> truth, LOOK);
    assertThat(found()).isEqualTo(database.address());
    await()
        .during(Duration.ofSeconds(2))
        .atMost(Duration.ofSeconds(30))
        .until(() -> !found().equals(address));
  }

  /** The bridge drops such a change, and never learns of it. */
  @Test
  void aRecordThatStaysWrongHeals() {
    discovery = discovery(LOOK, null);
    Address first = made(8080);
    awaitFound(first);
    ported(8081);
    awaitFound(new Address(first.host(), 8081));
  }

  /** By the bridge itself: the discovery looks only once. */
  @Test
  void anOutageOfTheServerIsOvercome() throws IOException {
    discovery = discovery(Duration.ofHours(1), null);
    Address first = made(5432);
    awaitFound(first);
    int port = URI.create(api.url()).getPort();
    done(api.close());
    EmbeddedKubernetes hidden = api(FreePort.next());
    try (KubernetesClient unseen =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(hidden.kubeconfig().toFile()))
            .withHttpClientFactory(new JdkHttpClientFactory())
            .build()) {
      for (int i = 0; i < 2 * LOG_OF_CHANGES; i++) {
        unseen.services().inNamespace("default").resource(service("db-more" + i, 5432)).create();
      }
    }
    done(hidden.close());
    api = api(port);
    ServiceAddress more = truth("db-more3");
    truth = Set.of(more);
    // The version that the bridge goes on from is older than the log of changes by now.
    await().atMost(Duration.ofSeconds(20)).until(() -> records().contains(more));
    Service late =
        admin.services().inNamespace("default").resource(service("db-late", 5432)).create();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> records().contains(new ServiceAddress("db-late", address(late))));
  }

  private EmbeddedKubernetes api(int port) {
    return done(
        EmbeddedKubernetes.start(
            vertx,
            EmbeddedKubernetesConfig.in(directory)
                .withPort(port)
                .withLimits(100, LOG_OF_CHANGES)
                .withBookmarkInterval(Duration.ofMillis(500))));
  }

  private ServerDiscovery discovery(Duration look, Path token) {
    Config config = Config.fromKubeconfig(api.kubeconfig().toFile());
    return new ServerDiscovery(vertx, ApiAccess.of(config, token), "default", () -> truth, look);
  }

  private Address found() {
    return discovery.address(database).blockingGet();
  }

  private Set<ServiceAddress> records() {
    return done(discovery.records());
  }

  private void awaitFound(Address address) {
    await().atMost(Duration.ofSeconds(20)).until(() -> found().equals(address));
  }

  /** Makes the Service of the database, and says what the watched ones are then. */
  private Address made(int port) {
    admin.services().inNamespace("default").resource(service(database.objectName(), port)).create();
    truth = Set.of(truth(database.objectName()));
    return truth.iterator().next().address();
  }

  private void ported(int port) {
    admin
        .services()
        .inNamespace("default")
        .withName(database.objectName())
        .edit(
            service -> {
              service.getSpec().getPorts().get(0).setPort(port);
              return service;
            });
    truth = Set.of(truth(database.objectName()));
  }

  private ServiceAddress truth(String name) {
    return new ServiceAddress(
        name, address(admin.services().inNamespace("default").withName(name).get()));
  }

  private static Address address(Service service) {
    return new Address(
        service.getSpec().getClusterIP(), service.getSpec().getPorts().get(0).getPort());
  }

  private Service service(String name, int port) {
    Map<String, String> labels =
        List.of(KubernetesConnection.DATABASES.split(",")).stream()
            .map(label -> label.split("="))
            .collect(
                Collectors.toMap(
                    label -> label[0],
                    label -> label.length > 1 ? label[1] : database.id().toString()));
    return new ServiceBuilder()
        .withNewMetadata()
        .withName(name)
        .withLabels(labels)
        .endMetadata()
        .withNewSpec()
        .addNewPort()
        .withName("postgresql")
        .withProtocol("TCP")
        .withPort(port)
        .endPort()
        .endSpec()
        .build();
  }

  private static <T> T done(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
