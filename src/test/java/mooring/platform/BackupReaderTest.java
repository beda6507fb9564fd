package mooring.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import mooring.core.Backup.Phase;
import mooring.core.Instance;
import mooring.core.SeenBackup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackupReaderTest {
  private static final String COMPLETED =
      """
      {"phase": "completed", "backupId": "20260102T030405", "startedAt": "2026-01-02T03:04:05Z",
       "stoppedAt": "2026-01-02T04:14:05+01:00", "pluginMetadata": {"sizeBytes": "123456"}}
      """;

  private final Instance database = Samples.instance("10.1.2.3");

  @ParameterizedTest
  @CsvSource({
    "'', PENDING",
    "pending, PENDING",
    "started, IN_PROGRESS",
    "running, IN_PROGRESS",
    "finalizing, IN_PROGRESS",
    "new in a later release, IN_PROGRESS",
    "completed, COMPLETED",
    "failed, FAILED",
    "walArchivingFailing, FAILED",
    "invalid backup definition, FAILED"
  })
  void everyPhaseHasItsMeaning(String phase, Phase meaning) {
    assertThat(manual("{\"phase\": \"" + phase + "\"}").phase()).isEqualTo(meaning);
  }

  @Test
  void withoutAStatusItIsPending() {
    SeenBackup seen = manual("{}");
    assertThat(seen.phase()).isEqualTo(Phase.PENDING);
    assertThat(seen.startedAt()).isNull();
    assertThat(seen.sizeBytes()).isZero();
    assertThat(seen.platformId()).isNull();
  }

  @Test
  void aCompleteOneSaysWhatItCameTo() {
    assertThat(manual(COMPLETED))
        .isEqualTo(
            new SeenBackup(
                "00c0ffee",
                database.id(),
                true,
                Phase.COMPLETED,
                null,
                123_456,
                Instant.parse("2026-01-02T03:04:00Z"),
                Instant.parse("2026-01-02T03:04:05Z"),
                Instant.parse("2026-01-02T03:14:05Z"),
                0,
                "20260102T030405"));
  }

  @Test
  void aFailedOneSaysWhy() {
    SeenBackup seen =
        manual(
            "{\"phase\":\"failed\",\"error\":\"no room\",\"stoppedAt\":\"2026-01-02T03:14:05Z\"}");
    assertThat(seen.reason()).isEqualTo("no room");
    assertThat(seen.completedAt()).isNull();
    assertThat(manual("{\"phase\":\"walArchivingFailing\"}").reason())
        .isEqualTo("walArchivingFailing");
  }

  @Test
  void whatIsNotANumberOrATimeIsNotTold() {
    SeenBackup seen =
        manual(
            """
            {"phase": "completed", "startedAt": "yesterday",
             "pluginMetadata": {"sizeBytes": "99999999999999999999"}}
            """);
    assertThat(seen.startedAt()).isNull();
    assertThat(seen.sizeBytes()).isZero();
    assertThat(seen.platformId()).isEqualTo(database.objectName() + "-b00c0ffee");
  }

  @Test
  void aDailyOneIsKnownByItsLabelAndHasAnIdOfItsOwn() {
    SeenBackup seen =
        BackupReader.read(
                backup(
                    database.objectName() + "-20260102030405",
                    Map.of(DailyBackup.MADE_BY, database.objectName()),
                    COMPLETED),
                database.id())
            .orElseThrow();
    assertThat(seen.manual()).isFalse();
    assertThat(seen.shortId()).isEqualTo("12345678");
  }

  @Test
  void othersAreNotTold() {
    String name = database.objectName() + "-b00c0ffee";
    assertThat(BackupReader.read(backup("by-hand", Map.of(), COMPLETED), database.id())).isEmpty();
    assertThat(BackupReader.read(backup(name, Map.of(), COMPLETED), database.id())).isEmpty();
    assertThat(BackupReader.read(backup(name, ours(), COMPLETED), UUID.randomUUID())).isEmpty();
  }

  private SeenBackup manual(String status) {
    return BackupReader.read(
            backup(database.objectName() + "-b00c0ffee", ours(), status), database.id())
        .orElseThrow();
  }

  private Map<String, String> ours() {
    return Labels.metadata(database, "x", PlatformSettings.of("ns", ServiceType.CLUSTER_IP))
        .getLabels();
  }

  private GenericKubernetesResource backup(String name, Map<String, String> labels, String status) {
    String json =
        """
        {"apiVersion": "postgresql.cnpg.io/v1", "kind": "Backup",
         "metadata": {"name": "%s", "uid": "12345678-9abc-4def-8123-456789abcdef",
           "creationTimestamp": "2026-01-02T03:04:00Z", "labels": %s},
         "spec": {"cluster": {"name": "%s"}}, "status": %s}
        """
            .formatted(name, Serialization.asJson(labels), database.objectName(), status);
    return Serialization.unmarshal(json, GenericKubernetesResource.class);
  }
}
