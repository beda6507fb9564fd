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
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import mooring.status.Freshness;

/**
 * Binds what stands behind an API's operationIds to the routes that its contract describes. The
 * routes lie on one flat router, the polls first, because each route that a request is held against
 * costs it something.
 */
final class ContractRouter {
  private final Contract contract;
  private final String root;
  // An array, because every request looks through it.
  private final String[] prefixes;
  private final PublishedApi api;
  private final Proxies proxies;
  private final BooleanSupplier ready;
  private final Freshness freshness;
  private final MeterRegistry meters;
  private final Responder unrouted;

  /**
   * @param root under which the contract's paths are served; empty for none
   */
  ContractRouter(
      Contract contract,
      String root,
      PublishedApi api,
      Proxies proxies,
      BooleanSupplier ready,
      Freshness freshness,
      MeterRegistry meters) {
    this.contract = contract;
    this.root = root;
    this.prefixes =
        root.isEmpty() ? contract.firstSegments().toArray(String[]::new) : new String[] {root};
    this.api = api;
    this.proxies = proxies;
    this.ready = ready;
    this.freshness = freshness;
    this.meters = meters;
    this.unrouted = responder("none");
    requireAllBound();
  }

  /**
   * Adds the routes of all operations, and the refusals of what is none.
   *
   * @param direct gets the polls that can do without their routes
   */
  void bind(Vertx vertx, Router router, DirectPolls direct) {
    RequestValidator validator = RequestValidator.create(vertx, contract.model());
    // In the order of the document's paths, so that every start has the same routes.
    List<Operation> operations =
        contract.model().getPaths().stream()
            .flatMap(path -> path.getOperations().stream())
            .toList();
    for (Operation operation : operations) {
      if (api.polls().containsKey(operation.getOperationId())) {
        bindPoll(router, operation, direct);
      }
    }
    // A literal segment wins over a parameter, whatever the method.
    bindRest(router, validator, path -> !path.getName().contains("{"));
    bindRest(router, validator, path -> path.getName().contains("{"));
    refuseOtherPaths(router);
  }

  private void bindRest(Router router, RequestValidator validator, Predicate<Path> which) {
    List<Path> paths = contract.model().getPaths().stream().filter(which).toList();
    for (Path path : paths) {
      for (Operation operation : path.getOperations()) {
        if (api.commands().containsKey(operation.getOperationId())) {
          bindCommand(router, operation, validator);
        }
      }
    }
    paths.forEach(path -> refuseOtherMethods(router, path));
  }

  /** Whether a path lies within this API. */
  boolean serves(String path) {
    for (String prefix : prefixes) {
      if (path.startsWith(prefix)
          && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/')) {
        return true;
      }
    }
    return false;
  }

  /** Answers what failed before any route was found. */
  void fail(HttpServerRequest request, Throwable failure) {
    unrouted.fail(request, failure, System.nanoTime());
  }

  private void bindPoll(Router router, Operation operation, DirectPolls direct) {
    PollHandler poll =
        new PollHandler(
            guard(operation),
            api.polls().get(operation.getOperationId()),
            responder(operation.getOperationId()),
            new PollParameters(operation),
            proxies);
    lookedUp(route(router, operation), operation).handler(poll);
    if (poll.needsOnlyItsId() && isDirect(operation)) {
      direct.add(root + Contract.parent(operation), poll);
    }
  }

  /** Whether a path decides alone that it is this operation's, and nothing comes before it. */
  private boolean isDirect(Operation operation) {
    String parent = Contract.parent(operation);
    return parent != null
        && (contract.open(operation) || !api.authenticator().looksUp())
        && contract.model().getPaths().stream()
                .filter(path -> path.getName().matches(Pattern.quote(parent) + "[^/]*"))
                .count()
            == 1;
  }

  private void bindCommand(Router router, Operation operation, RequestValidator validator) {
    Command command = api.commands().get(operation.getOperationId());
    new CommandHandler(
            guard(operation),
            new RequestCheck(validator, contract.model().getSchemaRepository(), operation),
            command,
            responder(operation.getOperationId()))
        .bind(lookedUp(route(router, operation), operation));
  }

  private Route lookedUp(Route route, Operation operation) {
    return contract.open(operation) || !api.authenticator().looksUp()
        ? route
        : route.handler(
            new LookUpHandler(ready, api.authenticator(), responder(operation.getOperationId())));
  }

  private Route route(Router router, Operation operation) {
    Route route = router.route(operation.getHttpMethod(), Contract.route(root, operation));
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
    refuse(router.route(Contract.route(root, path.getOperations().get(0))), refusal);
  }

  private void refuseOtherPaths(Router router) {
    Refusal refusal = Refusal.of(Fault.NOT_FOUND, "not found");
    for (String prefix : prefixes) {
      refuse(router.route(prefix), refusal);
      refuse(router.route(prefix + "/*"), refusal);
    }
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
