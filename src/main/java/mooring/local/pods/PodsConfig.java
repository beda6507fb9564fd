package mooring.local.pods;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What Pods are run with.
 *
 * @param directory everything that is kept for them: volumes, mounted files, addresses
 * @param namespace the one whose objects are watched
 * @param searchPath where the programs are looked for, in the form of {@code PATH}
 * @param longestBackOff between two starts of a container that keeps ending
 */
public record PodsConfig(
    Path directory, String namespace, String searchPath, Duration longestBackOff) {
  private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(30);

  /**
   * With the programs of this machine.
   *
   * @param directory everything that is kept for Pods
   * @param namespace the one whose objects are watched
   */
  public PodsConfig(Path directory, String namespace) {
    this(
        directory.toAbsolutePath().normalize(),
        namespace,
        System.getenv().getOrDefault("PATH", "/usr/bin:/bin"),
        LONGEST_BACK_OFF);
  }

  Path pods() {
    return directory.resolve("pods");
  }

  Path volumes() {
    return directory.resolve("volumes");
  }
}
