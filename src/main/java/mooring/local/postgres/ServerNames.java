package mooring.local.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The names a server's certificate must carry.
 *
 * @param commonName a name for people
 * @param addresses IP addresses, as text
 * @param dnsNames DNS names
 */
public record ServerNames(String commonName, Set<String> addresses, Set<String> dnsNames) {
  private static final Duration RENEW_BEFORE = Duration.ofDays(30);

  /** The purpose of who connects to a server, RFC 5280 section 4.2.1.12. */
  private static final String CLIENT = "1.3.6.1.5.5.7.3.2";

  private static final int DNS_NAME = 2; // the tags of GeneralName, RFC 5280 section 4.2.1.6
  private static final int IP_ADDRESS = 7;

  /** Copies both sets. */
  public ServerNames {
    addresses = Set.copyOf(addresses);
    dnsNames = Set.copyOf(dnsNames);
  }

  /**
   * Makes the certificate anew when it is missing, names others, ends within 30 days, comes from
   * another authority, or is of no use to a pooler.
   *
   * @param authority who issues
   * @param certificateFile where the certificate is
   * @param keyFile where its key is
   * @return whether it was issued anew
   */
  public boolean ensureCertified(
      CertificateAuthority authority, Path certificateFile, Path keyFile) {
    if (Files.exists(keyFile) && isCurrent(authority, certificateFile)) {
      return false;
    }
    authority.issue(this, certificateFile, keyFile);
    return true;
  }

  private boolean isCurrent(CertificateAuthority authority, Path certificateFile) {
    try {
      X509Certificate certificate = Pem.certificate(certificateFile);
      certificate.verify(authority.certificate().getPublicKey());
      return certificate.getNotAfter().toInstant().isAfter(Instant.now().plus(RENEW_BEFORE))
          && certificate.getExtendedKeyUsage() != null
          && certificate.getExtendedKeyUsage().contains(CLIENT)
          && alternatives(certificate, IP_ADDRESS).equals(addresses)
          && alternatives(certificate, DNS_NAME).equals(dnsNames);
    } catch (IOException | GeneralSecurityException e) {
      return false;
    }
  }

  private static Set<String> alternatives(X509Certificate certificate, int tag)
      throws GeneralSecurityException {
    Collection<List<?>> all = certificate.getSubjectAlternativeNames();
    Set<String> names = new TreeSet<>();
    if (all != null) {
      all.stream()
          .filter(name -> name.get(0).equals(tag))
          .forEach(name -> names.add(String.valueOf(name.get(1))));
    }
    return names;
  }
}
