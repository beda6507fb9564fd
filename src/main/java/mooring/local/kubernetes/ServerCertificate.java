package mooring.local.kubernetes;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The server's TLS identity: a certificate signed by itself, for loopback names. Clients trust it
 * by the kubeconfig alone. There has to be one: {@code kubectl} sends no token without TLS.
 *
 * @param key PKCS 8, PEM
 * @param certificate X.509, PEM
 */
record ServerCertificate(String key, String certificate) {
  private static final Duration VALIDITY = Duration.ofDays(3650);
  private static final Duration RENEW_BEFORE = Duration.ofDays(30);
  private static final int SERIAL_BITS = 127;

  static ServerCertificate generate() throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      KeyPair keys = generator.generateKeyPair();
      return new ServerCertificate(
          pem("PRIVATE KEY", keys.getPrivate().getEncoded()), pem("CERTIFICATE", sign(keys)));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException("cannot make a TLS certificate", e);
    }
  }

  private static byte[] sign(KeyPair keys) throws IOException, OperatorCreationException {
    X500Name name = new X500Name("CN=mooring embedded kubernetes");
    Instant now = Instant.now();
    GeneralNames names =
        new GeneralNames(
            new GeneralName[] {
              new GeneralName(GeneralName.dNSName, "localhost"),
              new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
              new GeneralName(GeneralName.iPAddress, "::1")
            });
    return new JcaX509v3CertificateBuilder(
            name,
            new BigInteger(SERIAL_BITS, new SecureRandom()),
            Date.from(now.minus(Duration.ofMinutes(5))),
            Date.from(now.plus(VALIDITY)),
            name,
            keys.getPublic())
        .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
        .addExtension(Extension.subjectAlternativeName, false, names)
        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
        .getEncoded();
  }

  private static String pem(String type, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
  }

  /** Whether it still holds for a while. */
  boolean lasts() {
    try {
      X509Certificate parsed =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(certificate.getBytes(US_ASCII)));
      return parsed.getNotAfter().toInstant().isAfter(Instant.now().plus(RENEW_BEFORE));
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  PemKeyCertOptions options() {
    return new PemKeyCertOptions()
        .setKeyValue(Buffer.buffer(key))
        .setCertValue(Buffer.buffer(certificate));
  }

  /** As a kubeconfig holds it. */
  String authorityData() {
    return Base64.getEncoder().encodeToString(certificate.getBytes(US_ASCII));
  }

  /** Without the key. */
  @Override
  public String toString() {
    return certificate;
  }
}
