package mooring.core;

import java.util.Map;
import java.util.Set;

/** The extensions that come with PostgreSQL itself, of the versions that are offered. */
final class SuppliedExtensions {
  private static final Set<String> ALL =
      Set.of(
          "amcheck",
          "autoinc",
          "bloom",
          "btree_gin",
          "btree_gist",
          "citext",
          "cube",
          "dblink",
          "dict_int",
          "dict_xsyn",
          "earthdistance",
          "file_fdw",
          "fuzzystrmatch",
          "hstore",
          "insert_username",
          "intagg",
          "intarray",
          "isn",
          "lo",
          "ltree",
          "moddatetime",
          "pageinspect",
          "pg_buffercache",
          "pg_freespacemap",
          "pg_logicalinspect",
          "pg_prewarm",
          "pg_stat_statements",
          "pg_surgery",
          "pg_trgm",
          "pg_visibility",
          "pg_walinspect",
          "pgcrypto",
          "pgrowlocks",
          "pgstattuple",
          "plpgsql",
          "postgres_fdw",
          "refint",
          "seg",
          "sslinfo",
          "tablefunc",
          "tcn",
          "tsm_system_rows",
          "tsm_system_time",
          "unaccent",
          "uuid-ossp",
          "xml2");

  /** Those that came with it once, by the first version without. */
  private static final Map<String, Integer> REMOVED = Map.of("adminpack", 17, "old_snapshot", 17);

  private SuppliedExtensions() {}

  /** Whether it is known not to be in a version any more. */
  static boolean goneIn(String extension, int major) {
    return REMOVED.getOrDefault(extension, Integer.MAX_VALUE) <= major;
  }

  /** Whether it comes with a version. */
  static boolean in(String extension, int major) {
    return ALL.contains(extension) || (REMOVED.containsKey(extension) && !goneIn(extension, major));
  }
}
