package mooring.core;

import java.util.Map;

/**
 * What an API asks for when it creates a database.
 *
 * @param origin the API
 * @param name as given
 * @param spec what it is asked to be
 * @param username the role that owns the first logical database
 * @param attributes what the API has to echo
 */
public record NewDatabase(
    Api origin, String name, InstanceSpec spec, String username, Map<String, String> attributes) {}
