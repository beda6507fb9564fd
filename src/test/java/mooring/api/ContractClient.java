package mooring.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.ResponseValidator;
import io.vertx.openapi.validation.ValidatableResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A client that holds every response of a published API against its contract: a status that the
 * operation does not describe, or a body of another form, fails the test.
 */
public final class ContractClient {
  private static final Set<Integer> OF_NO_OPERATION = Set.of(404, 405);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI root;
  private final String token;
  private final List<Published> apis;

  /** A contract, the path under which it holds, and the fields of its errors. */
  private record Published(
      String path, Set<String> errors, OpenAPIContract contract, ResponseValidator responses) {
    static Published of(Vertx vertx, String name, String path, Set<String> errors) {
      OpenAPIContract contract = await(OpenAPIContract.from(vertx, "openapi/" + name + ".yaml"));
      return new Published(path, errors, contract, ResponseValidator.create(vertx, contract));
    }
  }

  private ContractClient(URI root, String token, List<Published> apis) {
    this.root = root;
    this.token = token;
    this.apis = apis;
  }

  /** A client of a running server. */
  public static ContractClient of(Vertx vertx, int port, String token) {
    return new ContractClient(
        URI.create("http://127.0.0.1:" + port),
        token,
        List.of(
            Published.of(vertx, "uncloud", "/api/v1", Set.of("error")),
            Published.of(vertx, "cloudheed", "/v1", Set.of("error", "meta"))));
  }

  /** The same with another token; null for none. */
  public ContractClient as(String otherToken) {
    return new ContractClient(root, otherToken, apis);
  }

  /** The same with connections of its own. */
  public ContractClient fresh() {
    return new ContractClient(root, token, apis);
  }

  public Answer get(String path, String... headers) {
    return send("GET", path, null, headers);
  }

  public Answer delete(String path) {
    return send("DELETE", path, null);
  }

  public Answer post(String path, JsonObject body) {
    return post(path, body.encode());
  }

  public Answer post(String path, String body) {
    return send("POST", path, body, "Content-Type", "application/json");
  }

  /** A POST without a body. */
  public Answer post(String path) {
    return send("POST", path, null);
  }

  public Answer patch(String path, JsonObject body) {
    return send("PATCH", path, body.encode(), "Content-Type", "application/json");
  }

  /** Sends anything, with headers as name and value in turn. */
  public Answer send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(root.resolve(path))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      Answer answer =
          Answer.of(http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
      for (Published api : apis) {
        if (path.startsWith(api.path)) {
          verify(api, method, path, answer);
        }
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void verify(Published api, String method, String path, Answer answer) {
    if (answer.status() >= 400 && !method.equals("HEAD")) {
      assertThat(answer.header("content-type")).isEqualTo("application/json");
      assertThat(answer.header("cache-control")).isEqualTo("no-store");
      assertThat(answer.json().fieldNames()).isEqualTo(api.errors);
      assertThat(answer.error()).isNotBlank();
    }
    String plain = path.split("\\?", 2)[0];
    Operation operation = api.contract.findOperation(plain, HttpMethod.valueOf(method));
    if (operation == null) {
      assertThat(method.equals("HEAD") || OF_NO_OPERATION.contains(answer.status()))
          .as("%s %s answered %s", method, path, answer.status())
          .isTrue();
      return;
    }
    Buffer body = answer.body().length() == 0 ? null : answer.body();
    assertThat(operation.getResponse(answer.status()))
        .as("%s describes %s", operation.getOperationId(), answer.status())
        .isNotNull();
    assertThat(operation.getResponse(answer.status()).getContent().isEmpty())
        .as("%s %s has no body", operation.getOperationId(), answer.status())
        .isEqualTo(body == null);
    await(
        api.responses.validate(
            ValidatableResponse.create(
                answer.status(), answer.headers(), body, answer.header("content-type")),
            operation.getOperationId()));
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  /**
   * What came back.
   *
   * @param headers by lower-case name
   */
  public record Answer(int status, Map<String, String> headers, Buffer body) {
    static Answer of(HttpResponse<byte[]> response) {
      Map<String, String> headers = new TreeMap<>();
      response.headers().map().forEach((name, all) -> headers.put(name, String.join(", ", all)));
      return new Answer(response.statusCode(), headers, Buffer.buffer(response.body()));
    }

    public String header(String name) {
      return headers.get(name);
    }

    public JsonObject json() {
      return body.toJsonObject();
    }

    public JsonArray array() {
      return body.toJsonArray();
    }

    /** The code of an error, where errors have one. */
    public String code() {
      return json().getJsonObject("error").getString("code");
    }

    /** The sentence of an error. */
    public String error() {
      Object error = json().getValue("error");
      return error instanceof JsonObject object ? object.getString("message") : (String) error;
    }
  }
}
