package mooring.api;

import io.vertx.core.Vertx;

/** A server whose store cannot be reached, for the tests of single APIs. */
public final class NoStoreAccess {
  private NoStoreAccess() {}

  /** It never gets ready. */
  public static ApiFixture fixture(Vertx vertx) {
    NoStore down = new NoStore();
    return new ApiFixture(vertx, down, down);
  }
}
