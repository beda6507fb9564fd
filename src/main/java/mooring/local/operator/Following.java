package mooring.local.operator;

import java.util.Map;

/**
 * Whom a Cluster's primary follows.
 *
 * @param cluster the name of the Cluster that is followed
 * @param service where its primary is
 * @param parameters the settings that it is asked to have
 */
record Following(String cluster, ClientService service, Map<String, String> parameters) {
  /** Copies the settings. */
  Following {
    parameters = Map.copyOf(parameters);
  }
}
