package mooring.core;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Why an operation has failed, where programs are told more than that; its reason begins so. */
public enum KnownFault {
  /** The source's address must not be reached from here. */
  FORBIDDEN,
  /** What it takes is not here. */
  UNSUPPORTED,
  /** Some of it was copied. */
  PARTIAL;

  /** The reason of an operation that has failed so. */
  public String reason(String why) {
    return word() + ": " + why;
  }

  /** The fault that a reason begins with; empty for any other. */
  public static Optional<KnownFault> of(String reason) {
    return Arrays.stream(values())
        .filter(one -> reason != null && reason.startsWith(one.word() + ": "))
        .findFirst();
  }

  /** In lower case. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
