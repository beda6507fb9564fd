package mooring.core;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The rules for names that databases and their parts get. */
public final class Names {
  /** A DNS label's greatest length (RFC 1035), and PostgreSQL's for an identifier. */
  public static final int MAX = 63;

  /** PostgreSQL's own, and the operator's. */
  private static final Set<String> RESERVED_ROLES =
      Set.of("postgres", "streaming_replica", "public", "none");

  /** PostgreSQL's own logical database, and the one that is made beside it for applications. */
  static final String POSTGRES = "postgres";

  public static final String APPLICATION_DATABASE = "app";

  private static final Set<String> RESERVED_DATABASES = Set.of(POSTGRES, "template0", "template1");

  /** The roles that every server has for itself. */
  private static final List<String> SYSTEM_ROLES = List.of("postgres", "streaming_replica");

  private Names() {}

  /** The roles that every server has for itself; clients see them at most. */
  public static List<String> systemRoles() {
    return SYSTEM_ROLES;
  }

  /** Whether a logical database of that name is the server's own. */
  public static boolean reservedDatabase(String name) {
    return RESERVED_DATABASES.contains(name.toLowerCase(Locale.ROOT));
  }

  /** Whether a role of that name is the server's own or its operator's. */
  public static boolean reservedRole(String name) {
    String role = name.toLowerCase(Locale.ROOT);
    return RESERVED_ROLES.contains(role) || role.startsWith("pg_") || role.startsWith("cnpg_");
  }

  /**
   * The DNS label made of a name: lower case, every run of other characters a hyphen, none at the
   * ends. Empty when nothing is left.
   */
  public static String slug(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
  }

  /** Checks a display name whose slug becomes the handle; refuses with {@link Field#NAME}. */
  public static String handle(String name) {
    if (name.codePointCount(0, name.length()) > MAX
        || name.chars().anyMatch(Character::isISOControl)) {
      throw refused("name must be at most " + MAX + " printable characters");
    }
    String slug = slug(name);
    if (slug.isEmpty()) {
      throw refused("name must contain a letter or a digit");
    }
    return slug;
  }

  /** The name of the first logical database for a handle; reserved names get a prefix. */
  public static String database(Engine engine, String handle) {
    String name = handle.replace('-', '_');
    boolean reserved = engine.reserves(name) || name.startsWith("pg_");
    String database = reserved ? "db_" + name : name;
    if (database.length() > MAX) {
      throw refused("name is too long for a database of that name");
    }
    return database;
  }

  private static ProblemException refused(String message) {
    return new ProblemException(new Problem.Invalid(Field.NAME, message));
  }
}
