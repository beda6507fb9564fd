package mooring.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.OpenAPIVersion;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.impl.OpenAPIContractImpl;
import io.vertx.openapi.impl.OpenAPIFormatValidator;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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
  private static final Pattern PATH_PARAMETER = Pattern.compile("\\{(.*?)}");
  private static final Pattern LAST_PARAMETER = Pattern.compile("([^{]*/)\\{[^/]*}");

  /** The loader refuses media types that it does not know; what is served keeps its own. */
  private static final String PROBLEM = "\"application/problem+json\":";

  private static final String PLAIN = "\"application/json\":";

  /** How the documents' names end that the build makes of the contracts. */
  static final String JSON = ".json";

  /** Reads it from the program itself; files of that name in the working directory mean nothing. */
  static Future<Contract> load(Vertx vertx, String name) {
    return vertx.executeBlocking(
        () ->
            new Contract(
                name, text("openapi/" + name + ".yaml"), model(text("openapi/" + name + JSON))),
        false);
  }

  /**
   * The model of a document in JSON that has no references. The library's own loader holds every
   * document against the schema of OpenAPI at each start, and looks up all references; the build
   * has done both.
   */
  private static OpenAPIContract model(String document) {
    JsonSchemaOptions options =
        new JsonSchemaOptions()
            .setDraft(Draft.DRAFT202012)
            .setBaseUri("app://")
            .setOutputFormat(OutputFormat.Basic);
    return new OpenAPIContractImpl(
        new JsonObject(document.replace(PROBLEM, PLAIN)),
        OpenAPIVersion.V3_1,
        SchemaRepository.create(options, new OpenAPIFormatValidator()));
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

  /**
   * The path of an operation as the router writes it.
   *
   * @param root under which the document's paths are served
   */
  static String route(String root, Operation operation) {
    return root + operation.getOpenAPIPath().replaceAll("\\{(.*?)}", ":$1");
  }

  /** The first parameter in an operation's path, which names what it is about; null for none. */
  static String idParameter(Operation operation) {
    Matcher first = PATH_PARAMETER.matcher(operation.getOpenAPIPath());
    return first.find() ? first.group(1) : null;
  }

  /** An operation's path up to a parameter that is its last segment; null when there is none. */
  static String parent(Operation operation) {
    Matcher last = LAST_PARAMETER.matcher(operation.getOpenAPIPath());
    return last.matches() ? last.group(1) : null;
  }

  /** What the document's paths begin with: {@code /databases}. */
  Set<String> firstSegments() {
    return model.getPaths().stream()
        .map(path -> path.getName().replaceAll("^(/[^/]*).*", "$1"))
        .collect(Collectors.toCollection(TreeSet::new));
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
