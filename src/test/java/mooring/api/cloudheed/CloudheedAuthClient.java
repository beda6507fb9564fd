package mooring.api.cloudheed;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
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
import java.util.Map;
import java.util.TreeMap;
import mooring.api.ApiFixture;

/** A client that holds every response under /v1/auth against the contract. */
final class CloudheedAuthClient {
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI root;
  private final String token;
  private final OpenAPIContract contract;
  private final ResponseValidator responses;

  private CloudheedAuthClient(
      URI root, String token, OpenAPIContract contract, ResponseValidator responses) {
    this.root = root;
    this.token = token;
    this.contract = contract;
    this.responses = responses;
  }

  static CloudheedAuthClient of(Vertx vertx, int port) {
    OpenAPIContract contract =
        ApiFixture.await(OpenAPIContract.from(vertx, "openapi/cloudheed.yaml"));
    ResponseValidator responses = ResponseValidator.create(vertx, contract);
    return new CloudheedAuthClient(
        URI.create("http://127.0.0.1:" + port), null, contract, responses);
  }

  CloudheedAuthClient as(String other) {
    return new CloudheedAuthClient(root, other, contract, responses);
  }

  String token() {
    return token;
  }

  Answer get(String path) {
    return send("GET", path, null);
  }

  Answer delete(String path) {
    return send("DELETE", path, null);
  }

  Answer post(String path, JsonObject body) {
    return post(path, body.encode());
  }

  Answer post(String path, String body) {
    return send("POST", path, body);
  }

  private Answer send(String method, String path, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(root.resolve(path))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      HttpResponse<byte[]> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      Map<String, String> headers = new TreeMap<>();
      response.headers().map().forEach((name, all) -> headers.put(name, String.join(", ", all)));
      Answer answer = new Answer(response.statusCode(), headers, Buffer.buffer(response.body()));
      verify(method, path, answer);
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void verify(String method, String path, Answer answer) {
    Operation operation = contract.findOperation(path, HttpMethod.valueOf(method));
    assertThat(operation.getResponse(answer.status()))
        .as("%s describes %s", operation.getOperationId(), answer.status())
        .isNotNull();
    Buffer body = answer.body().length() == 0 ? null : answer.body();
    assertThat(operation.getResponse(answer.status()).getContent().isEmpty())
        .isEqualTo(body == null);
    assertThat(
            ApiFixture.await(
                responses.validate(
                    ValidatableResponse.create(
                        answer.status(), answer.headers(), body, answer.header("content-type")),
                    operation.getOperationId())))
        .isNotNull();
  }

  /**
   * What came back.
   *
   * @param headers by lower-case name
   */
  record Answer(int status, Map<String, String> headers, Buffer body) {
    String header(String name) {
      return headers.get(name);
    }

    JsonObject json() {
      return body.toJsonObject();
    }

    String code() {
      return json().getJsonObject("error").getString("code");
    }

    String message() {
      return json().getJsonObject("error").getString("message");
    }
  }
}
