package mooring.local.pods;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;

/** The programs of this machine. */
final class HostPrograms {
  private final String searchPath;

  HostPrograms(String searchPath) {
    this.searchPath = searchPath;
  }

  String searchPath() {
    return searchPath;
  }

  Optional<Path> find(String program) {
    if (program.contains("/")) {
      return Optional.of(Path.of(program)).filter(Files::isExecutable);
    }
    return Arrays.stream(searchPath.split(File.pathSeparator))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, program))
        .filter(path -> Files.isExecutable(path) && Files.isRegularFile(path))
        .findFirst();
  }

  /**
   * The server that stands in for an image.
   *
   * @throws WaitingException when there is none here, or one of another version
   */
  Path serverFor(HostImage image, String name) {
    String wanted = HostImages.wantedVersion(name);
    Optional<Path> program = find(image.program());
    String found = program.map(path -> version(image, path)).orElse("none");
    if (program.isPresent() && (found.equals(wanted) || found.startsWith(wanted + "."))) {
      needClient(image);
      return program.get();
    }
    throw new WaitingException(
        WaitingException.IMAGE,
        image.program()
            + " "
            + wanted
            + " is not on the PATH (found "
            + found
            + "): install it, or use a cluster");
  }

  private void needClient(HostImage image) {
    if (image.needsClient() && find(image.client()).isEmpty()) {
      throw new WaitingException(
          WaitingException.IMAGE,
          image.client()
              + ", which "
              + image.program()
              + " is set up with, is not on the PATH: install it, or use a cluster");
    }
  }

  private static String version(HostImage image, Path program) {
    try {
      Process process =
          new ProcessBuilder(program.toString(), "--version").redirectErrorStream(true).start();
      process.getOutputStream().close();
      // Before it is read, which has no limit: what it says fits into the pipe.
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher matcher = image.version().matcher(said);
      if (!matcher.find()) {
        return "one that does not tell its version";
      }
      return matcher.group(1) + (matcher.group(2) == null ? "" : matcher.group(2));
    } catch (IOException e) {
      throw new PodsException("cannot run " + program, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PodsException("interrupted while asking " + program + " for its version", e);
    }
  }
}
