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
import java.nio.charset.StandardCharsets;
import java.util.Base64;
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
  private static final String JSON = "application/json";
  private static final Set<Integer> OF_NO_OPERATION = Set.of(404, 405);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI root;
  private final String token;
  private final String authorization;
  private final Signer signer;
  private final List<Published> apis;

  /**
   * A contract, and what its errors look like.
   *
   * @param name of its file
   * @param paths what the paths begin with where it holds
   * @param base what the first of them has before those of the contract
   */
  private record Published(
      String name,
      List<String> paths,
      String base,
      String errorType,
      Set<String> errors,
      OpenAPIContract contract,
      ResponseValidator responses) {
    static Published of(
        Vertx vertx, String name, List<String> paths, String errorType, Set<String> errors) {
      Contract contract = await(Contract.load(vertx, name));
      return new Published(
          name,
          paths,
          contract.basePath(),
          errorType,
          errors,
          contract.model(),
          ResponseValidator.create(vertx, contract.model()));
    }

    boolean serves(String path) {
      return paths.stream().anyMatch(path::startsWith);
    }

    /** A path as the contract has it. */
    String known(String path) {
      return path.startsWith(base) ? path : base + path;
    }
  }

  private ContractClient(URI root, String token, List<Published> apis) {
    this(root, token, token == null ? null : "Bearer " + token, null, apis);
  }

  private ContractClient(
      URI root, String token, String authorization, Signer signer, List<Published> apis) {
    this.root = root;
    this.token = token;
    this.authorization = authorization;
    this.signer = signer;
    this.apis = apis;
  }

  /** A client of a running server. */
  public static ContractClient of(Vertx vertx, int port, String token) {
    return new ContractClient(
        URI.create("http://127.0.0.1:" + port),
        token,
        List.of(
            Published.of(vertx, "uncloud", List.of("/api/v1"), JSON, Set.of("error")),
            Published.of(vertx, "cloudheed", List.of("/v1"), JSON, Set.of("error", "meta")),
            Published.of(
                vertx,
                "ionos",
                List.of("/databases/postgresql", "/clusters", "/versions", "/infos"),
                "application/problem+json",
                Set.of("httpStatus", "messages")),
            Published.of(
                vertx,
                "exoscale",
                List.of("/v2", "/dbaas-", "/zone", "/operation/"),
                JSON,
                Set.of("message", "title", "detail", "errors"))));
  }

  /** The same with another token; null for none. */
  public ContractClient as(String otherToken) {
    return new ContractClient(root, otherToken, apis);
  }

  /** The same with an account's email address and password. */
  public ContractClient as(String email, String password) {
    String credentials = email + ":" + password;
    byte[] bytes = credentials.getBytes(StandardCharsets.UTF_8);
    return new ContractClient(
        root, null, "Basic " + Base64.getEncoder().encodeToString(bytes), null, apis);
  }

  /** The same with signed requests. */
  public ContractClient signed(Signer by) {
    return new ContractClient(root, null, null, by, apis);
  }

  /** Makes the {@code Authorization} header of each request. */
  @FunctionalInterface
  public interface Signer {
    /** The header; null for none. */
    String sign(String method, URI target, String body);
  }

  /** The same with connections of its own. */
  public ContractClient fresh() {
    return new ContractClient(root, token, authorization, signer, apis);
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

  /** A POST of bytes that need not be text; not for signed requests. */
  public Answer post(String path, byte[] body) {
    return send(
        "POST",
        path,
        HttpRequest.BodyPublishers.ofByteArray(body),
        "",
        "Content-Type",
        "application/json");
  }

  /** A POST without a body. */
  public Answer post(String path) {
    return send("POST", path, null);
  }

  public Answer put(String path, JsonObject body) {
    return send("PUT", path, body.encode(), "Content-Type", "application/json");
  }

  public Answer patch(String path, JsonObject body) {
    return send("PATCH", path, body.encode(), "Content-Type", "application/json");
  }

  /** Sends anything, with headers as name and value in turn. */
  public Answer send(String method, String path, String body, String... headers) {
    HttpRequest.BodyPublisher sent =
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body);
    return send(method, path, sent, body == null ? "" : body, headers);
  }

  private Answer send(
      String method, String path, HttpRequest.BodyPublisher body, String text, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(root.resolve(path)).method(method, body);
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    String signature = signer == null ? null : signer.sign(method, root.resolve(path), text);
    if (signature != null) {
      request.header("Authorization", signature);
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      Answer answer =
          Answer.of(http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
      for (Published api : apis) {
        if (api.serves(path)) {
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
      assertThat(answer.header("content-type")).isEqualTo(api.errorType);
      assertThat(answer.header("cache-control")).isEqualTo("no-store");
      assertThat(answer.json().fieldNames()).isEqualTo(api.errors);
      assertThat(answer.error()).isNotBlank();
    }
    String plain = api.known(path.split("\\?", 2)[0]);
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
                answer.status(),
                decodable(answer.headers()),
                body,
                answer.status() >= 400 ? JSON : answer.header("content-type")),
            operation.getOperationId()));
    ExercisedOperations.answered(api.name, operation.getOperationId(), answer.status());
  }

  /** The validator's own parsing of strings ends at a quotation mark. */
  private static Map<String, String> decodable(Map<String, String> headers) {
    Map<String, String> copy = new TreeMap<>(headers);
    copy.computeIfPresent("www-authenticate", (name, value) -> value.replace('"', '\''));
    return copy;
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
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

    /** The sentences of an error that may have several. */
    public List<String> messages() {
      return json().getJsonArray("messages").stream()
          .map(message -> ((JsonObject) message).getString("message"))
          .toList();
    }

    /** The sentence of an error. */
    public String error() {
      if (json().containsKey("messages")) {
        return messages().get(0);
      }
      if (json().containsKey("message")) {
        return json().getString("message");
      }
      Object error = json().getValue("error");
      return error instanceof JsonObject object ? object.getString("message") : (String) error;
    }
  }
}
