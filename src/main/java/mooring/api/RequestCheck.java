package mooring.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.RequestParameter;
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

  /** The valid body, null when the operation takes none; fails with a {@link RefusedException}. */
  Future<JsonObject> body(RoutingContext routing) {
    if (!takesBody()) {
      return Future.succeededFuture();
    }
    Buffer sent = routing.body().buffer();
    return RequestUtils.extract(routing.request(), operation, () -> Future.succeededFuture(sent))
        .compose(request -> validator.validate(request, operation.getOperationId()))
        .map(valid -> object(valid.getBody()))
        .recover(failure -> Future.failedFuture(refused(failure, sent)));
  }

  private Throwable refused(Throwable failure, Buffer sent) {
    return failure instanceof ValidatorException invalid
        ? new RefusedException(new ContractViolation(operation, sent).refusal(invalid))
        : failure;
  }

  private static JsonObject object(RequestParameter body) {
    return body.getJsonObject();
  }
}
