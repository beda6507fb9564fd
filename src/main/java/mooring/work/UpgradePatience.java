package mooring.work;

import java.time.Duration;

/**
 * How long upgrades to another major version put up with what goes wrong.
 *
 * @param stopping with servers of before that do not go down
 * @param broken with a platform that says that nothing is of use
 * @param returning with servers of before that do not come back
 * @param copying with servers that are not all there when the data are of the new version
 */
record UpgradePatience(Duration stopping, Duration broken, Duration returning, Duration copying) {

  /**
   * Servers wait minutes for their clients, one after the other. What goes by, as the restart of a
   * plugin, is no end. Standbys are copied anew, and it serves meanwhile.
   */
  static final UpgradePatience STANDARD =
      new UpgradePatience(
          Duration.ofMinutes(15),
          Duration.ofMinutes(3),
          Duration.ofMinutes(10),
          Duration.ofHours(6));
}
