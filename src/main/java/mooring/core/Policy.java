package mooring.core;

import java.time.LocalTime;
import java.util.List;

/**
 * The rules that a database is kept by.
 *
 * @param deletionProtected whether its deletion is refused, whoever asks
 * @param sharedBuffersPercentage how much of its memory PostgreSQL takes at the start; 0 for the
 *     usual quarter
 * @param failoverDelaySeconds how long its primary may be away before a standby takes its place
 * @param allowList the blocks of addresses that clients may come from, as CIDRs; see {@link #open}
 * @param backupTime of its daily backup, in UTC; null for a time of the night of its own
 * @param maintenance when it may be restarted for an update; null for what its API says
 */
public record Policy(
    boolean deletionProtected,
    int sharedBuffersPercentage,
    int failoverDelaySeconds,
    List<String> allowList,
    LocalTime backupTime,
    MaintenanceWindow maintenance) {

  /** None beyond what holds for all. */
  public static final Policy NONE = new Policy(false, 0, 0, List.of(), null, null);

  private static final String ANYWHERE = "0.0.0.0/0";

  public Policy {
    allowList = List.copyOf(allowList);
  }

  /** Whether clients may come from anywhere. */
  public boolean open() {
    return allowList.isEmpty() || allowList.contains(ANYWHERE);
  }

  /** With or without protection from deletion. */
  public Policy withDeletionProtected(boolean on) {
    return new Policy(
        on, sharedBuffersPercentage, failoverDelaySeconds, allowList, backupTime, maintenance);
  }

  /** With another share of the memory. */
  public Policy withSharedBuffersPercentage(int percentage) {
    return new Policy(
        deletionProtected, percentage, failoverDelaySeconds, allowList, backupTime, maintenance);
  }

  /** With another patience with a primary that is away. */
  public Policy withFailoverDelay(int seconds) {
    return new Policy(
        deletionProtected, sharedBuffersPercentage, seconds, allowList, backupTime, maintenance);
  }

  /** With clients from elsewhere, each of the blocks being {@link AddressBlock#isOne one}. */
  public Policy withAllowList(List<String> blocks) {
    return new Policy(
        deletionProtected,
        sharedBuffersPercentage,
        failoverDelaySeconds,
        blocks,
        backupTime,
        maintenance);
  }

  /** Backed up at another time; null for one of its own. */
  public Policy withBackupTime(LocalTime time) {
    return new Policy(
        deletionProtected,
        sharedBuffersPercentage,
        failoverDelaySeconds,
        allowList,
        time,
        maintenance);
  }

  /** Updated at another time; null for what its API says. */
  public Policy withMaintenance(MaintenanceWindow window) {
    return new Policy(
        deletionProtected,
        sharedBuffersPercentage,
        failoverDelaySeconds,
        allowList,
        backupTime,
        window);
  }
}
