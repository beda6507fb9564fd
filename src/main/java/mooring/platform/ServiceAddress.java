package mooring.platform;

import mooring.core.Address;

/**
 * Where a Service is reached within the cluster.
 *
 * @param service its name
 * @param address its cluster IP and first port
 */
public record ServiceAddress(String service, Address address) {}
