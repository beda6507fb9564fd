package mooring.platform;

import java.util.regex.Pattern;
import mooring.core.Address;
import mooring.core.AddressScheme;
import mooring.core.ConnectionPool;
import mooring.core.Engine;

/** Addresses by a host name of their own: {@code {short}.db.example.com}. */
public final class TemplateAddresses implements AddressScheme {
  private static final String SHORT = "{short}";
  private static final Pattern DNS_NAME =
      Pattern.compile(
          "(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
              + "(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

  private final String template;

  /**
   * A scheme from a template.
   *
   * @param template a DNS name with {@code {short}} where the short id goes
   * @throws IllegalArgumentException when it makes no DNS name, or the same one for all
   */
  public TemplateAddresses(String template) {
    if (!template.contains(SHORT)) {
      throw new IllegalArgumentException("a host template needs " + SHORT + ": " + template);
    }
    this.template = template;
    // The hosts of connection pools, which are the longest, as well.
    if (!DNS_NAME.matcher(ConnectionPool.longestHost(host("00000000"))).matches()) {
      throw new IllegalArgumentException("not a template of a DNS name: " + template);
    }
  }

  @Override
  public int size() {
    return 0;
  }

  @Override
  public Address address(int number, String shortId, Engine engine) {
    return new Address(host(shortId), engine.port());
  }

  private String host(String shortId) {
    return template.replace(SHORT, shortId);
  }
}
