package mooring.local.pods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostImagesTest {
  @TempDir Path directory;

  @Test
  void theVersionIsReadFromTheTag() {
    assertThat(HostImages.wantedVersion("redis:7.2.5-bookworm")).isEqualTo("7.2");
    assertThat(HostImages.wantedVersion("registry:5000/library/redis:7.0@sha256:00"))
        .isEqualTo("7.0");
    assertThatThrownBy(() -> HostImages.wantedVersion("registry:5000/redis"))
        .hasMessage("the image registry:5000/redis names no version: give it a full tag");
  }

  @Test
  void anImageThatNothingStandsInForSaysSo() {
    assertThat(HostImages.of("docker.io/library/mysql:8.4.3").program()).isEqualTo("mysqld");
    assertThatThrownBy(() -> HostImages.of("nginx:1.27"))
        .isInstanceOf(WaitingException.class)
        .hasMessage("the embedded default does not run the image nginx:1.27: use a cluster");
  }

  @Test
  void optionsAloneAreForTheServer() {
    HostImage redis = HostImages.of("redis:7.0");
    assertThat(redis.commandFor(List.of("--save", ""))).startsWith("redis-server", "--save");
    assertThat(redis.commandFor(List.of("redis-cli", "ping"))).startsWith("redis-cli");
    assertThat(redis.commandFor(List.of())).containsExactly("redis-server");
  }

  @Test
  void aMissingServerIsNamed() {
    HostPrograms none = new HostPrograms(directory.toString());
    assertThatThrownBy(() -> none.serverFor(HostImages.of("redis:7.0"), "redis:7.0.15"))
        .hasMessage(
            "redis-server 7.0 is not on the PATH (found none): install it, or use a cluster");
  }

  @ParameterizedTest
  @CsvSource({
    "redis, redis-server, Redis server v=7.2.4 sha=00000000:0 bits=64, 7.2, 7.0, 7.2.4",
    "mysql, mysqld, /usr/sbin/mysqld  Ver 8.4.4 for Linux on x86_64, 8.4, 8.0, 8.4.4",
    "mysql, mysqld, mysqld  Ver 10.11.19-MariaDB-0+deb12u1 for debian-linux-gnu, 10.11, 8.0, 10.11.19",
    "mongo, mongod, db version v7.0.16, 7.0, 6.0, 7.0.16"
  })
  void theVersionHereIsHeldAgainstTheTag(
      String image, String program, String says, String has, String lacks, String found)
      throws Exception {
    Path server = install(program, says);
    install("mongosh", "2.3.0");
    HostPrograms programs = new HostPrograms(directory.toString());
    HostImage described = HostImages.of(image + ":1.0");
    assertThat(programs.serverFor(described, image + ":" + has + ".9")).isEqualTo(server);
    assertThatThrownBy(() -> programs.serverFor(described, image + ":" + lacks + ".15"))
        .hasMessage(
            "%s %s is not on the PATH (found %s): install it, or use a cluster",
            program, lacks, found);
  }

  @Test
  void theShellThatMongodbIsSetUpWithIsMissed() throws Exception {
    install("mongod", "db version v7.0.16");
    HostPrograms programs = new HostPrograms(directory.toString());
    assertThatThrownBy(() -> programs.serverFor(HostImages.of("mongo:7.0"), "mongo:7.0.16"))
        .isInstanceOf(WaitingException.class)
        .hasMessage(
            "mongosh, which mongod is set up with, is not on the PATH: install it, or use a"
                + " cluster");
  }

  private Path install(String program, String says) throws IOException {
    Path path = directory.resolve(program);
    Files.writeString(path, "#!/bin/sh\necho '" + says + "'\n");
    assertThat(path.toFile().setExecutable(true)).isTrue();
    return path;
  }
}
