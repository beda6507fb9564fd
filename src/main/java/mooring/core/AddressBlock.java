package mooring.core;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Blocks of IP addresses in CIDR notation, in the one form that everybody understands. */
public final class AddressBlock {
  /** One of the four numbers of an address of version 4; none that is octal to some. */
  static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

  private static final Pattern FORM =
      Pattern.compile(
          "((?:" + OCTET + "[.]){3}" + OCTET + "|[0-9A-Fa-f]*:[0-9A-Fa-f:]*)/(0|[1-9][0-9]{0,2})");

  private AddressBlock() {}

  /** Whether an address lies within one. */
  static boolean contains(String block, byte[] address) {
    String[] parts = block.split("/", 2);
    byte[] first;
    try { // never looked up: a block begins with numbers
      first = InetAddress.getByName(parts[0]).getAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("no block of addresses", e);
    }
    if (first.length != address.length) {
      return false;
    }
    int rest = first.length * Byte.SIZE - Integer.parseInt(parts[1]);
    return new BigInteger(1, first)
        .shiftRight(rest)
        .equals(new BigInteger(1, address).shiftRight(rest));
  }

  /** Whether a text is one, such as {@code 203.0.113.0/24}. */
  public static boolean isOne(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      return false;
    }
    try { // what has this form is never looked up as a name
      int bits = InetAddress.getByName(parts.group(1)).getAddress().length * Byte.SIZE;
      return Integer.parseInt(parts.group(2)) <= bits;
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
