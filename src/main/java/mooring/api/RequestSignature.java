package mooring.api;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A signature of the scheme EXO2-HMAC-SHA256, as a request's {@code Authorization} header has it.
 *
 * @param credential names the key that it is made with
 * @param arguments the query parameters whose values it covers, in its order
 * @param expires when it stops counting, in Unix seconds
 * @param signature the bytes
 */
record RequestSignature(String credential, List<String> arguments, long expires, Buffer signature) {
  static final String SCHEME = "EXO2-HMAC-SHA256";

  private static final String ALGORITHM = "HmacSHA256";
  private static final int MAX_HEADER = 4096;

  /**
   * What is signed.
   *
   * @param method in upper case
   * @param path as the client sent it, percent-encoded, without the query
   * @param query the decoded values of each parameter
   * @param body byte for byte
   */
  record Signed(String method, String path, Map<String, List<String>> query, Buffer body) {}

  /** Null when the header has another form. */
  static RequestSignature parse(String header) {
    String start = SCHEME + " ";
    if (header.length() > MAX_HEADER || !header.regionMatches(true, 0, start, 0, start.length())) {
      return null;
    }
    Map<String, String> parts = new HashMap<>();
    for (String part : header.substring(start.length()).split(",", -1)) {
      // What base64 is padded with belongs to the value.
      int equals = part.indexOf('=');
      if (equals < 0
          || parts.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip())
              != null) {
        return null;
      }
    }
    return of(parts);
  }

  private static RequestSignature of(Map<String, String> parts) {
    String credential = parts.get("credential");
    String arguments = parts.getOrDefault("signed-query-args", "");
    String expires = parts.get("expires");
    String signature = parts.get("signature");
    if (credential == null || expires == null || signature == null) {
      return null;
    }
    try {
      return new RequestSignature(
          credential,
          arguments.isEmpty() ? List.of() : List.of(arguments.split(";", -1)),
          Long.parseLong(expires),
          Buffer.buffer(Base64.getDecoder().decode(signature)));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Whether a key's secret makes this signature of a request. */
  boolean matches(String secret, Signed request) {
    // Takes the same time wherever the first difference is.
    return MessageDigest.isEqual(sign(secret, request), signature.getBytes());
  }

  private byte[] sign(String secret, Signed request) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      mac.update(utf8(request.method + " " + request.path + "\n"));
      mac.update(request.body.getBytes());
      // The fourth part is for headers, of which no client signs any.
      return mac.doFinal(utf8("\n" + values(request.query) + "\n\n" + expires));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /** A parameter that is there more than once counts for nothing, as in clients. */
  private String values(Map<String, List<String>> query) {
    StringBuilder values = new StringBuilder();
    for (String argument : arguments) {
      List<String> given = query.getOrDefault(argument, List.of());
      if (given.size() == 1) {
        values.append(given.get(0));
      }
    }
    return values.toString();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "RequestSignature[" + credential + ", expires=" + expires + "]";
  }
}
