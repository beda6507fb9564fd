package mooring.core;

import java.time.Duration;
import java.util.UUID;

/**
 * An accepted change of a database.
 *
 * @param wanted the database as it is wanted from now on
 * @param kind what is to be done; null for rules and for the end of a migration that has not begun:
 *     they need nothing of the platform, and hold at once, whatever is under way but a deletion
 * @param acceptedIn the state in which it was accepted; null without a kind
 * @param deadline how long it may take; null without a kind
 * @param password the new password that is asked for, the owner's or a role's, or the source's of a
 *     migration; null for none
 * @param requestedBy the token that asked
 */
public record Change(
    Instance wanted,
    OperationKind kind,
    InstanceState acceptedIn,
    Duration deadline,
    String password,
    UUID requestedBy) {

  /** Of what needs nothing of the platform, and of nothing else. */
  static Change ofRules(Instance wanted, UUID requestedBy) {
    return new Change(wanted, null, null, null, null, requestedBy);
  }
}
