package mooring.local.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.Watchable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * At which versions, which count over all objects, a backup was complete first and an archive
 * showed it first.
 */
final class ToldVersions implements AutoCloseable {
  private final AtomicLong complete = new AtomicLong();
  private final AtomicLong shown = new AtomicLong();
  private final Watch backupWatch;
  private final Watch storeWatch;

  ToldVersions(
      Watchable<GenericKubernetesResource> backups,
      Watchable<GenericKubernetesResource> store,
      String serverName) {
    backupWatch =
        backups.watch(
            first(complete, one -> "completed".equals(one.<Object>get("status", "phase"))));
    storeWatch =
        store.watch(
            first(
                shown,
                one ->
                    one.<Object>get(
                            "status",
                            "serverRecoveryWindow",
                            serverName,
                            "lastSuccessfulBackupTime")
                        != null));
  }

  void assertArchiveFirst() {
    assertThat(complete.get()).as("told that it is complete").isPositive();
    assertThat(shown.get()).as("told where it is").isPositive().isLessThan(complete.get());
  }

  private static Watcher<GenericKubernetesResource> first(
      AtomicLong version, Predicate<GenericKubernetesResource> wanted) {
    return new Watcher<>() {
      @Override
      public void eventReceived(Action action, GenericKubernetesResource told) {
        if (wanted.test(told)) {
          String at = told.getMetadata().getResourceVersion();
          version.compareAndSet(0, Long.parseLong(at));
        }
      }

      @Override
      public void onClose(WatcherException cause) {}
    };
  }

  @Override
  public void close() {
    backupWatch.close();
    storeWatch.close();
  }
}
