package mooring.core;

import java.util.UUID;

/**
 * The owner of databases and tokens.
 *
 * @param id its id
 * @param name unique
 */
public record Tenant(UUID id, String name) {}
