package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes backups that are older than their store keeps them, except the newest of these: the first
 * days of the time that can be recovered to begin with it. It goes too when it is the last one of a
 * server that is gone.
 */
final class Retention {
  private static final Logger log = LoggerFactory.getLogger(Retention.class);
  private static final Duration PERIOD = Duration.ofMinutes(1);
  private static final Pattern POLICY = Pattern.compile("([1-9][0-9]{0,4})([dwm])");
  private static final Map<String, Integer> DAYS = Map.of("d", 1, "w", 7, "m", 31);

  private final KubernetesClient client;
  private final OperatorConfig config;
  private final BackupView view;
  private final Stores stores;
  private final StoreKeeper keeper;
  private Instant last = Instant.EPOCH;

  Retention(
      KubernetesClient client,
      OperatorConfig config,
      BackupView view,
      Stores stores,
      StoreKeeper keeper) {
    this.client = client;
    this.config = config;
    this.view = view;
    this.stores = stores;
    this.keeper = keeper;
  }

  /** Looks at the clock; once a minute of its time, at the backups. */
  void tick() {
    Instant now = config.clock().instant();
    if (Duration.between(last, now).abs().compareTo(PERIOD) < 0) {
      return;
    }
    last = now;
    Map<String, GenericKubernetesResource> objects = new HashMap<>();
    view.backups().forEach(backup -> objects.put(backup.getMetadata().getUid(), backup));
    for (ServerArchive archive : stores.all()) {
      keptFor(archive.target().store())
          .ifPresent(time -> expire(archive, now.minus(time), objects));
    }
  }

  private void expire(
      ServerArchive archive, Instant limit, Map<String, GenericKubernetesResource> objects) {
    List<BackupCopy> copies = archive.copies();
    List<BackupCopy> old =
        copies.stream().filter(copy -> copy.stoppedAt().isBefore(limit)).toList();
    boolean needless = old.size() == copies.size() && !keeper.isInUse(archive.target());
    int removable = needless ? old.size() : old.size() - 1;
    for (BackupCopy copy : old.subList(0, Math.max(0, removable))) {
      log.atInfo()
          .addKeyValue("backup", copy.id())
          .addKeyValue("server", archive.target().serverName())
          .log("A backup is past its time");
      remove(archive, copy, objects.get(copy.uid()));
    }
  }

  /** Its object goes first, and the copy with it; one without an object goes at once. */
  private void remove(ServerArchive archive, BackupCopy copy, GenericKubernetesResource object) {
    if (object == null) {
      if (stores.ifUnread(archive.target(), () -> archive.remove(copy))) {
        keeper.tidy(archive);
      }
    } else if (!object.isMarkedForDeletion()) {
      client
          .genericKubernetesResources(CustomResources.BACKUPS)
          .inNamespace(config.namespace())
          .withName(object.getMetadata().getName())
          .delete();
    }
  }

  /** Empty when backups are kept until they are deleted. */
  private Optional<Duration> keptFor(String store) {
    GenericKubernetesResource object = view.store(store);
    if (object == null) {
      return Optional.empty();
    }
    Matcher policy = POLICY.matcher(new Fields(object).text("", "spec", "retentionPolicy"));
    return policy.matches()
        ? Optional.of(
            Duration.ofDays((long) Integer.parseInt(policy.group(1)) * DAYS.get(policy.group(2))))
        : Optional.empty();
  }
}
