package mooring.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * A published contract, as loaded and as served.
 *
 * @param name the API's name
 * @param text the YAML document
 * @param model the loaded document
 */
record Contract(String name, String text, OpenAPIContract model) {
  private static final String REQUIRED_SCOPE = "x-required-scope";
  private static final String NO_SCOPE = "none";
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  /** Reads it from the program itself; files of that name in the working directory mean nothing. */
  static Future<Contract> load(Vertx vertx, String name) {
    return vertx
        .executeBlocking(() -> text("openapi/" + name + ".yaml"))
        .compose(
            text ->
                vertx
                    .executeBlocking(() -> new JsonObject(YAML.readTree(text).toString()))
                    .compose(document -> OpenAPIContract.from(vertx, document))
                    .map(model -> new Contract(name, text, model)));
  }

  private static String text(String resource) throws IOException {
    try (InputStream bytes = Contract.class.getClassLoader().getResourceAsStream(resource)) {
      if (bytes == null) {
        throw new FileNotFoundException("no " + resource + " in the program");
      }
      return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The server's address as the document has it. */
  String serverUrl() {
    return model.getServers().get(0).getURL();
  }

  /** The path under which the operations live. */
  String basePath() {
    return URI.create(serverUrl()).getPath();
  }

  /** The path of an operation as the router writes it. */
  String route(Operation operation) {
    return operation.getAbsoluteOpenAPIPath().replaceAll("\\{(.*?)}", ":$1");
  }

  /** Whether an operation is for everyone: it says that it needs no scope, and no token. */
  boolean open(Operation operation) {
    return NO_SCOPE.equals(operation.getOpenAPIModel().getString(REQUIRED_SCOPE))
        && operation.getSecurityRequirements().isEmpty();
  }

  /**
   * The scope that an operation needs; a contract that does not say so is refused.
   *
   * @return null when any valid token will do
   */
  String scope(Operation operation) {
    String scope = operation.getOpenAPIModel().getString(REQUIRED_SCOPE);
    if (scope == null || operation.getSecurityRequirements().isEmpty()) {
      throw new IllegalStateException(
          name + ": operation " + operation.getOperationId() + " names no required scope");
    }
    return scope.equals(NO_SCOPE) ? null : scope;
  }
}
