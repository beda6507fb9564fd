package mooring.local.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a test asks about backups. */
final class BackupBench {
  static final String PLUGIN = "barman-cloud.cloudnative-pg.io";
  private final OperatorBench bench;

  BackupBench(OperatorBench bench) {
    this.bench = bench;
  }

  /** The part of a Cluster's spec that has its write-ahead log archived. */
  static Map<String, Object> archivedIn(String store, String serverName) {
    return Map.of(
        "plugins",
        List.of(
            Map.of(
                "name",
                PLUGIN,
                "isWALArchiver",
                true,
                "parameters",
                Map.of("barmanObjectName", store, "serverName", serverName))));
  }

  /** The part of a Cluster's spec that has it recovered from an archive. */
  static Map<String, Object> recoveredFrom(
      String store, String serverName, Map<String, Object> target, String secret) {
    Map<String, Object> recovery =
        new HashMap<>(
            Map.of(
                "source", "origin",
                "database", "my_app",
                "owner", "app_user",
                "secret", Map.of("name", secret)));
    if (!target.isEmpty()) {
      recovery.put("recoveryTarget", target);
    }
    return Map.of(
        "bootstrap",
        Map.of("recovery", recovery),
        "externalClusters",
        List.of(
            Map.of(
                "name",
                "origin",
                "plugin",
                Map.of(
                    "name",
                    PLUGIN,
                    "parameters",
                    Map.of("barmanObjectName", store, "serverName", serverName)))));
  }

  void create(String name, String cluster, String store) {
    Map<String, Object> plugin = new HashMap<>(Map.of("name", PLUGIN));
    if (!store.isEmpty()) {
      plugin.put("parameters", Map.of("barmanObjectName", store));
    }
    GenericKubernetesResource backup = new GenericKubernetesResource();
    backup.setApiVersion("postgresql.cnpg.io/v1");
    backup.setKind("Backup");
    backup.setMetadata(new ObjectMetaBuilder().withName(name).build());
    backup.setAdditionalProperty(
        "spec",
        Map.of(
            "cluster", Map.of("name", cluster), "method", "plugin", "pluginConfiguration", plugin));
    backups().resource(backup).create();
  }

  /** Waits for it, and gives its identifier. */
  String awaitCompleted(String name) {
    bench.await(() -> assertThat(status(name, "phase")).isEqualTo("completed"));
    return String.valueOf(status(name, "backupId"));
  }

  void awaitFailed(String name, String reason) {
    bench.await(
        () -> {
          assertThat(status(name, "phase")).isEqualTo("failed");
          assertThat(status(name, "error")).asString().contains(reason);
        });
  }

  void delete(String name) {
    backups().withName(name).delete();
    bench.await(() -> assertThat(backups().withName(name).get()).isNull());
  }

  Object status(String name, String field) {
    GenericKubernetesResource backup = backups().withName(name).get();
    return backup == null ? null : backup.get("status", field);
  }

  /** When a store shows that a server's last backup stopped; null for none. */
  String lastShown(String store, String serverName) {
    return of(CustomResources.OBJECT_STORES)
        .withName(store)
        .get()
        .get("status", "serverRecoveryWindow", serverName, "lastSuccessfulBackupTime");
  }

  /** What is told from now on of backups and of a server's part of a store. */
  ToldVersions told(String store, String serverName) {
    return new ToldVersions(
        backups(), of(CustomResources.OBJECT_STORES).withName(store), serverName);
  }

  Path archive(String store, String serverName) {
    return bench
        .directory
        .resolve("object_stores")
        .resolve(bench.namespace)
        .resolve(store)
        .resolve(serverName);
  }

  /** The names of the backups on disk, finished or not. */
  List<String> copies(String store, String serverName) {
    Path base = archive(store, serverName).resolve("base");
    if (!Files.isDirectory(base)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(base)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  NonNamespaceOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      backups() {
    return of(CustomResources.BACKUPS);
  }

  NonNamespaceOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      of(ResourceDefinitionContext kind) {
    return bench.client.genericKubernetesResources(kind).inNamespace(bench.namespace);
  }

  /** Lets the objects go when there is no operator any more. */
  void letGo() {
    for (GenericKubernetesResource backup : backups().list().getItems()) {
      backups()
          .withName(backup.getMetadata().getName())
          .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"finalizers\":[]}}");
    }
    backups().delete();
    of(CustomResources.SCHEDULED_BACKUPS).delete();
  }
}
