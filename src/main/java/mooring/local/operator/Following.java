package mooring.local.operator;

/**
 * Whom a Cluster's primary follows.
 *
 * @param cluster the name of the Cluster that is followed
 * @param service where its primary is
 */
record Following(String cluster, ClientService service) {}
