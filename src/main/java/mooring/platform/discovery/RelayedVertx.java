package mooring.platform.discovery;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.VertxWrapper;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Vert.x whose HTTP clients lead to a relay, whatever they are told. In a pod the bridge takes
 * the API server of the environment over the one that it is configured with, and cannot be told
 * otherwise.
 */
final class RelayedVertx extends VertxWrapper {
  private static final Logger log = LoggerFactory.getLogger(RelayedVertx.class);

  private final ApiRelay relay;
  private final ContextInternal context;

  RelayedVertx(Vertx vertx, ApiRelay relay) {
    super((VertxInternal) vertx);
    this.relay = relay;
    ContextInternal own = delegate.createEventLoopContext();
    own.exceptionHandler(error -> log.debug("the bridge has failed", error));
    // The bridge makes its client with the owner of the context that it is given.
    this.context =
        (ContextInternal)
            Proxy.newProxyInstance(
                ContextInternal.class.getClassLoader(),
                new Class<?>[] {ContextInternal.class},
                (proxy, method, arguments) ->
                    method.getName().equals("owner") ? this : call(own, method, arguments));
  }

  @Override
  public ContextInternal getOrCreateContext() {
    return context;
  }

  @Override
  public HttpClientAgent createHttpClient(HttpClientOptions options) {
    return super.createHttpClient(
        options.setSsl(false).setDefaultHost(relay.host()).setDefaultPort(relay.port()));
  }

  private static Object call(ContextInternal context, Method method, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(context, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
