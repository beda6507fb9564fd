package mooring.platform;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import mooring.FreePort;

/** Stands between a client and a server on loopback, so that a test can cut the line. */
final class Relay implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final NetClient upstream = vertx.createNetClient();
  private final Set<NetSocket> open = ConcurrentHashMap.newKeySet();
  private final int target;
  private final int port;
  private NetServer server;

  Relay(int target) {
    this.target = target;
    // None that an outgoing connection takes while the line is cut.
    this.port = listen(FreePort.next());
  }

  int port() {
    return port;
  }

  /** Nobody answers at the port, and what was open is closed. */
  void cut() {
    done(server.close());
    open.forEach(NetSocket::close);
  }

  void mend() {
    listen(port);
  }

  private int listen(int wanted) {
    server = vertx.createNetServer().connectHandler(this::connect);
    return done(server.listen(wanted, "127.0.0.1")).actualPort();
  }

  private void connect(NetSocket near) {
    near.pause();
    open.add(near);
    near.closeHandler(closed -> open.remove(near));
    upstream
        .connect(target, "127.0.0.1")
        .onSuccess(
            far -> {
              near.pipeTo(far);
              far.pipeTo(near);
            })
        .onFailure(failure -> near.close());
  }

  private static <T> T done(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    done(vertx.close());
  }
}
