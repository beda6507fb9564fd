package mooring.local.pods;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/**
 * What stands in for an official image where there are no containers.
 *
 * @param repository last part of the image's name
 * @param program the server, as it is called in the image and on this machine
 * @param client the program that probes call, as it is called in both
 * @param version finds the version in what the program says of itself
 * @param defaultPort where it listens unless it is told another
 * @param workingDirectory of the image
 * @param serverOptions what has the server listen at given addresses only, after other options
 * @param clientOptions what leads the client to an address, before other options
 */
record HostImage(
    String repository,
    String program,
    String client,
    Pattern version,
    int defaultPort,
    String workingDirectory,
    BiFunction<List<String>, Integer, List<String>> serverOptions,
    BiFunction<String, Integer, List<String>> clientOptions) {

  private static final HostImage REDIS =
      new HostImage(
          "redis",
          "redis-server",
          "redis-cli",
          Pattern.compile("v=([0-9]+\\.[0-9]+)(\\.[0-9]+)?"),
          6379,
          "/data",
          (addresses, port) -> {
            List<String> options = new ArrayList<>(List.of("--bind"));
            options.addAll(addresses);
            options.addAll(List.of("--port", Integer.toString(port), "--daemonize", "no"));
            return options;
          },
          (address, port) -> List.of("-h", address, "-p", Integer.toString(port)));

  private static final Map<String, HostImage> ALL = Map.of(REDIS.repository(), REDIS);

  private static final Map<String, String> ELSEWHERE = Map.of("mysql", "MySQL", "mongo", "MongoDB");

  /** Fails with a {@link WaitingException} for an image that nothing stands in for. */
  static HostImage of(String image) {
    String repository = repositoryOf(image);
    return Optional.ofNullable(ALL.get(repository))
        .orElseThrow(
            () ->
                new WaitingException(
                    WaitingException.IMAGE,
                    "the embedded default does not run "
                        + ELSEWHERE.getOrDefault(repository, "the image " + image)
                        + ": use a cluster"));
  }

  private static String repositoryOf(String image) {
    String path = image.split("@", 2)[0];
    return path.substring(path.lastIndexOf('/') + 1).split(":", 2)[0];
  }

  /** The version that an image's tag asks for: {@code 7.2} of {@code redis:7.2.5-bookworm}. */
  static String wantedVersion(String image) {
    String path = image.split("@", 2)[0];
    String tag = path.substring(path.lastIndexOf('/') + 1);
    String version = tag.contains(":") ? tag.substring(tag.indexOf(':') + 1) : "";
    var matcher = Pattern.compile("[0-9]+\\.[0-9]+").matcher(version);
    if (!matcher.lookingAt()) {
      throw new WaitingException(
          WaitingException.IMAGE, "the image " + image + " names no version: give it a full tag");
    }
    return matcher.group();
  }

  /** What the image's entry point makes of arguments without a command. */
  List<String> commandFor(List<String> arguments) {
    boolean onlyOptions =
        arguments.isEmpty()
            || arguments.get(0).startsWith("-")
            || arguments.get(0).endsWith(".conf");
    List<String> command = new ArrayList<>();
    if (onlyOptions) {
      command.add(program);
    }
    command.addAll(arguments);
    return command;
  }
}
