package mooring.local.pods;

import java.util.List;
import java.util.regex.Pattern;

/** Which images are stood in for, and what their names say. */
final class HostImages {
  private static final List<HostImage> ALL =
      List.of(new RedisImage(), new MysqlImage(), new MongodbImage());

  private HostImages() {}

  /** Fails with a {@link WaitingException} for an image that nothing stands in for. */
  static HostImage of(String image) {
    String repository = repositoryOf(image);
    return ALL.stream()
        .filter(one -> one.repository().equals(repository))
        .findFirst()
        .orElseThrow(
            () ->
                new WaitingException(
                    WaitingException.IMAGE,
                    "the embedded default does not run the image " + image + ": use a cluster"));
  }

  /** Whether it is one of PostgreSQL, whose programs for clients are taken from the PATH. */
  static boolean isPostgres(String image) {
    return repositoryOf(image).equals("postgresql");
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
}
