package mooring.core;

import java.util.Set;

/** A database engine, and what sets it apart wherever it runs. */
public enum Engine {
  POSTGRESQL("PostgreSQL", 5432, true, true, Set.of("postgres", "template0", "template1")),
  MYSQL(
      "MySQL",
      3306,
      false,
      false,
      Set.of("mysql", "information_schema", "performance_schema", "sys")),
  REDIS("Redis", 6379, true, false, Set.of()),
  MONGODB("MongoDB", 27017, false, false, Set.of("admin", "config", "local"));

  private final String title;
  private final int port;
  private final boolean replicated;
  private final boolean backedUp;

  @SuppressWarnings("ImmutableEnumChecker") // Only ever a Set.of.
  private final Set<String> reservedDatabases;

  Engine(
      String title, int port, boolean replicated, boolean backedUp, Set<String> reservedDatabases) {
    this.title = title;
    this.port = port;
    this.replicated = replicated;
    this.backedUp = backedUp;
    this.reservedDatabases = reservedDatabases;
  }

  /** Its name, for humans. */
  public String title() {
    return title;
  }

  /** The TCP port that its clients expect. */
  public int port() {
    return port;
  }

  /** Whether a database of it may have more than one instance, each with the same data. */
  public boolean replicated() {
    return replicated;
  }

  /** Whether backups of it can be made. */
  public boolean backedUp() {
    return backedUp;
  }

  /** Whether a logical database of that name is its own. */
  boolean reserves(String database) {
    return reservedDatabases.contains(database);
  }
}
