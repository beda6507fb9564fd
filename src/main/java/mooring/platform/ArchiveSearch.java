package mooring.platform;

import static java.time.temporal.ChronoUnit.SECONDS;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.util.Optional;
import mooring.core.Instance;
import mooring.core.SeenBackup;

/**
 * Tells by what the ObjectStores show in which of them a complete backup is. A Backup asks for the
 * one that keeps all, but releases of the plugin that know one archive for each Cluster put it into
 * that, and nothing in the Backup's status says so.
 */
final class ArchiveSearch {
  private final KubernetesClient client;
  private final PlatformSettings settings;

  ArchiveSearch(KubernetesClient client, PlatformSettings settings) {
    this.client = client;
    this.settings = settings;
  }

  /**
   * How many days the archive keeps a backup that it shows, 0 until it is removed; empty while none
   * shows it. Blocks.
   */
  Optional<Integer> days(Instance instance, SeenBackup backup) {
    if (backup.completedAt() == null) {
      return Optional.empty();
    }
    Instant stopped = backup.completedAt().truncatedTo(SECONDS);
    // A database's requests take turns, so nothing later than this one is there yet.
    if (last(BackupStores.manual(settings), instance)
        .filter(at -> !at.isBefore(stopped))
        .isPresent()) {
      return Optional.of(0);
    }
    int days = instance.setup().retentionDays();
    // A daily one that stopped later would say nothing about this one.
    return days > 0
            && last(BackupStores.daily(settings, days), instance).equals(Optional.of(stopped))
        ? Optional.of(days)
        : Optional.empty();
  }

  private Optional<Instant> last(String store, Instance instance) {
    return Optional.ofNullable(shown(store))
        .flatMap(shown -> ServerWindow.last(shown, instance))
        .map(at -> at.truncatedTo(SECONDS));
  }

  private GenericKubernetesResource shown(String store) {
    try {
      return client
          .genericKubernetesResources(BackupStores.RESOURCE)
          .inNamespace(settings.namespace())
          .withName(store)
          .get();
    } catch (KubernetesClientException e) {
      throw ApiFailures.of(BackupStores.RESOURCE.getKind(), store, e);
    }
  }
}
