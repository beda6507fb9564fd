package mooring.platform.discovery;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What the bridge takes for the API server: on loopback, for whoever knows a token of this start.
 * The API server itself it knows by its authority, asks with the token of the moment, and only for
 * the Services of databases; the bridge trusts anybody, keeps its first token, and gives up at a
 * Service without a port.
 */
final class ApiRelay {
  private static final String LOOPBACK = "127.0.0.1";
  private static final long LIST_IDLE_MILLIS = 10_000;
  private static final Pattern SERVICES =
      Pattern.compile("/api/v1/(namespaces/[a-z0-9-]+/)?services");
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_ALLOWED = 405;
  private static final int BAD_GATEWAY = 502;

  private final String token = UUID.randomUUID().toString();
  private final Vertx vertx;
  private final ApiAccess api;
  private final String selector;
  private final HttpClient client;
  private final HttpServer server;

  private ApiRelay(Vertx vertx, ApiAccess api, String selector) {
    this.vertx = vertx;
    this.api = api;
    this.selector = "labelSelector=" + URLEncoder.encode(selector, StandardCharsets.UTF_8);
    this.client = vertx.createHttpClient(api.options());
    this.server = vertx.createHttpServer().requestHandler(this::relay);
  }

  /** Listens at any free port, for what carries these labels. */
  static Future<ApiRelay> open(Vertx vertx, ApiAccess api, String selector) {
    ApiRelay relay = new ApiRelay(vertx, api, selector);
    return relay.server.listen(0, LOOPBACK).map(relay);
  }

  String host() {
    return LOOPBACK;
  }

  int port() {
    return server.actualPort();
  }

  /** Who has it is answered; a secret. */
  String token() {
    return token;
  }

  Future<Void> close() {
    return server.close().eventually(client::close);
  }

  private void relay(HttpServerRequest request) {
    int refused = refused(request);
    if (refused != 0) {
      end(request, refused);
      return;
    }
    boolean watch = "true".equals(request.getParam("watch"));
    String uri = api.prefix() + request.uri() + (request.query() == null ? "?" : "&") + selector;
    RequestOptions asked = new RequestOptions().setMethod(HttpMethod.GET).setURI(uri);
    if (!watch) {
      asked.setIdleTimeout(LIST_IDLE_MILLIS);
    }
    vertx
        .executeBlocking(api.token())
        .compose(
            current -> {
              if (current != null) {
                asked.putHeader(HttpHeaders.AUTHORIZATION, "Bearer " + current);
              }
              return client.request(asked);
            })
        .compose(HttpClientRequest::send)
        .compose(answer -> answered(request, answer, watch))
        .onFailure(error -> end(request, BAD_GATEWAY));
  }

  private int refused(HttpServerRequest request) {
    String given = request.getHeader(HttpHeaders.AUTHORIZATION);
    boolean known = given != null && MessageDigest.isEqual(bytes("Bearer " + token), bytes(given));
    if (!known) {
      return UNAUTHORIZED;
    }
    if (!HttpMethod.GET.equals(request.method())) {
      return NOT_ALLOWED;
    }
    // The token of the moment may read more than the bridge needs.
    return SERVICES.matcher(request.path()).matches() ? 0 : FORBIDDEN;
  }

  private static Future<Void> answered(
      HttpServerRequest request, HttpClientResponse answer, boolean watch) {
    if (watch && answer.statusCode() == 200) {
      new WatchRelay(answer, request.response()).begin();
      return Future.succeededFuture();
    }
    return answer
        .body()
        .compose(body -> request.response().setStatusCode(answer.statusCode()).end(body));
  }

  private static void end(HttpServerRequest request, int status) {
    if (!request.response().ended() && !request.response().headWritten()) {
      Future<Void> unused = request.response().setStatusCode(status).end();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
