package mooring.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The published contracts, each loaded once; the loading takes a while of a start. */
public final class Contracts {
  private final Vertx vertx;
  private final Map<String, Future<Contract>> loading = new ConcurrentHashMap<>();

  /**
   * Contracts that are loaded when they are asked for.
   *
   * @param vertx on whose workers they are loaded
   */
  public Contracts(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Begins to load those of some APIs. */
  public Contracts load(List<String> apis) {
    apis.forEach(this::of);
    return this;
  }

  /** An API's contract; fails when there is none of that name. */
  Future<Contract> of(String api) {
    return loading.computeIfAbsent(api, name -> Contract.load(vertx, name));
  }
}
