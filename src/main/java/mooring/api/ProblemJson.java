package mooring.api;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/** Problem details (RFC 9457), the shape of errors that belong to no published API. */
final class ProblemJson implements ErrorShape {
  @Override
  public String contentType() {
    return "application/problem+json";
  }

  @Override
  public Buffer body(int status, Refusal refusal) {
    return new JsonObject()
        .put("type", "about:blank")
        .put("title", HttpResponseStatus.valueOf(status).reasonPhrase())
        .put("status", status)
        .put("detail", refusal.message())
        .toBuffer();
  }
}
