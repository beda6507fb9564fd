package mooring.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import io.vertx.openapi.validation.RequestUtils;
import io.vertx.openapi.validation.RequestValidator;
import io.vertx.openapi.validation.ValidatorException;

/** Checks the requests of one operation against the contract. */
final class RequestCheck {
  private final RequestValidator validator;
  private final SchemaRepository schemas;
  private final Operation operation;
  private final boolean anyParameters;
  private final String idName;

  RequestCheck(RequestValidator validator, SchemaRepository schemas, Operation operation) {
    this.validator = validator;
    this.schemas = schemas;
    this.operation = operation;
    this.idName = Contract.idParameter(operation);
    this.anyParameters = operation.getParameters().stream().allMatch(RequestCheck::anyString);
  }

  /** The path's first parameter; null when it has none. */
  String id(RoutingContext routing) {
    return idName == null ? null : routing.pathParam(idName);
  }

  /** Whether the operation takes a body. */
  boolean takesBody() {
    return operation.getRequestBody() != null;
  }

  /** Whether the operation cannot do without. */
  boolean requiresBody() {
    return takesBody() && operation.getRequestBody().isRequired();
  }

  /**
   * The valid body: empty when it may be left out and was, null when the operation takes none;
   * fails with a {@link RefusedException}.
   */
  Future<JsonObject> body(RoutingContext routing) {
    return parameters(routing)
        .map(
            valid -> {
              if (!takesBody()) {
                return null;
              }
              Buffer sent = routing.body().buffer();
              boolean none = sent == null || sent.length() == 0;
              return none && !requiresBody() ? new JsonObject() : body(none ? null : sent);
            });
  }

  private JsonObject body(Buffer sent) {
    if (sent == null) {
      throw new RefusedException(Refusal.of(Fault.UNREADABLE_BODY, "a request body is required"));
    }
    Object value = StrictJson.value(sent);
    JsonSchema schema =
        operation.getRequestBody().determineContentType("application/json").getSchema();
    OutputUnit found = schemas.validator(schema).validate(value);
    if (!found.getValid()) {
      throw new RefusedException(new ContractViolation(operation, value).refusal(found));
    }
    return (JsonObject) value;
  }

  /**
   * No string is a wrong one, but some characters are beyond the validator's own parsing; so it is
   * asked only where there is something to check.
   */
  private Future<?> parameters(RoutingContext routing) {
    if (anyParameters) {
      return Future.succeededFuture();
    }
    return RequestUtils.extract(
            routing.request(),
            operation,
            () -> Future.succeededFuture(takesBody() ? routing.body().buffer() : null))
        .compose(request -> validator.validate(request, operation.getOperationId()))
        .recover(failure -> Future.failedFuture(refused(failure)));
  }

  private static boolean anyString(Parameter parameter) {
    JsonObject schema = parameter.getOpenAPIModel().getJsonObject("schema");
    long constraints = schema.stream().filter(JsonSchema.EXCLUDE_ANNOTATION_ENTRIES).count();
    return "string".equals(schema.getValue("type")) && constraints == 1;
  }

  /** The validator's message names the parameter. */
  private static Throwable refused(Throwable failure) {
    return failure instanceof ValidatorException invalid
        ? new RefusedException(Refusal.of(Fault.REFUSED_VALUE, invalid.getMessage()))
        : failure;
  }
}
