package mooring.local.postgres;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Issues the certificates that servers show to their clients; kept in two files. */
public final class CertificateAuthority {
  private static final Duration OWN_VALIDITY = Duration.ofDays(3650);
  private static final Duration SERVER_VALIDITY = Duration.ofDays(365);
  private static final Duration CLOCK_SKEW = Duration.ofHours(1);

  private final X509Certificate certificate;
  private final PrivateKey key;

  private CertificateAuthority(X509Certificate certificate, PrivateKey key) {
    this.certificate = certificate;
    this.key = key;
  }

  /**
   * Reads {@code ca.crt} and {@code ca.key}, or makes them.
   *
   * @param directory where they are
   * @return the authority
   * @throws PostgresException when they cannot be read or written
   */
  public static CertificateAuthority in(Path directory) {
    Path certificateFile = directory.resolve("ca.crt");
    Path keyFile = directory.resolve("ca.key");
    try {
      if (!Files.exists(certificateFile)) { // written last, so both are there or none counts
        KeyPair pair = newKeys();
        X500Name name = name("Mooring local database CA");
        X509Certificate own =
            sign(
                builder(name, name, pair.getPublic(), OWN_VALIDITY)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(
                        Extension.keyUsage,
                        true,
                        new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign)),
                pair.getPrivate());
        Directories.createPrivate(directory);
        Pem.write(keyFile, pair.getPrivate());
        Pem.write(certificateFile, own);
      }
      return new CertificateAuthority(Pem.certificate(certificateFile), Pem.key(keyFile));
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new PostgresException("cannot use the certificate authority in " + directory, e);
    }
  }

  /** Returns the certificate that clients verify servers by. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** The same as text. */
  public String pem() {
    try {
      return Pem.text(certificate);
    } catch (IOException | GeneralSecurityException e) {
      throw new PostgresException("cannot write the authority's certificate", e);
    }
  }

  /**
   * Has its certificate in a file.
   *
   * @param file where
   * @throws PostgresException when it cannot be written
   */
  public void writeTo(Path file) {
    try {
      if (!Files.exists(file) || !Files.readString(file).equals(pem())) {
        Directories.writePrivately(file, pem());
      }
    } catch (IOException e) {
      throw new PostgresException("cannot write " + file, e);
    }
  }

  /**
   * Makes a key and a certificate for a server known by these names and addresses; its poolers show
   * it to the server.
   */
  void issue(ServerNames names, Path certificateFile, Path keyFile) {
    try {
      KeyPair pair = newKeys();
      X509Certificate issued =
          sign(
              builder(
                      X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
                      name(names.commonName()),
                      pair.getPublic(),
                      SERVER_VALIDITY)
                  .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                  .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                  .addExtension(
                      Extension.extendedKeyUsage,
                      false,
                      new ExtendedKeyUsage(
                          new KeyPurposeId[] {
                            KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                          }))
                  .addExtension(
                      Extension.subjectAlternativeName,
                      false,
                      alternatives(names.addresses(), names.dnsNames())),
              key);
      Pem.write(keyFile, pair.getPrivate());
      Pem.write(certificateFile, issued);
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new PostgresException("cannot issue the certificate " + certificateFile, e);
    }
  }

  private static GeneralNames alternatives(Set<String> addresses, Set<String> dnsNames) {
    return new GeneralNames(
        Stream.concat(
                addresses.stream().map(text -> new GeneralName(GeneralName.iPAddress, text)),
                dnsNames.stream().map(text -> new GeneralName(GeneralName.dNSName, text)))
            .toArray(GeneralName[]::new));
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static X500Name name(String commonName) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, commonName).build();
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, PublicKey key, Duration validity) {
    Instant now = Instant.now();
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(127, new SecureRandom()).add(BigInteger.ONE),
        Date.from(now.minus(CLOCK_SKEW)),
        Date.from(now.plus(validity)),
        subject,
        key);
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws OperatorCreationException, GeneralSecurityException {
    return new JcaX509CertificateConverter()
        .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
  }
}
