package mooring.local.pods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostImageTest {
  @TempDir Path directory;

  @Test
  void theVersionIsReadFromTheTag() {
    assertThat(HostImage.wantedVersion("redis:7.2.5-bookworm")).isEqualTo("7.2");
    assertThat(HostImage.wantedVersion("registry:5000/library/redis:7.0@sha256:00"))
        .isEqualTo("7.0");
    assertThatThrownBy(() -> HostImage.wantedVersion("registry:5000/redis"))
        .hasMessage("the image registry:5000/redis names no version: give it a full tag");
  }

  @Test
  void anImageThatNothingStandsInForSaysSo() {
    assertThatThrownBy(() -> HostImage.of("docker.io/library/mysql:8.4.3"))
        .isInstanceOf(WaitingException.class)
        .hasMessage("the embedded default does not run MySQL: use a cluster");
    assertThatThrownBy(() -> HostImage.of("nginx:1.27"))
        .hasMessage("the embedded default does not run the image nginx:1.27: use a cluster");
  }

  @Test
  void optionsAloneAreForTheServer() {
    HostImage redis = HostImage.of("redis:7.0");
    assertThat(redis.commandFor(List.of("--save", ""))).startsWith("redis-server", "--save");
    assertThat(redis.commandFor(List.of("redis-cli", "ping"))).startsWith("redis-cli");
    assertThat(redis.commandFor(List.of())).containsExactly("redis-server");
  }

  @Test
  void aMissingServerIsNamed() {
    HostPrograms none = new HostPrograms(directory.toString());
    assertThatThrownBy(() -> none.serverFor(HostImage.of("redis:7.0"), "redis:7.0.15"))
        .hasMessage(
            "redis-server 7.0 is not on the PATH (found none): install it, or use a cluster");
  }

  @Test
  void theVersionHereIsHeldAgainstTheTag() throws Exception {
    Path server = directory.resolve("redis-server");
    Files.writeString(server, "#!/bin/sh\necho 'Redis server v=7.2.4 sha=00000000:0 bits=64'\n");
    assertThat(server.toFile().setExecutable(true)).isTrue();
    HostPrograms programs = new HostPrograms(directory.toString());
    HostImage redis = HostImage.of("redis:7.2");
    assertThat(programs.serverFor(redis, "redis:7.2.9")).isEqualTo(server);
    assertThatThrownBy(() -> programs.serverFor(redis, "redis:7.0.15"))
        .hasMessage(
            "redis-server 7.0 is not on the PATH (found 7.2.4): install it, or use a cluster");
  }
}
