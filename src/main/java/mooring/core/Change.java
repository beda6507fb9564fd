package mooring.core;

import java.time.Duration;
import java.util.UUID;

/**
 * An accepted change of a database.
 *
 * @param wanted the database as it is wanted from now on
 * @param kind what is to be done
 * @param acceptedIn the state in which it was accepted
 * @param deadline how long it may take
 * @param password the new password that is asked for, the owner's or a role's; null for none
 * @param requestedBy the token that asked
 */
public record Change(
    Instance wanted,
    OperationKind kind,
    InstanceState acceptedIn,
    Duration deadline,
    String password,
    UUID requestedBy) {}
