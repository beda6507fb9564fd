package mooring.api;

import java.util.regex.Pattern;

/** Tells paths with segments that are taken out when a path is normalized (RFC 3986, 5.2.4). */
final class DotSegments {
  private static final Pattern SEGMENT =
      Pattern.compile("/(\\.|%2e){1,2}(/|$)", Pattern.CASE_INSENSITIVE);

  private DotSegments() {}

  /** Whether a path, as it was sent, has a segment that is one dot or two, encoded or not. */
  static boolean in(String path) {
    // Nearly no path needs the closer look.
    return (path.contains("/.") || path.contains("/%2")) && SEGMENT.matcher(path).find();
  }
}
