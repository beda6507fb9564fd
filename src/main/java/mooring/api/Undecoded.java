package mooring.api;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

/** Why a request could not be decoded, in which case it has no more than a part of itself. */
final class Undecoded {
  private Undecoded() {}

  /** The refusal for what the decoder failed with; its message may quote what was sent. */
  static Refusal refusal(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return Refusal.of(Fault.URI_TOO_LONG, "the request target is too long");
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return Refusal.of(Fault.HEADERS_TOO_LARGE, "the request headers are too large");
    }
    return Refusal.of(Fault.UNREADABLE_BODY, "the request cannot be read");
  }
}
