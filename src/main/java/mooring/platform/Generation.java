package mooring.platform;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which of a database's servers an object carries, as its name says. */
final class Generation {
  private static final Pattern LATER = Pattern.compile(".*-g(\\d{1,9})");

  private Generation() {}

  /** Its number; the first one is not numbered. */
  static int of(HasMetadata object) {
    Matcher later = LATER.matcher(object.getMetadata().getName());
    return later.matches() ? Integer.parseInt(later.group(1)) : 1;
  }
}
