package mooring.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.stream.Stream;
import mooring.core.Observation.Condition;
import mooring.core.SeenServers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CloudNativePgReaderTest {
  private static final String READY = condition("Ready", "True", "ClusterIsReady", "all up");
  private static final String NOT_READY =
      condition("Ready", "False", "ClusterIsNotReady", "1 of 2 is up");

  static Stream<Arguments> phases() {
    return ClusterPhase.ALL.entrySet().stream()
        .map(phase -> Arguments.of(phase.getKey(), phase.getValue()));
  }

  @ParameterizedTest
  @MethodSource("phases")
  void everyPhaseHasItsMeaning(String phase, Condition meaning) {
    assertThat(read(phase, READY).condition()).isEqualTo(meaning);
    assertThat(read(phase, NOT_READY).condition())
        .isEqualTo(meaning == Condition.HEALTHY ? Condition.SCALING : meaning);
    assertThat(read(phase, READY).message()).isEqualTo("because");
  }

  /** Written down a second time, so that the table cannot change unnoticed. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Setting up primary | SETTING_UP
          Creating a new replica | SCALING
          Waiting for the instances to become active | SCALING
          Cluster in healthy state | HEALTHY
          Upgrading cluster | ROLLING
          Upgrading Postgres major version | UPGRADING_MAJOR
          Primary instance is being restarted in-place | RESTARTING
          Primary instance is being restarted without a switchover | RESTARTING
          Applying configuration | CONFIGURING
          Switchover in progress | FAILING_OVER
          Failing over | FAILING_OVER
          Promoting to primary cluster | CONFIGURING
          Online upgrade in progress | HEALTHY
          Cluster upgrade delayed | HEALTHY
          Waiting for user action | HEALTHY
          Cluster is unrecoverable and needs manual intervention | BROKEN
          Invalid cluster definition | BROKEN
          Unable to create required cluster objects | BROKEN
          Cluster has incomplete or invalid image catalog | BROKEN
          Cluster cannot proceed to reconciliation due to an unknown plugin being required | BROKEN
          Cluster cannot proceed to reconciliation due to an error while interacting with plugins | BROKEN
          Cluster cannot execute instance online upgrade due to missing architecture binary | BROKEN
          """)
  void thePublishedTable(String phase, Condition meaning) {
    assertThat(ClusterPhase.meaning(phase)).contains(meaning);
    assertThat(ClusterPhase.ALL).hasSize(22);
  }

  @Test
  void aPhaseWeDoNotKnowPasses() {
    ClusterView view = read("Doing something new", READY);

    assertThat(view.condition()).isEqualTo(Condition.SCALING);
    assertThat(view.message()).isEqualTo("Doing something new");
  }

  @Test
  void noStatusYet() {
    ClusterView view = CloudNativePgReader.read(cluster("", "null"));

    assertThat(view.condition()).isEqualTo(Condition.SETTING_UP);
    assertThat(view.version()).isNull();
    assertThat(view.readyInstances()).isZero();
  }

  @Test
  void healthyNeedsTheReadyCondition() {
    ClusterView view = read(ClusterPhase.HEALTHY, NOT_READY);

    assertThat(view.condition()).isEqualTo(Condition.SCALING);
    assertThat(view.message()).isEqualTo("1 of 2 is up");
    assertThat(read(ClusterPhase.HEALTHY, "").condition()).isEqualTo(Condition.SCALING);
  }

  @Test
  void brokenWithoutAReasonSaysThePhase() {
    ClusterView view =
        CloudNativePgReader.read(
            cluster("", "{\"phase\": \"Invalid cluster definition\", \"conditions\": []}"));

    assertThat(view.message()).isEqualTo("Invalid cluster definition");
  }

  /** An operator need not tell; what it tells of an earlier definition is not said of this one. */
  @ParameterizedTest
  @CsvSource({
    "Cluster in healthy state, True, 6, CONFIGURING",
    "Cluster in healthy state, True, 7, HEALTHY",
    "Cluster in healthy state, True, 0, HEALTHY",
    "Invalid cluster definition, False, 6, CONFIGURING",
    "Invalid cluster definition, False, 7, REFUSED",
    "Invalid cluster definition, False, 0, BROKEN",
    "Cluster is unrecoverable and needs manual intervention, False, 6, BROKEN",
    "Cluster is unrecoverable and needs manual intervention, False, 7, BROKEN",
  })
  void whatIsToldOfAnEarlierDefinitionIsNotBelieved(
      String phase, String ready, int observed, Condition meaning) {
    String told =
        "{\"type\": \"Ready\", \"status\": \"%s\", \"observedGeneration\": %d}"
            .formatted(ready, observed);

    assertThat(
            CloudNativePgReader.read(cluster(", \"generation\": 7", status(phase, told)))
                .condition())
        .isEqualTo(meaning);
  }

  @Test
  void beingDeletedComesFirst() {
    String status = status(ClusterPhase.HEALTHY, READY + "," + hibernation("True", "Hibernated"));

    assertThat(
            CloudNativePgReader.read(
                    cluster(", \"deletionTimestamp\": \"2026-01-02T03:04:05Z\"", status))
                .condition())
        .isEqualTo(Condition.DELETING);
  }

  @ParameterizedTest
  @CsvSource({
    "True, Hibernated, STOPPED",
    "False, Hibernated, HEALTHY",
    "False, DeletingPods, STOPPING",
    "False, WaitingPodsDeletion, STOPPING",
    "False, WaitingForHealthy, STOPPING",
    "False, WrongAnnotationValue, BROKEN",
    "False, SomethingNew, HEALTHY",
  })
  void hibernationComesBeforeThePhase(String status, String reason, Condition meaning) {
    assertThat(read(ClusterPhase.HEALTHY, READY + "," + hibernation(status, reason)).condition())
        .isEqualTo(meaning);
  }

  @Test
  void factsComeFromTheObject() {
    ClusterView view = read(ClusterPhase.HEALTHY, READY);

    assertThat(view)
        .isEqualTo(
            new ClusterView(
                Condition.HEALTHY, "because", "15", 2, 3, 1500, 2048, 20_480, true, 0, 42));
  }

  @ParameterizedTest
  @CsvSource({"initdb, owner, 77", "recovery, owner, 77", "initdb, other, 0", "none, owner, 0"})
  void thePasswordVersionIsThatOfTheOwner(String bootstrap, String role, long version) {
    GenericKubernetesResource cluster =
        cluster(
            "",
            """
            {"managedRolesStatus": {"passwordStatus": {
              "owner": {"resourceVersion": "77", "transactionID": 5},
              "reader": {"resourceVersion": "99", "transactionID": 6}}}}
            """);
    cluster
        .<Map<String, Object>>get("spec")
        .put("bootstrap", Map.of(bootstrap, Map.of("owner", role)));

    assertThat(CloudNativePgReader.read(cluster).passwordVersion()).isEqualTo(version);
  }

  @ParameterizedTest
  @CsvSource({
    "ghcr.io/cloudnative-pg/postgresql:16.4, 16",
    "registry:5000/pg:14.12-bookworm, 14",
    "ghcr.io/pg:15.7-standard@sha256:9abc, 15",
    "ghcr.io/pg@sha256:9abc, ",
    "registry:5000/pg, ",
    "pg:latest, ",
  })
  void theTagTellsTheVersionUntilTheDataDoes(String image, String version) {
    String status = "{\"phase\": \"Setting up primary\", \"image\": \"" + image + "\"}";

    assertThat(CloudNativePgReader.read(cluster("", status)).version()).isEqualTo(version);
  }

  @ParameterizedTest
  @CsvSource({
    "ghcr.io/cloudnative-pg/postgresql:16.4, 16.4",
    "registry:5000/pg:16.12-standard-bookworm@sha256:9abc, 16.12",
    "ghcr.io/cloudnative-pg/postgresql:16, ",
    "ghcr.io/cloudnative-pg/postgresql:17.1, ",
    "ghcr.io/pg:16.4.1, ",
    "pg@sha256:9abc, ",
  })
  void theTagTellsTheRelease(String image, String release) {
    String status = "{\"image\": \"" + image + "\", \"pgDataImageInfo\": {\"majorVersion\": 16}}";

    assertThat(CloudNativePgReader.read(cluster("", status)).servers().release())
        .isEqualTo(release);
  }

  @Test
  void serversAreToldApartByTheirNumbers() {
    String status =
        """
        {"instanceNames": ["db-a1b2c3d4-10", "db-a1b2c3d4-2"], "currentPrimary": "db-a1b2c3d4-10",
         "instancesStatus": {"healthy": ["db-a1b2c3d4-10"], "failed": ["db-a1b2c3d4-2"]}}
        """;

    assertThat(CloudNativePgReader.read(cluster("", status)).servers().all())
        .containsExactly(new SeenServers.One(2, false, false), new SeenServers.One(10, true, true));
    assertThat(read(ClusterPhase.HEALTHY, READY).servers()).isEqualTo(SeenServers.NONE);
  }

  private static ClusterView read(String phase, String conditions) {
    return CloudNativePgReader.read(cluster("", status(phase, conditions)));
  }

  private static String status(String phase, String conditions) {
    return """
        {"phase": "%s", "phaseReason": "because", "readyInstances": 2,
         "image": "ghcr.io/cloudnative-pg/postgresql:16.1",
         "pgDataImageInfo": {"image": "x:15", "majorVersion": 15}, "conditions": [%s]}
        """
        .formatted(phase, conditions);
  }

  private static String hibernation(String status, String reason) {
    return condition("cnpg.io/hibernation", status, reason, "asleep");
  }

  private static String condition(String type, String status, String reason, String message) {
    return "{\"type\": \"%s\", \"status\": \"%s\", \"reason\": \"%s\", \"message\": \"%s\"}"
        .formatted(type, status, reason, message);
  }

  private static GenericKubernetesResource cluster(String metadata, String status) {
    String json =
        """
        {"apiVersion": "postgresql.cnpg.io/v1", "kind": "Cluster",
         "metadata": {"name": "db-a1b2c3d4", "resourceVersion": "42"%s},
         "spec": {"instances": 3, "storage": {"size": "20Gi"},
           "resources": {"requests": {"cpu": "1500m", "memory": "2Gi"}, "limits": {"memory": "2Gi"}}},
         "status": %s}
        """
            .formatted(metadata, status);
    return Serialization.unmarshal(json, GenericKubernetesResource.class);
  }
}
