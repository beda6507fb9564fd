package mooring.core;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which addresses data may be imported from: whoever asks for it has the platform connect there, so
 * what only the platform itself reaches is not among them. A name counts as what it leads to, and
 * what was checked is what is connected to.
 */
public final class SourceAddresses {
  /**
   * Itself, its link, many at once, where clouds tell a machine its secrets, and forms of addresses
   * of version 6 that stand for any of version 4.
   */
  private static final List<String> DENIED =
      List.of(
          "0.0.0.0/8",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "224.0.0.0/4",
          "240.0.0.0/4",
          "100.100.100.200/32",
          "168.63.129.16/32",
          "192.0.0.192/32",
          "::/128",
          "::1/128",
          "fe80::/10",
          "2001::/32",
          "64:ff9b:1::/48",
          "::ffff:0:0:0/96",
          "ff00::/8",
          "fd00:ec2::254/128",
          "fd20:ce::254/128");

  private static final String DENIAL =
      "must not lead to a loopback, link-local, multicast or metadata address";

  private static final Pattern QUAD =
      Pattern.compile("(?:" + AddressBlock.OCTET + "[.]){3}" + AddressBlock.OCTET);
  private static final Pattern SIX = Pattern.compile("[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*");
  private static final Pattern NAME =
      Pattern.compile(
          "(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?[.])*"
              + "[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?[.]?");

  /** How addresses of version 4 are written as ones of version 6, and where they begin there. */
  private enum Wrapped {
    COMPATIBLE("::/96", 12),
    TRANSLATED("64:ff9b::/96", 12),
    TUNNELLED("2002::/16", 2);

    private final String block;
    private final int begin;

    Wrapped(String block, int begin) {
      this.block = block;
      this.begin = begin;
    }
  }

  /** Looks names up; blocks. */
  @FunctionalInterface
  public interface Resolver {
    /** All that a name leads to. */
    InetAddress[] resolve(String name) throws UnknownHostException;
  }

  private final List<String> allowed;
  private final Resolver resolver;

  /**
   * With the names as this machine looks them up.
   *
   * @param allowed blocks of addresses that are not denied
   */
  public SourceAddresses(List<String> allowed) {
    this(allowed, InetAddress::getAllByName);
  }

  /** The same with other names. */
  public SourceAddresses(List<String> allowed, Resolver resolver) {
    this.allowed = List.copyOf(allowed);
    this.resolver = resolver;
  }

  /** What can be said against a host without looking its name up; empty for nothing. */
  public Optional<String> refusal(String host) {
    if (isAddress(host)) {
      return address(host)
          .map(one -> permits(one) ? Optional.<String>empty() : Optional.of(DENIAL))
          .orElse(Optional.of("must be a host name or an IP address"));
    }
    if (!NAME.matcher(host).matches()) {
      // Numbers in other forms, sockets, lists of hosts: everybody reads them differently.
      return Optional.of("must be a host name or an IP address");
    }
    return isLocalhost(host) && !permits(InetAddress.getLoopbackAddress())
        ? Optional.of(DENIAL)
        : Optional.empty();
  }

  /**
   * The address that a host leads to now.
   *
   * @return a {@link PlatformRefusedException} when there is none, or one that is denied
   */
  public Single<String> resolve(String host) {
    return Single.fromCallable(() -> checked(host)).subscribeOn(Schedulers.io());
  }

  private String checked(String host) {
    Optional<String> refusal = refusal(host);
    if (refusal.isPresent()) {
      throw new PlatformRefusedException(
          KnownFault.FORBIDDEN.reason("the source's host " + refusal.get()));
    }
    List<InetAddress> all;
    try {
      all = Arrays.stream(lookedUp(host)).map(SourceAddresses::plain).toList();
    } catch (UnknownHostException e) {
      throw new PlatformRefusedException(
          KnownFault.NOT_FOUND.reason("the source's host " + host + " is not known"));
    }
    if (all.isEmpty() || !all.stream().allMatch(this::permits)) {
      throw new PlatformRefusedException(
          KnownFault.FORBIDDEN.reason("the source's host " + DENIAL));
    }
    return all.get(0).getHostAddress().replaceFirst("%.*", "");
  }

  private InetAddress[] lookedUp(String host) throws UnknownHostException {
    Optional<InetAddress> itself = isAddress(host) ? address(host) : Optional.empty();
    return itself.isPresent() ? new InetAddress[] {itself.get()} : resolver.resolve(host);
  }

  /** Look-ups tell addresses of version 4 also as ones of version 6: connected to is the first. */
  private static InetAddress plain(InetAddress address) {
    return of(address.getAddress());
  }

  private boolean permits(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (allowed.stream().anyMatch(block -> AddressBlock.contains(block, bytes))) {
      return true;
    }
    return !denied(bytes) && within(bytes).filter(four -> !permits(four)).isEmpty();
  }

  private static boolean denied(byte[] address) {
    return DENIED.stream().anyMatch(block -> AddressBlock.contains(block, address));
  }

  /** The address of version 4 that one of version 6 stands for. */
  private static Optional<InetAddress> within(byte[] address) {
    return Arrays.stream(Wrapped.values())
        .filter(form -> AddressBlock.contains(form.block, address))
        .findFirst()
        .map(form -> of(Arrays.copyOfRange(address, form.begin, form.begin + 4)));
  }

  private static InetAddress of(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("these bytes are an address", e);
    }
  }

  private static boolean isAddress(String host) {
    return QUAD.matcher(host).matches() || SIX.matcher(host).matches();
  }

  /** Never looks up a name: what has a colon is no name to anybody. */
  private static Optional<InetAddress> address(String host) {
    if (QUAD.matcher(host).matches()) {
      byte[] four = new byte[4];
      String[] octets = host.split("[.]", -1);
      for (int i = 0; i < four.length; i++) {
        four[i] = (byte) Integer.parseInt(octets[i]);
      }
      return Optional.of(of(four));
    }
    try {
      return Optional.of(InetAddress.getByName(host));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  private static boolean isLocalhost(String host) {
    String name = host.toLowerCase(Locale.ROOT).replaceFirst("[.]$", "");
    return name.equals("localhost") || name.endsWith(".localhost");
  }
}
