package mooring.api;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Path;
import io.vertx.openapi.validation.RequestValidator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import mooring.status.Freshness;

/**
 * Binds what stands behind an API's operationIds to the routes that its contract describes. The
 * routes lie on one flat router, the polls first, because each route that a request is held against
 * costs it something.
 */
final class ContractRouter {
  private final Contract contract;
  private final String basePath;
  private final PublishedApi api;
  private final BooleanSupplier ready;
  private final Freshness freshness;
  private final MeterRegistry meters;
  private final Responder unrouted;

  ContractRouter(
      Contract contract,
      PublishedApi api,
      BooleanSupplier ready,
      Freshness freshness,
      MeterRegistry meters) {
    this.contract = contract;
    this.basePath = contract.basePath();
    this.api = api;
    this.ready = ready;
    this.freshness = freshness;
    this.meters = meters;
    this.unrouted = responder("none");
    requireAllBound();
  }

  /** Adds the routes of all operations, and the refusals of what is none. */
  void bind(Vertx vertx, Router router) {
    RequestValidator validator = RequestValidator.create(vertx, contract.model());
    // In the order of the document's paths, so that every start has the same routes.
    List<Operation> operations =
        contract.model().getPaths().stream()
            .flatMap(path -> path.getOperations().stream())
            .toList();
    for (Operation operation : operations) {
      if (api.polls().containsKey(operation.getOperationId())) {
        bindPoll(router, operation);
      }
    }
    for (Operation operation : operations) {
      if (api.commands().containsKey(operation.getOperationId())) {
        bindCommand(router, operation, validator);
      }
    }
    contract.model().getPaths().forEach(path -> refuseOtherMethods(router, path));
    refuseOtherPaths(router);
  }

  /** Whether a path lies within this API. */
  boolean serves(String path) {
    return path.startsWith(basePath)
        && (path.length() == basePath.length() || path.charAt(basePath.length()) == '/');
  }

  /** Answers what failed before any route was found. */
  void fail(HttpServerRequest request, Throwable failure) {
    unrouted.fail(request, failure, System.nanoTime());
  }

  private void bindPoll(Router router, Operation operation) {
    Poll poll = api.polls().get(operation.getOperationId());
    route(router, operation)
        .handler(
            new PollHandler(
                guard(operation),
                poll,
                responder(operation.getOperationId()),
                new PollParameters(operation)));
  }

  private void bindCommand(Router router, Operation operation, RequestValidator validator) {
    Command command = api.commands().get(operation.getOperationId());
    new CommandHandler(
            guard(operation),
            new RequestCheck(validator, contract.model().getSchemaRepository(), operation),
            command,
            responder(operation.getOperationId()))
        .bind(route(router, operation));
  }

  private Route route(Router router, Operation operation) {
    Route route = router.route(operation.getHttpMethod(), contract.route(operation));
    // RFC 9110 section 9.3.2: HEAD is GET without the body, wherever there is a GET.
    return operation.getHttpMethod().equals(HttpMethod.GET) ? route.method(HttpMethod.HEAD) : route;
  }

  private void refuseOtherMethods(Router router, Path path) {
    Set<String> methods = new TreeSet<>();
    for (Operation operation : path.getOperations()) {
      methods.add(operation.getHttpMethod().name());
      if (operation.getHttpMethod().equals(HttpMethod.GET)) {
        methods.add(HttpMethod.HEAD.name());
      }
    }
    Refusal refusal =
        new Refusal(
            Fault.METHOD_NOT_ALLOWED,
            "the method is not allowed here",
            HttpHeaders.ALLOW,
            String.join(", ", methods));
    refuse(router.route(contract.route(path.getOperations().get(0))), refusal);
  }

  private void refuseOtherPaths(Router router) {
    Refusal refusal = Refusal.of(Fault.NOT_FOUND, "not found");
    refuse(router.route(basePath), refusal);
    refuse(router.route(basePath + "/*"), refusal);
  }

  private void refuse(Route route, Refusal refusal) {
    RefusedException refused = new RefusedException(refusal);
    route.handler(routing -> fail(routing.request(), refused));
  }

  private Guard guard(Operation operation) {
    return contract.open(operation)
        ? Guard.open(ready, api.limiter())
        : new Guard(ready, api.authenticator(), contract.scope(operation), api.limiter());
  }

  private Responder responder(String operation) {
    return new Responder(api.errors(), freshness, new RequestMeters(meters, api.name(), operation));
  }

  private void requireAllBound() {
    Set<String> described =
        contract.model().operations().stream()
            .map(Operation::getOperationId)
            .collect(Collectors.toSet());
    Set<String> bound = new TreeSet<>(api.polls().keySet());
    bound.addAll(api.commands().keySet());
    if (bound.size() < api.polls().size() + api.commands().size()) {
      throw new IllegalStateException(api.name() + ": an operation is both poll and command");
    }
    refuseStart(described, bound, "operations without a handler");
    refuseStart(bound, described, "handlers without an operation");
  }

  private void refuseStart(Set<String> all, Set<String> known, String what) {
    Set<String> rest = new TreeSet<>(all);
    rest.removeAll(known);
    if (!rest.isEmpty()) {
      throw new IllegalStateException(
          "contract " + api.name() + " has " + what + ": " + String.join(", ", rest));
    }
  }
}
