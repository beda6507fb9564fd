package mooring.api;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** A range of IP addresses, written as a CIDR or as a single address. */
final class Network {
  private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])";

  /** What is not exactly an address would be looked up as a name, on an event loop. */
  private static final Pattern NUMERIC =
      Pattern.compile("(?:" + OCTET + "[.]){3}" + OCTET + "|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*");

  private final byte[] address;
  private final int prefix;

  private Network(byte[] address, int prefix) {
    this.address = address;
    this.prefix = prefix;
  }

  /** Reads one; an {@link IllegalArgumentException} when it is none. */
  static Network parse(String text) {
    String[] parts = text.split("/", 2);
    byte[] address = address(parts[0]);
    if (address == null) {
      throw new IllegalArgumentException("no IP address");
    }
    int bits = address.length * Byte.SIZE;
    int prefix = parts.length == 1 ? bits : Integer.parseInt(parts[1]);
    if (prefix < 0 || prefix > bits) {
      throw new IllegalArgumentException("no prefix length");
    }
    return new Network(address, prefix);
  }

  /** Whether an address, in numbers, lies within. */
  boolean contains(String numeric) {
    byte[] other = numeric == null ? null : address(numeric);
    if (other == null || other.length != address.length) {
      return false;
    }
    int rest = address.length * Byte.SIZE - prefix;
    return new BigInteger(1, address)
        .shiftRight(rest)
        .equals(new BigInteger(1, other).shiftRight(rest));
  }

  /** Null when it is none; a name is never looked up. */
  private static byte[] address(String numeric) {
    try {
      return NUMERIC.matcher(numeric).matches()
          ? InetAddress.getByName(numeric).getAddress()
          : null;
    } catch (UnknownHostException e) {
      return null;
    }
  }
}
