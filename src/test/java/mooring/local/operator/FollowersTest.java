package mooring.local.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mooring.local.postgres.TestBinaries;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose data are copied, while the source is down. */
class FollowersTest {
  private static final String SOURCE = "db-1a2b3c4d";
  private static final String REPLICA = "db-9f8e7d6c";

  @TempDir Path directory;
  private InstanceFiles files;
  private Followers followers;

  @BeforeEach
  void open() {
    OperatorConfig config =
        new OperatorConfig(
            directory, "here", TestBinaries.ALL, OperatorConfig.DEFAULT_CATALOG, Clock.systemUTC());
    ServerProcesses processes = new ServerProcesses(config, null, name -> {});
    ServerFleet fleet = new ServerFleet(config, null, processes, new Topologies(processes));
    followers = new Followers(fleet, processes, name -> true);
    files = fleet.files(REPLICA);
  }

  @Test
  void whatCannotGoOnFollowingIsCopiedAnewWhereItsSourceIsThere() throws IOException {
    data();
    assertThatCode(() -> prepare(true, true)).doesNotThrowAnyException();
    followers.spoil(files);
    assertThatThrownBy(() -> prepare(true, true))
        .isInstanceOf(NotReadyException.class)
        .hasMessageContaining("its source does not let it in yet");
  }

  @Test
  void whatWasPromotedMeanwhileKeepsItsData() throws IOException {
    data();
    followers.spoil(files);
    assertThatCode(() -> prepare(false, true)).doesNotThrowAnyException();
    // Nor is it copied later, when it is to follow again for whatever reason.
    assertThatCode(() -> prepare(true, true)).doesNotThrowAnyException();
    assertThat(files.data().major()).hasValue(17);
  }

  @Test
  void whatHasLostItsDataAfterItsPromotionIsNoCopyAgain() {
    assertThatCode(() -> prepare(false, true)).doesNotThrowAnyException();
    assertThatThrownBy(() -> prepare(false, false)).isInstanceOf(NotReadyException.class);
  }

  private void data() throws IOException {
    Files.createDirectories(files.data().path());
    Files.writeString(files.data().path().resolve("PG_VERSION"), "17\n");
  }

  private void prepare(boolean follows, boolean initialized) {
    ClientService service = new ClientService(REPLICA, "127.0.0.1", 5432);
    DatabasePlan plan =
        new DatabasePlan(
            spec(follows),
            "image",
            17,
            service,
            "password",
            "1",
            Optional.empty(),
            Optional.empty(),
            Optional.of(new Following(SOURCE, service)),
            false,
            Map.of(),
            List.of());
    followers.prepare(plan, initialized, phase -> {});
  }

  private static ClusterSpec spec(boolean follows) {
    GenericKubernetesResource cluster = new GenericKubernetesResource();
    cluster.setMetadata(
        new ObjectMetaBuilder().withName(REPLICA).withNamespace("here").withUid("uid").build());
    cluster.setAdditionalProperty(
        "spec",
        Map.of(
            "bootstrap",
            Map.of("pg_basebackup", Map.of("source", "origin")),
            "replica",
            Map.of("enabled", follows, "source", "origin"),
            "externalClusters",
            List.of(
                Map.of("name", "origin", "connectionParameters", Map.of("host", SOURCE + "-rw")))));
    return ClusterSpec.of(cluster);
  }
}
