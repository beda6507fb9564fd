package mooring.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.handler.HttpException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import mooring.core.ProblemException;
import mooring.status.Encoded;
import mooring.status.Freshness;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The only place that writes the responses of one operation, with the headers that they need. */
final class Responder {
  private static final Logger log = LoggerFactory.getLogger(Responder.class);
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
  private static final CharSequence AGE = HttpHeaders.createOptimized("age");

  private final ErrorShape errors;
  private final Freshness freshness;
  private final RequestMeters meters;

  Responder(ErrorShape errors, Freshness freshness, RequestMeters meters) {
    this.errors = errors;
    this.freshness = freshness;
    this.meters = meters;
  }

  /** Answers a poll: 304 when the client knows the body already. */
  void poll(HttpServerRequest request, Encoded encoded, long startedNanos) {
    HttpServerResponse response = request.response();
    String etag = encoded.etag();
    boolean unchanged = EntityTags.named(request, etag);
    if (unchanged) {
      response.setStatusCode(304);
      response.putHeader(HttpHeaders.ETAG, etag);
      response.putHeader(HttpHeaders.CACHE_CONTROL, Encoded.CACHE_CONTROL);
    } else {
      response.headers().setAll(encoded.headers()).set(HttpHeaders.ETAG, etag);
    }
    // Not before: the headers that bodies share take the place of all others.
    date(response);
    if (freshness.stale()) {
      response.putHeader(AGE, Long.toString(freshness.ageSeconds()));
    }
    if (unchanged || request.method().equals(HttpMethod.HEAD)) {
      response.end();
    } else {
      response.end(encoded.body());
    }
    meters.count(unchanged ? 304 : 200, startedNanos);
  }

  /** Answers a command, unless its body, which it does not read, took too long. */
  void reply(HttpServerRequest request, Reply reply, long startedNanos) {
    HttpServerResponse response = request.response();
    if (response.ended()) {
      return;
    }
    date(response);
    response.setStatusCode(reply.status());
    response.putHeader(
        HttpHeaders.CACHE_CONTROL, reply.secret() ? NO_STORE : Encoded.CACHE_CONTROL);
    if (reply.location() != null) {
      response.putHeader(HttpHeaders.LOCATION, reply.location());
    }
    if (reply.body() == null) {
      response.end();
    } else {
      response.putHeader(HttpHeaders.CONTENT_TYPE, JSON);
      end(request, reply.body());
    }
    meters.count(reply.status(), startedNanos);
  }

  /** Answers with a file for browsers, or 304. */
  void resource(HttpServerRequest request, WebResource resource, long startedNanos) {
    HttpServerResponse response = request.response();
    Encoded encoded = resource.encoded();
    date(response);
    response
        .putHeader(HttpHeaders.ETAG, encoded.etag())
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
        .putHeader("content-security-policy", WebResource.POLICY)
        .putHeader("x-content-type-options", "nosniff")
        .putHeader("referrer-policy", "no-referrer");
    if (EntityTags.named(request, encoded.etag())) {
      response.setStatusCode(304).end();
    } else {
      response.putHeader(HttpHeaders.CONTENT_TYPE, resource.contentType());
      end(request, encoded.body());
    }
    meters.count(response.getStatusCode(), startedNanos);
  }

  /** Sends the client to another path, for good. */
  void redirect(HttpServerRequest request, String location, long startedNanos) {
    HttpServerResponse response = request.response();
    date(response);
    response
        .setStatusCode(308)
        .putHeader(HttpHeaders.LOCATION, location)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
        .end();
    meters.count(308, startedNanos);
  }

  /** Answers a failure in the API's shape; one that nobody expected is logged, not told. */
  void fail(HttpServerRequest request, Throwable failure, long startedNanos) {
    Refusal refusal = refusal(failure);
    int status = errors.status(refusal.fault());
    HttpServerResponse response = request.response();
    if (!response.ended() && !response.closed()) {
      if (LastAnswer.isDue(request)) {
        LastAnswer.of(request);
      }
      date(response);
      response.setStatusCode(status);
      response.putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE);
      response.putHeader(HttpHeaders.CONTENT_TYPE, errors.contentType());
      if (refusal.header() != null) {
        response.putHeader(refusal.header(), refusal.headerValue());
      }
      end(request, errors.body(status, refusal));
    }
    meters.count(status, startedNanos);
  }

  private static void date(HttpServerResponse response) {
    response.headers().set(HttpHeaders.DATE, DateField.now());
  }

  private static void end(HttpServerRequest request, Buffer body) {
    HttpServerResponse response = request.response();
    if (request.method().equals(HttpMethod.HEAD)) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length())).end();
    } else {
      response.end(body);
    }
  }

  private Refusal refusal(Throwable failure) {
    if (failure instanceof RefusedException refused) {
      return refused.refusal();
    }
    if (failure instanceof ProblemException problem) {
      return errors.refusal(problem.problem());
    }
    if (failure instanceof HttpException http && http.getStatusCode() == 400) {
      return Refusal.of(Fault.UNREADABLE_BODY, "the request cannot be read");
    }
    String id = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    log.atError().addKeyValue("error", id).setCause(failure).log("request failed");
    return Refusal.of(Fault.INTERNAL, "internal error " + id);
  }
}
