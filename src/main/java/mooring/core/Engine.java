package mooring.core;

/** A database engine and the TCP port its clients expect. */
public enum Engine {
  POSTGRESQL(5432),
  MYSQL(3306),
  REDIS(6379),
  MONGODB(27017);

  private final int port;

  Engine(int port) {
    this.port = port;
  }

  /** The engine's standard TCP port. */
  public int port() {
    return port;
  }
}
