package mooring.api.exoscale;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import mooring.api.ContractClient;

/**
 * Signs requests as published clients do, most of which sign no query.
 *
 * @param prefix what a proxy will take from the path
 * @param seconds after which the signature expires
 */
public record Signing(String key, String secret, String prefix, long seconds)
    implements ContractClient.Signer {

  /** With a signature for ten minutes, of the path as it is. */
  public static Signing with(String key, String secret) {
    return new Signing(key, secret, "", 600);
  }

  @Override
  public String sign(String method, URI target, String body) {
    return sign(method, target, body, "", "");
  }

  /**
   * The same with some of the query.
   *
   * @param names as the header has them
   * @param values one after the other
   */
  public String sign(String method, URI target, String body, String names, String values) {
    long expires = Instant.now().getEpochSecond() + seconds;
    String message =
        method
            + " "
            + prefix
            + target.getRawPath()
            + "\n"
            + body
            + "\n"
            + values
            + "\n\n"
            + expires;
    return "EXO2-HMAC-SHA256 credential="
        + key
        + (names.isEmpty() ? "" : ",signed-query-args=" + names)
        + ",expires="
        + expires
        + ",signature="
        + hmac(message);
  }

  private String hmac(String message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(message.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
