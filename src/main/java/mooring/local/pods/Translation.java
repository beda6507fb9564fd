package mooring.local.pods;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Says in this machine's words what a container would: mount paths become directories here, names
 * of the Pods beside it become their addresses.
 */
final class Translation {
  private static final Pattern VARIABLE =
      Pattern.compile("\\$\\$|\\$\\(([A-Za-z_][A-Za-z0-9_]*)\\)");
  private static final Pattern LOOPBACK =
      Pattern.compile("(?<![\\w.-])(127\\.0\\.0\\.1|localhost)(?![\\w.-])");

  private final Map<String, Path> mounts;
  private final Pattern paths;
  private final UnaryOperator<String> names;

  /** The names are translated by the given function. */
  Translation(Map<String, Path> mounts, UnaryOperator<String> names) {
    this.mounts = Map.copyOf(mounts);
    this.names = names;
    String any =
        mounts.keySet().stream()
            .sorted(Comparator.comparing(String::length).reversed())
            .map(Pattern::quote)
            .collect(Collectors.joining("|"));
    paths = Pattern.compile("(?<![\\w./-])(" + any + ")(?![\\w.-])");
  }

  /**
   * Translates the names of the Pods that a headless Service gives names to, and the port that is
   * said after one.
   *
   * @param pod the container's own Pod
   * @param service the headless Service
   * @param port that every one of them would listen at
   * @param members where they listen here, by name
   */
  static UnaryOperator<String> podNames(
      String pod, String service, int port, Function<String, Listening> members) {
    if (service == null || SetMember.of(pod).isEmpty()) {
      return UnaryOperator.identity();
    }
    String set = SetMember.of(pod).orElseThrow().set();
    Pattern name =
        Pattern.compile(
            "(?<![\\w.-])("
                + Pattern.quote(set)
                + "-[0-9]+|\\$HOSTNAME|\\$\\{HOSTNAME})\\."
                + Pattern.quote(service)
                + "(?:\\.[a-z0-9-]+(?:\\.svc(?:\\.cluster\\.local)?)?)?"
                + "(?:([ :])"
                + port
                + ")?(?![\\w-])");
    return text ->
        name.matcher(text)
            .replaceAll(
                match -> {
                  String said = match.group(1);
                  Listening member = members.apply(said.startsWith("$") ? pod : said);
                  String separator = match.group(2);
                  return member.own() + (separator == null ? "" : separator + member.port());
                });
  }

  /** At once, since a directory here may be named as a mount path there. */
  String translate(String text) {
    String named = names.apply(text);
    return mounts.isEmpty()
        ? named
        : paths
            .matcher(named)
            .replaceAll(match -> Matcher.quoteReplacement(mounts.get(match.group(1)).toString()));
  }

  List<String> translate(List<String> words) {
    return words.stream().map(this::translate).toList();
  }

  /** A probe's loopback is its Pod. */
  static String towards(String address, String text) {
    return LOOPBACK.matcher(text).replaceAll(address);
  }

  /** Fills {@code $(NAME)} in as the kubelet does; what is not defined stays as it is. */
  static String expand(String text, Map<String, String> environment) {
    return VARIABLE
        .matcher(text)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    match.group(1) == null
                        ? "$"
                        : environment.getOrDefault(match.group(1), match.group())));
  }
}
