package mooring.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Instant;
import java.time.LocalTime;
import java.util.Map;
import java.util.UUID;
import mooring.core.Desired;
import mooring.core.Instance;
import mooring.core.Policy;
import mooring.core.Recovery;
import mooring.core.ReplicaOf;
import mooring.core.Setup;
import org.junit.jupiter.api.Test;

class DailyBackupTest {
  private static final PlatformSettings SETTINGS =
      new PlatformSettings("prod", ServiceType.LOAD_BALANCER, "mine", "fast", "store");

  private final Instance database = Samples.instance("10.1.2.3");

  @Test
  void backsUpIntoTheClustersOwnArchiveEveryNight() {
    GenericKubernetesResource daily = DailyBackup.of(kept(7), SETTINGS);

    assertThat(daily.getMetadata().getName()).isEqualTo(database.objectName());
    assertThat(Labels.belongs(daily, database.id())).isTrue();
    assertThat(daily.<Map<String, Object>>get("spec"))
        .containsEntry("cluster", Map.of("name", database.objectName()))
        .containsEntry("method", "plugin")
        .containsEntry(
            "pluginConfiguration",
            Map.of(
                "name", BackupStores.PLUGIN, "parameters", Map.of("barmanObjectName", "store-7d")))
        .containsEntry("backupOwnerReference", "none")
        .containsEntry("immediate", true)
        .containsEntry("suspend", false);
    assertThat(daily.<String>get("spec", "schedule")).matches("0 [1-5]?\\d [0-5] \\* \\* \\*");
  }

  @Test
  void restsWhileTheDatabaseIsStopped() {
    Instance stopped =
        database.wanted(database.spec(), Desired.STOPPED, setup(7), database.attributes());
    assertThat(DailyBackup.of(stopped, SETTINGS).<Boolean>get("spec", "suspend")).isTrue();
  }

  @Test
  void aRecoveredDatabaseWaitsForItsFirstNight() {
    Recovery origin =
        new Recovery(
            UUID.randomUUID(), "db-00000000", 7, null, Instant.parse("2026-01-02T03:04:05Z"));
    Instance recovered =
        database.wanted(
            database.spec(),
            Desired.RUNNING,
            setup(7).recoveredFrom(origin),
            database.attributes());
    assertThat(DailyBackup.of(recovered, SETTINGS).<Boolean>get("spec", "immediate")).isFalse();
  }

  @Test
  void isMadeWhenItIsAskedFor() {
    Setup asked = setup(7).withPolicy(Policy.NONE.withBackupTime(LocalTime.of(23, 5)));
    Instance kept = database.wanted(database.spec(), Desired.RUNNING, asked, database.attributes());
    assertThat(DailyBackup.of(kept, SETTINGS).<String>get("spec", "schedule"))
        .isEqualTo("0 5 23 * * *");
  }

  @Test
  void isWantedWhereThereAreStoresAndARetention() {
    assertThat(DailyBackup.wanted(kept(7), SETTINGS)).isTrue();
    assertThat(DailyBackup.wanted(kept(0), SETTINGS)).isFalse();
    assertThat(DailyBackup.wanted(kept(7), PlatformSettings.of("prod", ServiceType.CLUSTER_IP)))
        .isFalse();
    ReplicaOf origin = ReplicaOf.of(database);
    Instance replica = Samples.created(database, setup(7).replicaOf(origin));
    assertThat(DailyBackup.wanted(replica, SETTINGS)).isFalse();
  }

  private Instance kept(int days) {
    return database.wanted(database.spec(), Desired.RUNNING, setup(days), database.attributes());
  }

  private static Setup setup(int days) {
    return Setup.NONE.withRetention(days);
  }
}
