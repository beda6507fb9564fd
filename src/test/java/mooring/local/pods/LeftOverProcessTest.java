package mooring.local.pods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftOverProcessTest {
  @TempDir Path directory;
  private Path home;
  private Process process;

  @BeforeEach
  void startOne() throws IOException {
    assumeTrue(Files.exists(Path.of("/proc/self/cwd")), "this system does not tell directories");
    home = Files.createDirectories(directory.resolve("volumes/data-db-1-0/data"));
    process = new ProcessBuilder("sleep", "60").directory(home.toFile()).start();
  }

  @AfterEach
  void endIt() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void whatWorksWhereItWasNotedToIsEnded() throws Exception {
    LeftOverProcess.stop(noted(home));
    // The Process object hears of it a little later.
    assertThat(process.toHandle().isAlive()).isFalse();
  }

  /** As after a restart of the machine, when ids are given out anew. */
  @Test
  void thatOfAnotherPodWhichHasTheIdNowIsLeftAlone() throws Exception {
    LeftOverProcess.stop(noted(directory.resolve("volumes/data-db-2-0/data")));
    assertThat(process.isAlive()).isTrue();
  }

  /** A Pod whose process was noted an hour ago. */
  private PodDirectory noted(Path where) throws IOException {
    PodDirectory pod = new PodDirectory(new PodsConfig(directory, "default"), "db-1-0");
    Files.createDirectories(pod.path());
    Files.writeString(pod.pidFile(), process.pid() + "\n" + where + "\n");
    Files.setLastModifiedTime(
        pod.pidFile(), FileTime.from(Instant.now().minus(Duration.ofHours(1))));
    return pod;
  }
}
