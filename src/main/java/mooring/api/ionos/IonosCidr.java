package mooring.api.ionos;

import java.util.List;

/**
 * An IPv4 address with its network's prefix length.
 *
 * @param address as a number
 * @param prefix from 0 to 32
 */
record IonosCidr(long address, int prefix) {
  /** What the publisher keeps for its own use, by either of its lists. */
  static final List<String> RESERVED =
      List.of(
          "10.208.0.0/12",
          "10.233.0.0/18",
          "10.233.64.0/18",
          "10.233.114.0/24",
          "192.168.230.0/24");

  private static final int BITS = 32;

  /** Of a valid text. */
  static IonosCidr parse(String text) {
    int slash = text.indexOf('/');
    long address = 0;
    for (String part : text.substring(0, slash).split("\\.", -1)) {
      address = address << 8 | Integer.parseInt(part);
    }
    return new IonosCidr(address, Integer.parseInt(text.substring(slash + 1)));
  }

  /** Whether its network shares addresses with one that is reserved. */
  boolean reserved() {
    return RESERVED.stream().map(IonosCidr::parse).anyMatch(this::overlaps);
  }

  private boolean overlaps(IonosCidr other) {
    int shift = BITS - Math.min(prefix, other.prefix);
    return address >> shift == other.address >> shift;
  }
}
