package mooring.local.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URLDecoder;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's door: who may enter, which document or verb is asked for, and sending the answer.
 */
final class HttpApi implements Handler<HttpServerRequest> {
  private static final Logger log = LoggerFactory.getLogger(HttpApi.class);
  private static final int BODY_LIMIT_BYTES = 3 << 20;
  private static final int UNAVAILABLE = 503;
  private static final Set<String> HEALTH = Set.of("/healthz", "/readyz", "/livez");

  private final byte[] authorization;
  private final Discovery discovery = new Discovery();
  private final ObjectStore store;
  private final Resources resources;
  private final Watches watches;
  private final PodLogFiles logs;
  private final Vertx vertx;

  HttpApi(
      String token,
      ObjectStore store,
      Resources resources,
      Watches watches,
      PodLogFiles logs,
      Vertx vertx) {
    this.authorization = ("Bearer " + token).getBytes(UTF_8);
    this.store = store;
    this.resources = resources;
    this.watches = watches;
    this.logs = logs;
    this.vertx = vertx;
  }

  @Override
  public void handle(HttpServerRequest request) {
    try {
      route(request);
    } catch (RuntimeException e) {
      refuse(request.response(), e);
    }
  }

  private void route(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    if ("websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
      throw StatusException.badRequest("watches are served over plain HTTP only");
    }
    if (HEALTH.contains(request.path())) {
      response.putHeader("Content-Type", "text/plain").end("ok");
      return;
    }
    authenticate(request);
    Optional<Buffer> document = discovery.at(request.path());
    if (document.isPresent() && request.method().equals(HttpMethod.GET)) {
      response.putHeader("Content-Type", "application/json").end(document.get());
      return;
    }
    Optional<PodLogFiles.Wish> wish = logs.asked(request);
    if (wish.isPresent() && request.method().equals(HttpMethod.GET)) {
      log(response, wish.get());
      return;
    }
    if (request.method().equals(HttpMethod.GET)) {
      objects(request, Buffer.buffer());
      return;
    }
    body(request).onSuccess(body -> guarded(request, body)).onFailure(e -> refuse(response, e));
  }

  private void log(HttpServerResponse response, PodLogFiles.Wish wish) {
    vertx
        .executeBlocking(() -> logs.read(wish), false)
        .onSuccess(
            said -> {
              if (!response.closed()) {
                response.putHeader("Content-Type", "text/plain").end(said);
              }
            })
        .onFailure(e -> refuse(response, e));
  }

  private void guarded(HttpServerRequest request, Buffer body) {
    try {
      objects(request, body);
    } catch (RuntimeException e) {
      refuse(request.response(), e);
    }
  }

  private void authenticate(HttpServerRequest request) {
    String given = request.getHeader("Authorization");
    if (given == null || !MessageDigest.isEqual(given.getBytes(UTF_8), authorization)) {
      throw StatusException.unauthorized();
    }
  }

  /** Reads the body up to the limit; the answer does not wait for what goes beyond. */
  private static Future<Buffer> body(HttpServerRequest request) {
    Promise<Buffer> promise = Promise.promise();
    Buffer body = Buffer.buffer();
    request.handler(
        chunk -> {
          if (body.length() + chunk.length() <= BODY_LIMIT_BYTES) {
            body.appendBuffer(chunk);
          } else {
            promise.tryFail(StatusException.tooLarge(BODY_LIMIT_BYTES));
          }
        });
    request.endHandler(v -> promise.tryComplete(body));
    request.exceptionHandler(promise::tryFail);
    return promise.future();
  }

  private void objects(HttpServerRequest http, Buffer body) {
    ApiRequest request =
        ApiRequest.of(
            http.method(),
            // Plus is an ordinary character in a path.
            URLDecoder.decode(http.path().replace("+", "%2B"), UTF_8),
            http.params(),
            http.headers(),
            body);
    HttpServerResponse response = http.response();
    boolean watch =
        request.method().equals(HttpMethod.GET)
            && request.flag("watch")
            && request.name().isEmpty();
    if (watch) {
      watches.serve(request, response);
      return;
    }
    Answer answer;
    try {
      answer = resources.answer(request);
    } catch (StatusException e) {
      // Also a refusal tells of writes that the disk may not hold yet.
      answer = Answer.of(e.code(), e.status(), store.version());
    }
    Answer ready = answer;
    store
        .durable(ready.version())
        .onSuccess(v -> send(response, ready.code(), ready.body()))
        .onFailure(e -> refuse(response, e));
  }

  private static void send(HttpServerResponse response, int code, Buffer body) {
    if (!response.ended() && !response.closed()) {
      if (code == UNAVAILABLE) {
        response.putHeader("Retry-After", "1");
      }
      response.setStatusCode(code).putHeader("Content-Type", "application/json").end(body);
    }
  }

  private static void refuse(HttpServerResponse response, Throwable cause) {
    StatusException refusal;
    if (cause instanceof StatusException status) {
      refusal = status;
    } else {
      // The class alone: a message may quote what was sent.
      log.atError()
          .addKeyValue("cause", cause.getClass().getName())
          .addKeyValue("at", cause.getStackTrace().length == 0 ? "" : cause.getStackTrace()[0])
          .log("Kubernetes request failed");
      refusal = StatusException.internal("internal error");
    }
    if (response.headWritten()) {
      response.reset();
    } else {
      send(response, refusal.code(), Json.buffer(refusal.status()));
    }
  }
}
