package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The start that leaves nothing, and the archive of classes that the build makes by it. */
class RehearsalIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @RegisterExtension final Workplace place = new Workplace();

  @Test
  void leavesNothing() throws IOException {
    Path directory = place.directory("rehearsal");
    Path temporary = Files.createDirectory(directory.resolve("tmp"));
    Child child =
        run(
            directory,
            Map.of("MOORING_BINARIES_DIR", Workplace.binaries().toString()),
            List.of("-XX:SharedArchiveFile=" + Child.ARCHIVE, "-Djava.io.tmpdir=" + temporary),
            "rehearse");
    assertThat(child.awaitExit(LIMIT)).as(child.output()).isZero();
    assertThat(child.output()).contains("Mooring is ready");
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left.filter(path -> path.getFileName().toString().startsWith("mooring-")))
          .isEmpty();
    }
  }

  @Test
  void thePackagedArchiveFitsThePackagedProgram() {
    assumeFalse(
        Boolean.getBoolean("class.archive.skip"),
        "the build was told to leave no archive of classes");
    assertThat(Child.ARCHIVE).isNotEmptyFile();
    // Refuses to run where the archive cannot be used.
    List<String> strictly = List.of("-Xshare:on", "-XX:SharedArchiveFile=" + Child.ARCHIVE);
    Child child = run(place.directory("strict"), Map.of(), strictly, "keyset");
    assertThat(child.awaitExit(LIMIT)).as(child.output()).isZero();
    assertThat(child.output()).contains("AesGcmKey");
  }

  private Child run(
      Path directory, Map<String, String> environment, List<String> jvm, String command) {
    List<String> arguments = new ArrayList<>(jvm);
    arguments.addAll(List.of("-jar", Child.JAR.toString(), command));
    return place.closing(Child.java(command, directory, environment, arguments));
  }
}
