package mooring.core;

import com.ongres.saslprep.SASLprep;

/**
 * The rule for passwords of roles that somebody has chosen. Clients prepare a password before they
 * prove that they have it (SCRAM, RFC 5802), some by SASLprep (RFC 4013), some otherwise, some not
 * at all: with one that this changes or prohibits, some can log in and others not.
 */
public final class ChosenPassword {
  /** What one that is refused is told, after its name. */
  public static final String DEMAND = "must have only characters that SASLprep (RFC 4013) keeps";

  private static final SASLprep PREPARATION = new SASLprep();

  private ChosenPassword() {}

  /** Whether every client can log in with it. */
  public static boolean works(String password) {
    try {
      // Not as what is stored: characters newer than the RFC's Unicode 3.2 stay as they are.
      return PREPARATION.prepareQuery(password).equals(password);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      // Prohibited; or nothing is left, which it has no answer for.
      return false;
    }
  }

  /** Refuses another with {@link Field#PASSWORD}. */
  static void require(String password) {
    if (!works(password)) {
      throw new ProblemException(new Problem.Invalid(Field.PASSWORD, DEMAND));
    }
  }
}
