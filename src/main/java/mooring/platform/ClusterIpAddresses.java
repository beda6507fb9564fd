package mooring.platform;

import mooring.core.Address;
import mooring.core.AddressScheme;
import mooring.core.Engine;

/**
 * Addresses by the Service's own name, for clients inside the cluster.
 *
 * @param namespace where the Services live
 */
public record ClusterIpAddresses(String namespace) implements AddressScheme {
  @Override
  public int size() {
    return 0;
  }

  @Override
  public Address address(int number, String shortId, Engine engine) {
    return new Address("db-" + shortId + "." + namespace + ".svc", engine.port());
  }
}
