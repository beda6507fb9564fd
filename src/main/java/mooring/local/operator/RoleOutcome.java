package mooring.local.operator;

import java.util.Map;

/**
 * What became of a Cluster's roles.
 *
 * @param applied the roles that PostgreSQL has committed, by name
 * @param failures why roles could not be made what they are to be, by name
 */
record RoleOutcome(Map<String, Applied> applied, Map<String, String> failures) {
  static final RoleOutcome NONE = new RoleOutcome(Map.of(), Map.of());

  /** Copies both. */
  RoleOutcome {
    applied = Map.copyOf(applied);
    failures = Map.copyOf(failures);
  }

  /**
   * A role as it was committed.
   *
   * @param role what it is to be
   * @param secretVersion the resourceVersion of the Secret its password is from; empty when none
   * @param transaction the one that changed it last; 0 when it was dropped
   */
  record Applied(ManagedRole role, String secretVersion, long transaction) {}
}
