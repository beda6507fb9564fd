package mooring.core;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Why an operation has failed, where programs are told more than that; its reason begins so. */
public enum KnownFault {
  /** The source's address must not be reached from here. */
  FORBIDDEN,
  /** The source does not take the user or the password. */
  INCORRECT,
  /** The source's host or database is not known. */
  NOT_FOUND,
  /** The source cannot be reached, or does not serve. */
  UNAVAILABLE,
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

  /** In lower case, with hyphens. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
