package mooring.store;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.UUID;

/**
 * Encrypts secrets at rest. Each is bound to its row and column, so that one copied elsewhere does
 * not open there. A keyset may hold several keys: the primary one encrypts, all of them decrypt.
 */
public final class SecretBox {
  private final Aead aead;

  private SecretBox(Aead aead) {
    this.aead = aead;
  }

  /**
   * Opens a keyset.
   *
   * @param keyset in Tink's JSON format
   * @throws IllegalArgumentException when it is none; the message repeats nothing of it
   */
  public static SecretBox of(String keyset) {
    try {
      AeadConfig.register();
      KeysetHandle handle =
          TinkJsonProtoKeysetFormat.parseKeyset(keyset, InsecureSecretKeyAccess.get());
      return new SecretBox(handle.getPrimitive(RegistryConfiguration.get(), Aead.class));
    } catch (GeneralSecurityException | RuntimeException e) {
      // No cause: a parser's message may quote key material.
      throw new IllegalArgumentException("is not a Tink JSON keyset for AEAD", null);
    }
  }

  /** Makes a keyset with one new AES-256-GCM key, in Tink's JSON format. */
  public static String newKeyset() {
    try {
      AeadConfig.register();
      KeysetHandle handle = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM);
      return TinkJsonProtoKeysetFormat.serializeKeyset(handle, InsecureSecretKeyAccess.get());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a keyset cannot be made here", e);
    }
  }

  byte[] seal(UUID row, String column, String secret) {
    try {
      return aead.encrypt(secret.getBytes(StandardCharsets.UTF_8), boundTo(row, column));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a secret cannot be encrypted", e);
    }
  }

  /**
   * Decrypts.
   *
   * @throws IllegalStateException when the keyset is not the one it was sealed with
   */
  String open(UUID row, String column, byte[] sealed) {
    try {
      return new String(aead.decrypt(sealed, boundTo(row, column)), StandardCharsets.UTF_8);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "a stored secret does not open with this encryption keyset: " + column + " of " + row, e);
    }
  }

  private static byte[] boundTo(UUID row, String column) {
    return (row + "/" + column).getBytes(StandardCharsets.UTF_8);
  }
}
