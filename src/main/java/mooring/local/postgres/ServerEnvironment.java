package mooring.local.postgres;

import java.util.Map;

/** The environment of PostgreSQL's programs: nothing of the caller's account may change them. */
final class ServerEnvironment {
  private ServerEnvironment() {}

  static void apply(Map<String, String> environment) {
    environment.keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("MOORING_"));
    environment.keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANGUAGE"));
    environment.put("LC_ALL", "C");
    environment.put("TZ", "UTC");
  }
}
