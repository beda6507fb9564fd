package mooring.api;

import io.vertx.core.http.HttpHeaders;
import java.util.List;
import mooring.core.Problem;

/**
 * Why a request is not carried out, before it takes an API's own shape.
 *
 * @param fault the kind
 * @param message one sentence for a human, without a secret
 * @param header a response header that the kind demands; null for none
 * @param headerValue its value
 * @param violations the fields at fault; empty when it is none of them
 */
public record Refusal(
    Fault fault,
    String message,
    CharSequence header,
    String headerValue,
    List<Violation> violations) {

  /**
   * A field that was refused.
   *
   * @param field its name in the API, with the path to it
   * @param message what is wrong with it, with its name
   */
  public record Violation(String field, String message) {}

  public Refusal {
    violations = List.copyOf(violations);
  }

  /** A refusal that is no field's fault. */
  public Refusal(Fault fault, String message, CharSequence header, String headerValue) {
    this(fault, message, header, headerValue, List.of());
  }

  /** Fields are refused; the first one's message stands for all. */
  public static Refusal of(List<Violation> violations) {
    return new Refusal(Fault.REFUSED_VALUE, violations.get(0).message(), null, null, violations);
  }

  /** A refusal that demands no header. */
  public static Refusal of(Fault fault, String message) {
    return new Refusal(fault, message, null, null);
  }

  /** Something is unavailable for the moment. */
  public static Refusal unavailable(String message, int retryAfterSeconds) {
    return new Refusal(
        Fault.UNAVAILABLE, message, HttpHeaders.RETRY_AFTER, Integer.toString(retryAfterSeconds));
  }

  /** The client asks too often. */
  public static Refusal tooOften(String message, long retryAfterSeconds) {
    return new Refusal(
        Fault.RATE_LIMITED, message, HttpHeaders.RETRY_AFTER, Long.toString(retryAfterSeconds));
  }

  /** The refusal of a use case, with the message an API has for it. */
  public static Refusal of(Problem problem, String message) {
    if (problem instanceof Problem.Unavailable unavailable) {
      return unavailable(message, unavailable.retryAfterSeconds());
    }
    if (problem instanceof Problem.TooOften often) {
      return tooOften(message, often.retryAfterSeconds());
    }
    return of(fault(problem), message);
  }

  private static Fault fault(Problem problem) {
    if (problem instanceof Problem.Invalid) {
      return Fault.REFUSED_VALUE;
    }
    if (problem instanceof Problem.NotFound) {
      return Fault.NOT_FOUND;
    }
    if (problem instanceof Problem.Conflict || problem instanceof Problem.NotNow) {
      return Fault.CONFLICT;
    }
    if (problem instanceof Problem.NotIncluded) {
      return Fault.NOT_INCLUDED;
    }
    return Fault.FORBIDDEN;
  }
}
