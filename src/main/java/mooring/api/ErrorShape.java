package mooring.api;

import io.vertx.core.buffer.Buffer;
import mooring.core.Problem;

/** How an API words its errors. */
public interface ErrorShape {

  /** The media type of the bodies. */
  String contentType();

  /** The HTTP status of a kind of refusal. */
  default int status(Fault fault) {
    return fault.status();
  }

  /** The sentence for a use case's refusal, in the API's own words. */
  default String message(Problem problem) {
    return problem.message();
  }

  /** A use case's refusal in the API's own words. */
  default Refusal refusal(Problem problem) {
    return Refusal.of(problem, message(problem));
  }

  /** The body. */
  Buffer body(int status, Refusal refusal);
}
