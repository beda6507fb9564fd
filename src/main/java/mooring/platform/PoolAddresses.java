package mooring.platform;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mooring.core.Address;
import mooring.core.AddressScheme;
import mooring.core.Engine;

/**
 * Numbered IPv4 addresses out of one block (RFC 4632), each with the engine's own port. Addresses
 * that end in 0 or 255 are left out: some networks and clients take them for something else.
 */
public final class PoolAddresses implements AddressScheme {
  private static final Pattern CIDR =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})/(\\d{1,2})");
  private static final int LARGEST = 8;
  private static final int USABLE_PER_256 = 254;

  private final long first;
  private final int size;

  /**
   * A scheme from a block.
   *
   * @param cidr for example {@code 10.20.0.0/16}, from /8 to /32
   * @throws IllegalArgumentException when it is no such block, or has no usable address
   */
  public PoolAddresses(String cidr) {
    Matcher parts = CIDR.matcher(cidr);
    if (!parts.matches()) {
      throw new IllegalArgumentException("not an IPv4 block such as 10.20.0.0/16: " + cidr);
    }
    int prefix = Integer.parseInt(parts.group(5));
    if (prefix < LARGEST || prefix > 32) {
      throw new IllegalArgumentException("a pool is between /8 and /32: " + cidr);
    }
    long base = 0;
    for (int i = 1; i <= 4; i++) {
      int octet = Integer.parseInt(parts.group(i));
      if (octet > 255) {
        throw new IllegalArgumentException("not an IPv4 block such as 10.20.0.0/16: " + cidr);
      }
      base = base << 8 | octet;
    }
    long count = 1L << (32 - prefix);
    if (base % count != 0) {
      throw new IllegalArgumentException("the block does not begin at its first address: " + cidr);
    }
    this.first = usable(base) ? base : base + 1;
    this.size = size(base, count);
    if (size == 0) {
      throw new IllegalArgumentException("the block has no usable address: " + cidr);
    }
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Address address(int number, String shortId, Engine engine) {
    if (number < 0 || number >= size) {
      throw new IllegalArgumentException("no address number " + number + " among " + size);
    }
    // Two of every 256 addresses are skipped on the way.
    long skipped = 2L * ((firstIndex() + number) / USABLE_PER_256);
    return new Address(dotted(first + number + skipped), engine.port());
  }

  private long firstIndex() {
    return first % 256 - 1;
  }

  private static int size(long base, long count) {
    if (count >= 256) {
      return (int) (count / 256 * USABLE_PER_256);
    }
    int usable = 0;
    for (long address = base; address < base + count; address++) {
      usable += usable(address) ? 1 : 0;
    }
    return usable;
  }

  private static boolean usable(long address) {
    return address % 256 != 0 && address % 256 != 255;
  }

  private static String dotted(long address) {
    return (address >> 24 & 255)
        + "."
        + (address >> 16 & 255)
        + "."
        + (address >> 8 & 255)
        + "."
        + (address & 255);
  }
}
