package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import mooring.local.control.Outage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the Backups that schedules ask for. Of several times that were missed only the last one is
 * made up for; a database that is stopped is not backed up again and again.
 */
final class ScheduleKeeper {
  private static final Logger log = LoggerFactory.getLogger(ScheduleKeeper.class);
  private final KubernetesClient client;
  private final OperatorConfig config;
  private final KubernetesView clusters;
  private final BackupView view;

  ScheduleKeeper(
      KubernetesClient client, OperatorConfig config, KubernetesView clusters, BackupView view) {
    this.client = client;
    this.config = config;
    this.clusters = clusters;
    this.view = view;
  }

  /** Looks at the clock. */
  void tick() {
    Instant now = config.clock().instant().truncatedTo(ChronoUnit.SECONDS);
    for (GenericKubernetesResource schedule : view.schedules()) {
      if (!schedule.isMarkedForDeletion()) {
        try {
          look(schedule, now);
        } catch (KubernetesClientException e) { // the others are not to wait for it
          String name = schedule.getMetadata().getName();
          Outage.cause(log.atWarn().addKeyValue("schedule", name), e).log("Trying again later");
        }
      }
    }
  }

  private void look(GenericKubernetesResource schedule, Instant now) {
    Fields fields = new Fields(schedule);
    Optional<DailySchedule> daily = DailySchedule.parse(fields.text("", "spec", "schedule"));
    if (daily.isEmpty()) {
      String error = "only a fixed time of day is known here: \"{second} {minute} {hour} * * *\"";
      if (!error.equals(fields.text("", "status", "error"))) {
        Map<String, Object> status = new HashMap<>(Map.of("error", error));
        status.put("nextScheduleTime", null);
        write(schedule, status);
      }
      return;
    }
    Optional<Instant> next = time(fields.text("", "status", "nextScheduleTime"));
    if (next.filter(daily.get()::matches).isEmpty()) {
      boolean isNew = time(fields.text("", "status", "lastCheckTime")).isEmpty();
      boolean immediate = isNew && fields.flag("spec", "immediate");
      Instant created = time(schedule.getMetadata().getCreationTimestamp()).orElse(now);
      advance(schedule, daily.get(), now, immediate ? Optional.of(created) : Optional.empty());
    } else if (!next.get().isAfter(now)) {
      advance(schedule, daily.get(), now, Optional.of(daily.get().latest(now)));
    }
  }

  /** Named after its time, a Backup that was made before a crash is not made again. */
  private void advance(
      GenericKubernetesResource schedule, DailySchedule daily, Instant now, Optional<Instant> due) {
    Map<String, Object> status = new HashMap<>();
    status.put("error", null);
    status.put("lastCheckTime", now.toString());
    status.put("nextScheduleTime", daily.next(now).toString());
    if (due.isPresent() && isWanted(schedule)) {
      create(schedule, due.get());
      status.put("lastScheduleTime", due.get().toString());
    }
    write(schedule, status);
  }

  private boolean isWanted(GenericKubernetesResource schedule) {
    GenericKubernetesResource cluster = clusters.cluster(BackupView.clusterOf(schedule));
    return !new Fields(schedule).flag("spec", "suspend")
        && cluster != null
        && !cluster.isMarkedForDeletion()
        && !ClusterSpec.of(cluster).hibernated();
  }

  private void create(GenericKubernetesResource schedule, Instant due) {
    GenericKubernetesResource cluster =
        Objects.requireNonNull(clusters.cluster(BackupView.clusterOf(schedule)));
    try {
      client
          .genericKubernetesResources(CustomResources.BACKUPS)
          .inNamespace(config.namespace())
          .resource(new ScheduledCopy(schedule, cluster).backup(due))
          .create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
  }

  private void write(GenericKubernetesResource schedule, Map<String, Object> status) {
    try {
      client
          .genericKubernetesResources(CustomResources.SCHEDULED_BACKUPS)
          .inNamespace(config.namespace())
          .withName(schedule.getMetadata().getName())
          .subresource("status")
          .patch(
              PatchContext.of(PatchType.JSON_MERGE),
              Serialization.asJson(Map.of("status", status)));
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
