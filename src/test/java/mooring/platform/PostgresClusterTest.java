package mooring.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import mooring.core.Instance;
import mooring.core.PlatformRefusedException;
import mooring.core.Policy;
import mooring.core.Recovery;
import mooring.core.ReplicaOf;
import mooring.core.Replication;
import mooring.core.Setup;
import org.junit.jupiter.api.Test;

/** What a Cluster asks for over the life of its database. */
class PostgresClusterTest {
  private static final PlatformSettings PLAIN =
      PlatformSettings.of("prod", ServiceType.LOAD_BALANCER);
  private static final PlatformSettings WITH_BACKUPS =
      new PlatformSettings("prod", ServiceType.LOAD_BALANCER, "mine", null, "stores");
  private static final String PLUGIN = "barman-cloud.cloudnative-pg.io";
  private static final UUID SOURCE = UUID.randomUUID();
  private static final Map<String, String> ROOM =
      Map.of("max_connections", "900", "max_wal_senders", "30");

  private final Instance database = Samples.instance("10.1.2.3");

  @Test
  void aReadReplicaIsACopyThatFollowsUntilItIsPromoted() {
    ReplicaOf origin = new ReplicaOf(SOURCE, "orders", "db-0a1b2c3d", ROOM, null, false);
    GenericKubernetesResource cluster =
        PostgresCluster.of(with(Setup.NONE.withRetention(7).replicaOf(origin)), WITH_BACKUPS);
    Map<String, Object> spec = cluster.get("spec");
    assertThat(spec.get("bootstrap"))
        .isEqualTo(
            Map.of(
                "pg_basebackup",
                Map.of(
                    "source",
                    "origin",
                    "database",
                    database.database(),
                    "owner",
                    "app_user",
                    "secret",
                    Map.of("name", LoginSecret.name(database)))));
    assertThat(spec.get("replica")).isEqualTo(Map.of("enabled", true, "source", "origin"));
    assertThat(cluster.<Map<String, String>>get("spec", "postgresql", "parameters"))
        .containsAllEntriesOf(ROOM);
    assertThat(spec.get("externalClusters"))
        .isEqualTo(
            List.of(
                Map.of(
                    "name",
                    "origin",
                    "connectionParameters",
                    Map.of(
                        "host",
                        "db-0a1b2c3d-rw",
                        "user",
                        "streaming_replica",
                        "dbname",
                        "postgres",
                        "sslmode",
                        "verify-full"),
                    "sslKey",
                    Map.of("name", "db-0a1b2c3d-replication", "key", "tls.key"),
                    "sslCert",
                    Map.of("name", "db-0a1b2c3d-replication", "key", "tls.crt"),
                    "sslRootCert",
                    Map.of("name", "db-0a1b2c3d-ca", "key", "ca.crt"))));
    assertThat(cluster.<String>get("spec", "inheritedMetadata", "labels", "mooring/replica-of"))
        .isEqualTo(SOURCE.toString());
    assertThat(ClusterBootstrap.owner(cluster)).isEqualTo("app_user");
    // What it writes once it is promoted needs no other pod to be archived.
    assertThat(spec).containsKey("plugins");

    ReplicaOf past = origin.promoted(Instant.EPOCH);
    Setup promoted = Setup.NONE.withRetention(7).replicaOf(past);
    Map<String, Object> alone = PostgresCluster.of(with(promoted), WITH_BACKUPS).get("spec");
    assertThat(alone.get("replica")).isEqualTo(Map.of("enabled", false, "source", "origin"));
    assertThat(alone.get("bootstrap")).isEqualTo(spec.get("bootstrap"));
    assertThat(alone.get("inheritedMetadata"))
        .isEqualTo(Map.of("labels", Map.of("mooring/replica-of", "")));

    Recovery backup = new Recovery(database.id(), database.archiveName(), 7, null, null);
    Map<String, Object> restored =
        PostgresCluster.of(with(promoted.recoveredFrom(backup)), WITH_BACKUPS).get("spec");
    assertThat(restored).doesNotContainKeys("replica", "inheritedMetadata");
  }

  @Test
  void itIsHibernatedWhileStopped() {
    assertThat(annotations(PostgresCluster.of(database, PLAIN)))
        .containsEntry("cnpg.io/hibernation", "off")
        .doesNotContainKey("kubectl.kubernetes.io/restartedAt");
    assertThat(annotations(PostgresCluster.of(Samples.stopped(database), PLAIN)))
        .containsEntry("cnpg.io/hibernation", "on");
  }

  @Test
  void aRestartIsATimeToRestartAt() {
    Instant time = Instant.parse("2026-03-04T05:06:07.123456Z");

    assertThat(annotations(PostgresCluster.of(with(Setup.NONE.withRestartAt(time)), PLAIN)))
        .containsEntry("kubectl.kubernetes.io/restartedAt", "2026-03-04T05:06:07.123456Z");
  }

  @Test
  void aCommitWaitsForAStandbyWhereThereIsOne() {
    Setup strict = Setup.NONE.withReplication(Replication.STRICTLY_SYNCHRONOUS);
    Setup preferred = Setup.NONE.withReplication(Replication.SYNCHRONOUS);

    assertThat(durability(with(strict))).isNull();
    assertThat(durability(Samples.replicated(with(strict), 3))).isEqualTo("required");
    assertThat(durability(Samples.replicated(with(preferred), 2))).isEqualTo("preferred");
    assertThat(durability(Samples.replicated(database, 2))).isNull();
  }

  private static Object durability(Instance instance) {
    return PostgresCluster.of(instance, PLAIN)
        .get("spec", "postgresql", "synchronous", "dataDurability");
  }

  @Test
  void aStandbyTakesOverAtOnceUnlessPatienceIsAskedFor() {
    assertThat(PostgresCluster.of(database, PLAIN).<Object>get("spec", "failoverDelay")).isNull();
    Setup patient = Setup.NONE.withPolicy(Policy.NONE.withFailoverDelay(90));
    assertThat(PostgresCluster.of(with(patient), PLAIN).<Integer>get("spec", "failoverDelay"))
        .isEqualTo(90);
  }

  @Test
  void theOwnerIsAManagedRole() {
    assertThat(roles(PostgresCluster.of(database, PLAIN)))
        .containsExactly(
            Map.of(
                "name",
                "app_user",
                "ensure",
                "present",
                "login",
                true,
                "inherit",
                true,
                "connectionLimit",
                -1,
                "passwordSecret",
                Map.of("name", LoginSecret.name(database))));
  }

  @Test
  void theDatabasePostgresIsGivenToTheOwner() {
    Instance all = Samples.owned(database, "doad\"min", "postgres");

    GenericKubernetesResource cluster = PostgresCluster.of(all, PLAIN);

    assertThat(cluster.<String>get("spec", "bootstrap", "initdb", "database")).isEqualTo("app");
    assertThat(cluster.<List<String>>get("spec", "bootstrap", "initdb", "postInitSQL"))
        .containsExactly("ALTER DATABASE postgres OWNER TO \"doad\"\"min\"");
    assertThat(roles(cluster).get(0)).containsEntry("createdb", true);
    assertThat(roles(cluster).get(0)).containsEntry("createrole", true);
  }

  @Test
  void whatIsAskedForGoesOverWhatFollowsFromTheMemory() {
    Setup setup = Setup.NONE.withParameters(Map.of("work_mem", "64MB", "log_statement", "all"));
    Instance bigger = Samples.sized(with(setup), 4096, 10_240);

    GenericKubernetesResource cluster = PostgresCluster.of(bigger, PLAIN);

    assertThat(cluster.<Map<String, String>>get("spec", "postgresql", "parameters"))
        .containsEntry("work_mem", "64MB")
        .containsEntry("log_statement", "all")
        .containsEntry("shared_buffers", "1024MB");
    assertThat(cluster.<String>get("spec", "resources", "limits", "memory")).isEqualTo("4Gi");
  }

  @Test
  void volumesOnlyGrow() {
    GenericKubernetesResource there = PostgresCluster.of(database, PLAIN);

    assertThat(size(PostgresCluster.of(Samples.sized(database, 512, 5_120), PLAIN, there)))
        .isEqualTo("10Gi");
    assertThat(size(PostgresCluster.of(Samples.sized(database, 512, 20_480), PLAIN, there)))
        .isEqualTo("20Gi");
    assertThat(size(PostgresCluster.of(Samples.sized(database, 512, 5_120), PLAIN)))
        .isEqualTo("5Gi");
  }

  @Test
  void itIsArchivedWhereThereAreStores() {
    Instance kept = with(Setup.NONE.withRetention(7));

    assertThat(PostgresCluster.of(kept, WITH_BACKUPS).<List<?>>get("spec", "plugins"))
        .isEqualTo(
            List.of(
                Map.of(
                    "name",
                    PLUGIN,
                    "enabled",
                    true,
                    "isWALArchiver",
                    true,
                    "parameters",
                    Map.of("barmanObjectName", "stores-7d", "serverName", kept.objectName()))));
    assertThat(spec(PostgresCluster.of(kept, PLAIN))).doesNotContainKey("plugins");
    assertThat(spec(PostgresCluster.of(database, WITH_BACKUPS))).doesNotContainKey("plugins");
  }

  @Test
  void aBackupIsRecoveredAsItWasTaken() {
    Instance recovered = with(Setup.NONE.recoveredFrom(recovery(0, "20260102T030405", null)));

    GenericKubernetesResource cluster = PostgresCluster.of(recovered, WITH_BACKUPS);

    assertThat(cluster.<Map<String, ?>>get("spec", "bootstrap"))
        .isEqualTo(
            Map.of(
                "recovery",
                Map.of(
                    "source",
                    "origin",
                    "database",
                    "orders",
                    "owner",
                    "app_user",
                    "secret",
                    Map.of("name", LoginSecret.name(recovered)),
                    "recoveryTarget",
                    Map.of("backupID", "20260102T030405", "targetImmediate", true))));
    assertThat(cluster.<List<?>>get("spec", "externalClusters"))
        .isEqualTo(
            List.of(
                Map.of(
                    "name",
                    "origin",
                    "plugin",
                    Map.of(
                        "name",
                        PLUGIN,
                        "enabled",
                        true,
                        "isWALArchiver",
                        false,
                        "parameters",
                        Map.of(
                            "barmanObjectName", "stores-manual", "serverName", "db-01234567")))));
  }

  @Test
  void aMomentIsRecoveredFromTheArchiveOfItsDays() {
    Instant moment = Instant.parse("2026-01-02T03:04:05Z");
    Instance recovered = with(Setup.NONE.recoveredFrom(recovery(7, null, moment)));

    GenericKubernetesResource cluster = PostgresCluster.of(recovered, WITH_BACKUPS);

    assertThat(cluster.<Map<String, ?>>get("spec", "bootstrap", "recovery", "recoveryTarget"))
        .isEqualTo(Map.of("targetTime", "2026-01-02T03:04:05Z"));
    List<Map<String, Map<String, Map<String, String>>>> origins =
        cluster.get("spec", "externalClusters");
    assertThat(origins.get(0).get("plugin").get("parameters"))
        .containsEntry("barmanObjectName", "stores-7d");
    assertThatThrownBy(() -> PostgresCluster.of(recovered, PLAIN))
        .isInstanceOf(PlatformRefusedException.class)
        .hasMessageContaining("backups are not set up");
  }

  @Test
  void allThatAnArchiveHoldsIsRecoveredWithoutATarget() {
    Instance recovered = with(Setup.NONE.recoveredFrom(recovery(7, null, null)));

    GenericKubernetesResource cluster = PostgresCluster.of(recovered, WITH_BACKUPS);

    assertThat(cluster.<Map<String, Object>>get("spec", "bootstrap", "recovery"))
        .containsEntry("source", "origin")
        .doesNotContainKey("recoveryTarget");
  }

  @Test
  void theBootstrapIsTheSameInEveryLaterApply() {
    Recovery origin = recovery(7, null, Instant.parse("2026-01-02T03:04:05Z"));
    Instance first = with(Setup.NONE.recoveredFrom(origin));
    Instance later =
        Samples.changed(
            Samples.stopped(Samples.sized(first, 4096, 40_960)),
            first.spec(),
            first.desired(),
            first.setup().withRetention(30).withParameters(Map.of("work_mem", "8MB")));

    for (String field : List.of("bootstrap", "externalClusters")) {
      assertThat(PostgresCluster.of(later, WITH_BACKUPS).<Object>get("spec", field))
          .isEqualTo(PostgresCluster.of(first, WITH_BACKUPS).<Object>get("spec", field));
    }
  }

  private Instance with(Setup setup) {
    return Samples.changed(database, database.spec(), database.desired(), setup);
  }

  private static Recovery recovery(int days, String backup, Instant moment) {
    return new Recovery(SOURCE, "db-01234567", days, backup, moment);
  }

  private static Map<String, String> annotations(GenericKubernetesResource cluster) {
    return cluster.getMetadata().getAnnotations();
  }

  private static Map<String, ?> spec(GenericKubernetesResource cluster) {
    return cluster.get("spec");
  }

  private static List<Map<String, Object>> roles(GenericKubernetesResource cluster) {
    return cluster.get("spec", "managed", "roles");
  }

  private static String size(GenericKubernetesResource cluster) {
    return cluster.get("spec", "storage", "size");
  }
}
