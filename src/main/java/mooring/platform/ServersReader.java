package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mooring.core.SeenServers;

/** Reads what CloudNativePG says of a Cluster's servers one by one. */
final class ServersReader {
  private static final Pattern TAGGED_RELEASE =
      Pattern.compile("[^@]*:((\\d+)\\.\\d+)(?![.\\d])[^/:@]*(@.*)?");

  private static final Pattern NUMBERED = Pattern.compile(".*-(\\d{1,9})");

  private ServersReader() {}

  /**
   * What a Cluster tells.
   *
   * @param major that its data are of; null when not known yet
   */
  static SeenServers read(GenericKubernetesResource cluster, String major) {
    List<?> names = list(cluster, "instanceNames");
    List<?> healthy =
        cluster.get("status", "instancesStatus", "healthy") instanceof List<?> all
            ? all
            : List.of();
    Object primary = cluster.get("status", "currentPrimary");
    List<SeenServers.One> servers =
        names.stream()
            .map(String::valueOf)
            .map(NUMBERED::matcher)
            .filter(Matcher::matches)
            .map(
                name ->
                    new SeenServers.One(
                        Integer.parseInt(name.group(1)),
                        name.group().equals(primary),
                        healthy.contains(name.group())))
            .sorted(Comparator.comparingInt(SeenServers.One::number))
            .toList();
    return new SeenServers(release(cluster, major), servers);
  }

  /** As the image's tag says; not while the image is of another version than the data. */
  private static String release(GenericKubernetesResource cluster, String major) {
    Object image = cluster.get("status", "image");
    Matcher tag = TAGGED_RELEASE.matcher(image == null ? "" : image.toString());
    return tag.matches() && tag.group(2).equals(major) ? tag.group(1) : null;
  }

  private static List<?> list(GenericKubernetesResource cluster, String name) {
    return cluster.get("status", name) instanceof List<?> all ? all : List.of();
  }
}
