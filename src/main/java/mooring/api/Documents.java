package mooring.api;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import mooring.status.Encoded;

/**
 * The contracts, each with this server's own address, and a page to read and try them. A fixed set
 * of files from memory; every use is revalidated, so a newer server is never met by an older page.
 */
final class Documents {
  private static final String PAGE = "/docs/";
  private static final String SCRIPT = "text/javascript; charset=utf-8";

  private final List<Contract> contracts;
  private final Proxies proxies;
  private final Responder responder;
  private final Map<String, WebResource> files;

  Documents(List<Contract> contracts, Proxies proxies, Responder responder) {
    this.contracts = List.copyOf(contracts);
    this.proxies = proxies;
    this.responder = responder;
    this.files =
        Map.of(
            "", WebResource.own("docs.html", "text/html; charset=utf-8"),
            "docs.js", WebResource.own("docs.js", SCRIPT),
            "swagger-ui.css", WebResource.swaggerUi("swagger-ui.css", "text/css; charset=utf-8"),
            "swagger-ui-bundle.js", WebResource.swaggerUi("swagger-ui-bundle.js", SCRIPT),
            "swagger-ui-standalone-preset.js",
                WebResource.swaggerUi("swagger-ui-standalone-preset.js", SCRIPT),
            "favicon-32x32.png", WebResource.swaggerUi("favicon-32x32.png", "image/png"));
  }

  /** Adds the routes. */
  void bind(Router router) {
    for (Contract contract : contracts) {
      get(router, "/openapi/" + contract.name() + ".yaml")
          .handler(send(request -> addressed(contract, request)));
    }
    files.forEach((name, file) -> get(router, PAGE + name).handler(send(request -> file)));
    // Without the slash the page would look for its files beside itself, not below.
    get(router, "/docs")
        .handler(routing -> responder.redirect(routing.request(), PAGE, System.nanoTime()));
  }

  private static Route get(Router router, String path) {
    return router.get(path).method(HttpMethod.HEAD);
  }

  private Handler<RoutingContext> send(Function<HttpServerRequest, WebResource> resource) {
    return routing -> {
      long started = System.nanoTime();
      responder.resource(routing.request(), resource.apply(routing.request()), started);
    };
  }

  private WebResource addressed(Contract contract, HttpServerRequest request) {
    RequestAddress address = proxies.address(request);
    String own =
        address.host() == null ? contract.serverUrl() : address.root() + contract.basePath();
    String text = contract.text().replace(contract.serverUrl(), own);
    return new WebResource("application/yaml", Encoded.of(Buffer.buffer(text)));
  }
}
