package mooring.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import java.net.URI;

/**
 * A published contract, as loaded and as served.
 *
 * @param name the API's name
 * @param text the YAML document
 * @param model the loaded document
 */
record Contract(String name, String text, OpenAPIContract model) {
  private static final String REQUIRED_SCOPE = "x-required-scope";

  static Future<Contract> load(Vertx vertx, String name) {
    String path = "openapi/" + name + ".yaml";
    return vertx
        .fileSystem()
        .readFile(path)
        .compose(
            bytes ->
                OpenAPIContract.from(vertx, path)
                    .map(model -> new Contract(name, bytes.toString(), model)));
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

  /** The scope that an operation needs; a contract that does not say so is refused. */
  String scope(Operation operation) {
    String scope = operation.getOpenAPIModel().getString(REQUIRED_SCOPE);
    if (scope == null || operation.getSecurityRequirements().isEmpty()) {
      throw new IllegalStateException(
          name + ": operation " + operation.getOperationId() + " names no required scope");
    }
    return scope;
  }
}
