package mooring.local.kubernetes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/** The small files beside the objects: token, port, kubeconfig. Every method blocks. */
final class StateDirectory {
  private static final int TOKEN_BYTES = 32;
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path directory;

  /** Makes the directory when absent. */
  StateDirectory(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
  }

  /** The bearer token, made at the first start. */
  String token() throws IOException {
    Path file = directory.resolve("kubernetes.token");
    if (!Files.exists(file)) {
      byte[] random = new byte[TOKEN_BYTES];
      new SecureRandom().nextBytes(random);
      write(file, Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n");
    }
    return Files.readString(file).strip();
  }

  /** The TLS identity, made at the first start and when the old one is about to expire. */
  ServerCertificate certificate() throws IOException {
    Path keyFile = directory.resolve("kubernetes.key");
    Path certificateFile = directory.resolve("kubernetes.crt");
    if (Files.exists(keyFile) && Files.exists(certificateFile)) {
      ServerCertificate kept =
          new ServerCertificate(Files.readString(keyFile), Files.readString(certificateFile));
      if (kept.lasts()) {
        return kept;
      }
    }
    ServerCertificate fresh = ServerCertificate.generate();
    Files.deleteIfExists(certificateFile);
    write(keyFile, fresh.key());
    write(certificateFile, fresh.certificate());
    return fresh;
  }

  /** The port of the last start, 0 if there was none. */
  int port() throws IOException {
    Path file = directory.resolve("kubernetes.port");
    if (!Files.exists(file)) {
      return 0;
    }
    try {
      return Integer.parseInt(Files.readString(file).strip());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  void rememberPort(int port) throws IOException {
    write(directory.resolve("kubernetes.port"), port + "\n");
  }

  /** Writes a kubeconfig for the server at this address. */
  static void writeKubeconfig(Path file, String url, String token, ServerCertificate certificate)
      throws IOException {
    write(
        file,
        """
        apiVersion: v1
        kind: Config
        clusters:
        - name: mooring
          cluster:
            server: %s
            certificate-authority-data: %s
        users:
        - name: mooring
          user:
            token: %s
        contexts:
        - name: mooring
          context:
            cluster: mooring
            user: mooring
        current-context: mooring
        """
            .formatted(url, certificate.authorityData(), token));
  }

  /**
   * Replaces a file as a whole, readable by its owner alone. One that holds this text already is
   * left as it is: a start needs no room on the disk.
   */
  private static void write(Path file, String text) throws IOException {
    if (Files.exists(file) && Files.readString(file).equals(text)) {
      return;
    }
    Path parent = file.toAbsolutePath().getParent();
    Files.createDirectories(parent);
    Path fresh = Files.createTempFile(parent, file.getFileName().toString(), ".new", OWNER_ONLY);
    try {
      Files.writeString(fresh, text);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
