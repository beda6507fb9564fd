package mooring.local.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** A random password that is kept in a file only its owner can read. */
public final class PasswordFile {
  private static final int RANDOM_BYTES = 24;

  private PasswordFile() {}

  /**
   * Reads the password, or makes one.
   *
   * @param file where it is kept; its directory exists
   * @return 32 characters that need no escaping in a URL
   * @throws PostgresException when the file cannot be read or written
   */
  public static String readOrCreate(Path file) {
    try {
      if (!Files.exists(file)) {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        Directories.writePrivately(
            file, Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n");
      }
      return Files.readString(file).trim();
    } catch (IOException e) {
      throw new PostgresException("cannot use the password file " + file, e);
    }
  }
}
