package mooring.api;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.stream.Stream;

/**
 * How a body is wrapped for its way. Nothing but chunks is taken off here; that these come once,
 * and last, is seen to where requests are decoded.
 */
final class TransferCodings {
  private static final String CHUNKED = "chunked";

  private TransferCodings() {}

  /** Whether headers name a coding that is not known here (RFC 9112, section 6.1). */
  static boolean anyUnknown(MultiMap headers) {
    return headers.contains(HttpHeaders.TRANSFER_ENCODING)
        && headers.getAll(HttpHeaders.TRANSFER_ENCODING).stream()
            .flatMap(line -> Stream.of(line.split(",")))
            .map(String::strip)
            .anyMatch(coding -> !coding.isEmpty() && !coding.equalsIgnoreCase(CHUNKED));
  }
}
