package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;

/**
 * An answer that is complete but not yet sent.
 *
 * @param version what must be durable before it may be sent
 */
record Answer(int code, Buffer body, long version) {

  static Answer of(int code, JsonNode json, long version) {
    return new Answer(code, Json.buffer(json), version);
  }

  static Answer of(int code, Stored stored) {
    return new Answer(code, stored.bytes(), stored.version());
  }

  /** Without the content: it may be a Secret. */
  @Override
  public String toString() {
    return code + " " + body.length() + " bytes";
  }
}
