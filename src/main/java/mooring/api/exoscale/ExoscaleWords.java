package mooring.api.exoscale;

import java.util.regex.Pattern;

/** Messages in the words of this API: what they call a database is a service, or one within. */
final class ExoscaleWords {
  private static final Pattern WHOLE =
      Pattern.compile(
          String.join(
              "|",
              "\\bdatabase(?= not found| of that name)",
              "(?<=\\ba )database(?= has at most )",
              "(?<=\\bthe )database(?= is (a|no|being|protected|followed) |'s cluster object )",
              "(?<=\\bthe )database(?= \\S+ (must be running|is a read replica|is being changed)\\b)",
              "(?<=\\b(on|object of|deletion of|belong to) the )database$",
              "\\bcluster(?='s own )",
              "(?<=\\buser of the )cluster\\b"));

  private ExoscaleWords() {}

  /** A message that is for all APIs. */
  static String of(String message) {
    return WHOLE.matcher(message).replaceAll("service");
  }
}
