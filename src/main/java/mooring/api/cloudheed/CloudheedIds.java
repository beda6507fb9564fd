package mooring.api.cloudheed;

import mooring.api.PublicIds;
import mooring.core.Instance;

/** The ids of this API. A recovery goes by the short id of the database that it makes. */
final class CloudheedIds {
  private static final String DATABASE = "db-";
  private static final String BACKUP = "backup-";
  private static final String RECOVERY = "pitr-";

  private CloudheedIds() {}

  static String database(Instance instance) {
    return DATABASE + instance.shortId();
  }

  static String backup(String shortId) {
    return BACKUP + shortId;
  }

  static String recovery(Instance restored) {
    return RECOVERY + restored.shortId();
  }

  /** The short id of a database; null for what is none. */
  static String ofDatabase(String id) {
    return PublicIds.shortId(DATABASE, id);
  }

  /** The short id of a backup; null for what is none. */
  static String ofBackup(String id) {
    return PublicIds.shortId(BACKUP, id);
  }

  /** The short id of the database that a recovery makes; null for what is none. */
  static String ofRecovery(String id) {
    return PublicIds.shortId(RECOVERY, id);
  }
}
