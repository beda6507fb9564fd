package mooring.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.json.schema.JsonSchema;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import io.vertx.openapi.validation.RequestUtils;
import io.vertx.openapi.validation.RequestValidator;
import io.vertx.openapi.validation.ValidatorException;

/** Checks the requests of one operation against the contract. */
final class RequestCheck {
  private final RequestValidator validator;
  private final Operation operation;

  RequestCheck(RequestValidator validator, Operation operation) {
    this.validator = validator;
    this.operation = operation;
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
    if (takesBody() && !requiresBody() && routing.body().length() <= 0) {
      return Future.succeededFuture(new JsonObject());
    }
    if (!takesBody() && operation.getParameters().stream().allMatch(RequestCheck::anyString)) {
      return Future.succeededFuture();
    }
    Buffer sent = takesBody() ? routing.body().buffer() : null;
    return RequestUtils.extract(routing.request(), operation, () -> Future.succeededFuture(sent))
        .compose(request -> validator.validate(request, operation.getOperationId()))
        .map(valid -> takesBody() ? valid.getBody().getJsonObject() : null)
        .recover(failure -> Future.failedFuture(refused(failure, sent)));
  }

  /** No string is a wrong one, but some characters are beyond the validator's own parsing. */
  private static boolean anyString(Parameter parameter) {
    JsonObject schema = parameter.getOpenAPIModel().getJsonObject("schema");
    long constraints = schema.stream().filter(JsonSchema.EXCLUDE_ANNOTATION_ENTRIES).count();
    return "string".equals(schema.getValue("type")) && constraints == 1;
  }

  private Throwable refused(Throwable failure, Buffer sent) {
    if (!(failure instanceof ValidatorException invalid)) {
      return failure;
    }
    // Without a body it is a parameter, and the validator's message names that.
    return new RefusedException(
        takesBody()
            ? new ContractViolation(operation, sent).refusal(invalid)
            : Refusal.of(Fault.REFUSED_VALUE, invalid.getMessage()));
  }
}
