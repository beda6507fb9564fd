package mooring.local.pods;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The place of a Pod in a StatefulSet, told by its name.
 *
 * @param set name of the StatefulSet
 * @param ordinal from 0
 */
record SetMember(String set, int ordinal) {
  private static final Pattern NAME = Pattern.compile("(.+)-([0-9]{1,6})");

  static Optional<SetMember> of(Pod pod) {
    return of(pod.getMetadata().getName());
  }

  static Optional<SetMember> of(String pod) {
    Matcher matcher = NAME.matcher(pod);
    return matcher.matches()
        ? Optional.of(new SetMember(matcher.group(1), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }
}
