package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Instant;
import java.util.Optional;
import mooring.core.Instance;

/** What an ObjectStore shows of a database's backups in it. */
final class ServerWindow {
  private ServerWindow() {}

  /** The first moment that a server can be recovered to; empty before the first backup. */
  static Optional<Instant> first(GenericKubernetesResource store, String server) {
    return time(store, server, "firstRecoverabilityPoint");
  }

  /** When the last backup stopped; empty before the first. */
  static Optional<Instant> last(GenericKubernetesResource store, Instance instance) {
    return time(store, instance.archiveName(), "lastSuccessfulBackupTime");
  }

  private static Optional<Instant> time(
      GenericKubernetesResource store, String server, String field) {
    return Optional.ofNullable(
        BackupReader.time(store.get("status", "serverRecoveryWindow", server, field)));
  }
}
