package mooring.core;

import java.time.LocalTime;

/** When databases are backed up each day, in UTC. */
public final class BackupTime {
  private static final int NIGHT_MINUTES = 6 * 60;
  private static final int MINUTES_PER_HOUR = 60;
  private static final int HEXADECIMAL = 16;

  private BackupTime() {}

  /** The time that was asked for, or else one of the database's own. */
  public static LocalTime of(Instance instance) {
    LocalTime asked = instance.setup().policy().backupTime();
    return asked == null ? own(instance) : asked;
  }

  /** At a minute of the night: not all at once. */
  public static LocalTime own(Instance instance) {
    int minute =
        Integer.remainderUnsigned(
            Integer.parseUnsignedInt(instance.shortId(), HEXADECIMAL), NIGHT_MINUTES);
    return LocalTime.of(minute / MINUTES_PER_HOUR, minute % MINUTES_PER_HOUR);
  }
}
