package mooring.local.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import mooring.local.kubernetes.EmbeddedKubernetes;
import mooring.local.kubernetes.EmbeddedKubernetesConfig;
import mooring.local.postgres.TestBinaries;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Schedules while the API server is away. */
class ScheduleKeeperTest {
  private static final String HERE = "default";

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final ListAppender<ILoggingEvent> heard = new ListAppender<>();
  private KubernetesClient client;

  @BeforeEach
  void start() {
    Path kubeconfig =
        EmbeddedKubernetes.start(vertx, EmbeddedKubernetesConfig.in(directory))
            .await()
            .kubeconfig();
    Config access =
        new ConfigBuilder(Config.fromKubeconfig(kubeconfig.toFile()))
            .withOnlyHttpWatches(true)
            .withRequestRetryBackoffLimit(0)
            .build();
    client =
        new KubernetesClientBuilder()
            .withConfig(access)
            .withHttpClientFactory(new JdkHttpClientFactory())
            .build();
    heard.start();
    log().addAppender(heard);
  }

  @AfterEach
  void stop() {
    log().detachAppender(heard);
    client.close();
    vertx.close().await();
  }

  @Test
  void anOutageIsSaidInOneLine() {
    OperatorConfig config =
        new OperatorConfig(
            directory, HERE, TestBinaries.ALL, OperatorConfig.DEFAULT_CATALOG, Clock.systemUTC());
    try (BackupView view = new BackupView(client, HERE, name -> {})) {
      view.start().join();
      create();
      Awaitility.await().until(() -> !view.schedules().isEmpty());
      vertx.close().await();
      awaitRefusal();

      KubernetesView clusters = new KubernetesView(client, HERE, name -> {});
      new ScheduleKeeper(client, config, clusters, view).tick();
    }
    assertThat(heard.list)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getThrowableProxy()).isNull();
              assertThat(event.getMessage()).isEqualTo("Trying again later");
              assertThat(event.getKeyValuePairs().toString())
                  .contains("schedule=\"daily\"", "ConnectException");
            });
  }

  /** Until the client has noticed that the connections which it keeps have ended. */
  private void awaitRefusal() {
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> client.namespaces().list())
                    .hasStackTraceContaining("ConnectException"));
  }

  private void create() {
    GenericKubernetesResource schedule = new GenericKubernetesResource();
    schedule.setApiVersion("postgresql.cnpg.io/v1");
    schedule.setKind("ScheduledBackup");
    schedule.setMetadata(new ObjectMetaBuilder().withName("daily").build());
    schedule.setAdditionalProperty(
        "spec", Map.of("schedule", "0 30 3 * * *", "cluster", Map.of("name", "db")));
    client
        .genericKubernetesResources(CustomResources.SCHEDULED_BACKUPS)
        .inNamespace(HERE)
        .resource(schedule)
        .create();
  }

  private static Logger log() {
    return (Logger) LoggerFactory.getLogger(ScheduleKeeper.class);
  }
}
