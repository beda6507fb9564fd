package mooring.core;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/**
 * A database about to be accepted; the store adds its ids and its address.
 *
 * @param tenant who will own it
 * @param origin the API that asks
 * @param name as given
 * @param handle a DNS label, refused when a living database of the tenant has it
 * @param spec what it is asked to be
 * @param credentials of its first role and logical database
 * @param setup what is asked of it beyond that
 * @param unique what no other living database of the tenant may have
 * @param attributes what the API has to echo
 * @param deadline how long its creation may take
 * @param requestedBy the token that asked
 * @param migration what is imported once it runs; null for nothing
 */
public record Draft(
    UUID tenant,
    Api origin,
    String name,
    String handle,
    InstanceSpec spec,
    Credentials credentials,
    Setup setup,
    Uniqueness unique,
    Map<String, String> attributes,
    Duration deadline,
    UUID requestedBy,
    MigrationWish migration) {}
