import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The baseline: the same bytes from a map, behind a router with one path parameter and a token
 * check, and nothing else. Arguments: the port, the token, and a file of lines "id TAB body TAB
 * etag".
 */
public class BareServer {
  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[0]);
    Set<String> headers = Set.of("Bearer " + args[1]);
    Map<String, Buffer> bodies = new HashMap<>();
    for (String line : Files.readAllLines(Path.of(args[2]))) {
      String[] fields = line.split("\t");
      bodies.put(fields[0], Buffer.buffer(fields[1]));
    }
    Vertx vertx = Vertx.vertx();
    int cores = Runtime.getRuntime().availableProcessors();
    vertx
        .deployVerticle(
            () -> new Server(port, headers, bodies), new DeploymentOptions().setInstances(cores))
        .onSuccess(id -> System.out.println("listening"))
        .onFailure(
            error -> {
              error.printStackTrace();
              System.exit(1);
            });
  }

  static final class Server extends AbstractVerticle {
    private final int port;
    private final Set<String> headers;
    private final Map<String, Buffer> bodies;

    Server(int port, Set<String> headers, Map<String, Buffer> bodies) {
      this.port = port;
      this.headers = headers;
      this.bodies = bodies;
    }

    @Override
    public void start(Promise<Void> started) {
      Router router = Router.router(vertx);
      router.get("/api/v1/databases/:id").handler(this::answer);
      vertx
          .createHttpServer()
          .requestHandler(router)
          .listen(port, "127.0.0.1")
          .<Void>mapEmpty()
          .onComplete(started);
    }

    private void answer(RoutingContext context) {
      String header = context.request().getHeader("Authorization");
      if (header == null || !headers.contains(header)) {
        context.response().setStatusCode(401).end();
        return;
      }
      Buffer body = bodies.get(context.pathParam("id"));
      if (body == null) {
        context.response().setStatusCode(404).end();
        return;
      }
      context.response().putHeader("Content-Type", "application/json").end(body);
    }
  }
}
