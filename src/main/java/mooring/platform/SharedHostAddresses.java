package mooring.platform;

import mooring.core.Address;
import mooring.core.AddressScheme;
import mooring.core.Engine;

/**
 * One host for all, with a port of its own for each database.
 *
 * @param host a host name or an IP address
 * @param firstPort the lowest port
 * @param lastPort the highest port
 */
public record SharedHostAddresses(String host, int firstPort, int lastPort)
    implements AddressScheme {

  /** Refuses an empty or impossible range of ports. */
  public SharedHostAddresses {
    if (firstPort < 1 || lastPort > 65_535 || firstPort > lastPort) {
      throw new IllegalArgumentException("not a range of ports: " + firstPort + "-" + lastPort);
    }
  }

  @Override
  public int size() {
    return lastPort - firstPort + 1;
  }

  @Override
  public Address address(int number, String shortId, Engine engine) {
    if (number < 0 || number >= size()) {
      throw new IllegalArgumentException("no address number " + number + " among " + size());
    }
    return new Address(host, firstPort + number);
  }
}
