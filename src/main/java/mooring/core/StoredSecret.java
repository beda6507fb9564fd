package mooring.core;

/**
 * What is kept of a secret that only its holder knows.
 *
 * @param hash SHA-256 of the secret, in lower-case hexadecimal digits
 * @param prefix its first characters, by which its holder can tell it from others; empty when they
 *     were not kept
 */
public record StoredSecret(String hash, String prefix) {
  private static final int VISIBLE = 11;

  /** Of a secret of {@link Secrets#token}, which is unguessable without its first characters. */
  public static StoredSecret of(String secret, String hash) {
    return new StoredSecret(hash, secret.substring(0, VISIBLE));
  }

  @Override
  public String toString() {
    return "StoredSecret[" + prefix + "]";
  }
}
