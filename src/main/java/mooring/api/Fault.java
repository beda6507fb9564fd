package mooring.api;

/** The ways in which a request can be refused, each with its usual HTTP status. */
public enum Fault {
  UNREADABLE_BODY(400),
  REFUSED_VALUE(400),
  UNAUTHENTICATED(401),
  NOT_INCLUDED(402),
  FORBIDDEN(403),
  NOT_FOUND(404),
  METHOD_NOT_ALLOWED(405),
  REQUEST_TIMEOUT(408),
  CONFLICT(409),
  TOO_LARGE(413),
  URI_TOO_LONG(414),
  UNSUPPORTED_MEDIA_TYPE(415),
  EXPECTATION_FAILED(417),
  RATE_LIMITED(429),
  HEADERS_TOO_LARGE(431),
  INTERNAL(500),
  NOT_IMPLEMENTED(501),
  UNAVAILABLE(503);

  private final int status;

  Fault(int status) {
    this.status = status;
  }

  /** The HTTP status where an API documents no other. */
  public int status() {
    return status;
  }
}
