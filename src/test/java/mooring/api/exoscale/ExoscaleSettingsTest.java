package mooring.api.exoscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mooring.api.Refusal;
import mooring.core.Setup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExoscaleSettingsTest {
  private static final ExoscaleSettings SETTINGS = ExoscaleSettings.ALL;

  @Test
  void publishesSchemasWithAndWithoutGroups() {
    JsonObject schemas = SETTINGS.schemas();
    assertThat(schemas.fieldNames())
        .containsExactlyInAnyOrder("pg", "pgbouncer", "pglookout", "timescaledb", "pgaudit");
    JsonObject pg = schemas.getJsonObject("pg").getJsonObject("properties");
    JsonObject workers =
        pg.getJsonObject("autovacuum")
            .getJsonObject("properties")
            .getJsonObject("autovacuum_max_workers");
    assertThat(workers.getInteger("maximum")).isEqualTo(20);
    assertThat(pg.getJsonObject("autovacuum_max_workers")).isEqualTo(workers);
    assertThat(pg.fieldNames()).hasSize(41 + 18);
    assertThat(schemas.getJsonObject("pgaudit").getJsonObject("properties").fieldNames())
        .hasSize(14);
    assertThat(schemas.encode()).doesNotContain("\"x-");
  }

  @Test
  void keepsFlatKeysInTheirGroupsAndMergesOverWhatIsStored() {
    Map<String, String> first =
        merged(
            Map.of("plan", "startup-4"),
            "pg-settings",
            new JsonObject()
                .put("autovacuum_max_workers", 5)
                .put("wal", new JsonObject().put("max_wal_senders", 30))
                .put("deadlock_timeout", 2000));
    Map<String, String> second =
        merged(
            first,
            "pg-settings",
            new JsonObject()
                .put("autovacuum", new JsonObject().put("autovacuum_naptime", 30))
                .putNull("deadlock_timeout")
                .putNull("max_wal_senders"));
    assertThat(second).containsEntry("plan", "startup-4");
    JsonObject shown = new JsonObject();
    SETTINGS.show(second, shown);
    assertThat(shown)
        .isEqualTo(
            new JsonObject()
                .put(
                    "pg-settings",
                    new JsonObject()
                        .put(
                            "autovacuum",
                            new JsonObject()
                                .put("autovacuum_max_workers", 5)
                                .put("autovacuum_naptime", 30))));
    JsonObject none = new JsonObject();
    SETTINGS.show(merged(second, "pg-settings", new JsonObject().putNull("autovacuum")), none);
    assertThat(none).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pg | {\"work_mem\": 5} | $['pg-settings']['work_mem'] | work_mem is not a setting of pg-settings",
        "pg | {\"deadlock_timeout\": 1} | $['pg-settings']['deadlock_timeout']"
            + " | deadlock_timeout must be an integer between 500 and 1800000",
        "pg | {\"jit\": \"on\"} | $['pg-settings']['jit'] | jit must be true or false",
        "pg | {\"wal\": {\"wal_writer_delay\": 5}} | $['pg-settings']['wal']['wal_writer_delay']"
            + " | wal_writer_delay must be an integer between 10 and 200",
        "pg | {\"wal\": {\"jit\": true}} | $['pg-settings']['wal']['jit']"
            + " | jit is not a setting of wal",
        "pg | {\"wal\": 5} | $['pg-settings']['wal'] | wal must be an object",
        "pg | {\"track_functions\": \"no\"} | $['pg-settings']['track_functions']"
            + " | track_functions must be one of all, pl, none",
        "pg | {\"io_method\": \"sync\"} | $['pg-settings']['io_method']"
            + " | io_method needs PostgreSQL 18 or newer",
        "pg | {\"timezone\": \"No/Where\"} | $['pg-settings']['timezone']"
            + " | timezone must be a known time zone like Europe/Zurich",
        "pg | {\"timezone\": \"\"} | $['pg-settings']['timezone']"
            + " | timezone must be a known time zone like Europe/Zurich",
        "pg | {\"nothing\": null} | $['pg-settings']['nothing']"
            + " | nothing is not a setting of pg-settings",
        "pg | {\"it's \\\\ odd\": 1} | $['pg-settings']['it\\'s \\\\ odd']"
            + " | it's \\ odd is not a setting of pg-settings",
        "pgbouncer | {\"ignore_startup_parameters\": [\"x\"]}"
            + " | $['pgbouncer-settings']['ignore_startup_parameters']"
            + " | ignore_startup_parameters must be a list, each one of extra_float_digits, search_path",
        "timescaledb | {\"max_background_workers\": 0}"
            + " | $['timescaledb-settings']['max_background_workers']"
            + " | max_background_workers must be an integer between 1 and 4096",
        "pg | {\"timezone\": \"UTC\\n\"} | $['pg-settings']['timezone']"
            + " | timezone must be at most 64 characters that match ^[\\w/]*$",
        "pg | {\"pg_partman_bgw.role\": \"x\\n\"} | $['pg-settings']['pg_partman_bgw.role']"
            + " | pg_partman_bgw.role must be at most 64 characters that match"
            + " ^[_A-Za-z0-9][-._A-Za-z0-9]{0,63}$",
        "pgaudit | {\"role\": \"x\\n\"} | $['pgaudit-settings']['role']"
            + " | role must be at most 64 characters that match"
            + " ^[_A-Za-z0-9][-._A-Za-z0-9]{0,63}$",
      })
  void refusesByThePlace(String kind, String asked, String location, String message) {
    JsonObject body = new JsonObject().put(kind + "-settings", new JsonObject(asked));
    List<Refusal.Violation> violations = new ArrayList<>();
    Map<String, String> unused = SETTINGS.merged(Map.of(), body, "16", violations::add);
    assertThat(violations).containsExactly(new Refusal.Violation(location, message));
  }

  @Test
  void becomeParametersInTheServersOwnForms() {
    JsonObject body =
        new JsonObject()
            .put(
                "pg-settings",
                new JsonObject()
                    .put("bgwriter_flush_after", 256)
                    .put("autovacuum_vacuum_scale_factor", 0.05)
                    .put("max_stack_depth", 3145728)
                    .put("jit", false)
                    .put("log_line_prefix", "'%m [%p] %q[user=%u,db=%d,app=%a] '")
                    .put("timezone", "Europe/Zurich")
                    .put("password_encryption", "md5")
                    .put("io_combine_limit", 8)
                    .put("pg_partman_bgw.interval", 3600))
            .put(
                "pgbouncer-settings",
                new JsonObject()
                    .put("server_reset_query_always", true)
                    .put("ignore_startup_parameters", new JsonArray().add("search_path"))
                    .put("autodb_pool_size", 5))
            .put(
                "pglookout-settings", new JsonObject().put("max_failover_replication_time_lag", 90))
            .put(
                "pgaudit-settings",
                new JsonObject()
                    .put("feature_enabled", true)
                    .put("log", new JsonArray().add("ddl").add("role"))
                    .put("log_nested_statements", true)
                    .put("log_catalog", false))
            .put("work-mem", 8)
            .put("shared-buffers-percentage", 30);
    Map<String, String> attributes = valid(Map.of(), body, "17");
    Setup before =
        Setup.NONE.withParameters(Map.of("shared_buffers", "64MB", "max_connections", "80"));
    Setup tuned = ExoscaleTuning.tuned(before, Map.of(), attributes);
    assertThat(new TreeMap<>(tuned.parameters()))
        .isEqualTo(
            new TreeMap<>(
                Map.ofEntries(
                    Map.entry("autovacuum_vacuum_scale_factor", "0.05"),
                    Map.entry("bgwriter_flush_after", "256kB"),
                    Map.entry("io_combine_limit", "8"),
                    Map.entry("jit", "off"),
                    Map.entry("log_line_prefix", "%m [%p] %q[user=%u,db=%d,app=%a] "),
                    Map.entry("max_connections", "80"),
                    Map.entry("max_stack_depth", "3072kB"),
                    Map.entry("pgaudit.log", "ddl,role"),
                    Map.entry("pgaudit.log_catalog", "off"),
                    Map.entry("timezone", "Europe/Zurich"),
                    Map.entry("work_mem", "8MB"))));
    assertThat(tuned.pools().parameters())
        .isEqualTo(
            Map.of("server_reset_query_always", "1", "ignore_startup_parameters", "search_path"));
    assertThat(tuned.policy().sharedBuffersPercentage()).isEqualTo(30);
    assertThat(tuned.policy().failoverDelaySeconds()).isEqualTo(90);

    JsonObject less =
        new JsonObject()
            .put("pg-settings", new JsonObject().putNull("jit"))
            .put("pgaudit-settings", new JsonObject().put("feature_enabled", false));
    Map<String, String> fewer = valid(attributes, less, "17");
    assertThat(ExoscaleTuning.tuned(tuned, attributes, fewer).parameters())
        .doesNotContainKeys("jit", "pgaudit.log", "pgaudit.log_catalog")
        .containsEntry("max_connections", "80")
        .containsEntry("timezone", "Europe/Zurich");
  }

  @Test
  void whatAnotherApiHasChangedSinceStays() {
    Map<String, String> before =
        valid(
            Map.of(),
            new JsonObject()
                .put("work-mem", 8)
                .put("shared-buffers-percentage", 30)
                .put("pg-settings", new JsonObject().put("jit", false).put("log_temp_files", 5)),
            "16");
    Setup changed =
        ExoscaleTuning.tuned(Setup.NONE, Map.of(), before)
            .withParameters(Map.of("work_mem", "64MB", "shared_buffers", "1GB", "jit", "off"));
    assertThat(ExoscaleTuning.tuned(changed, before, before)).isEqualTo(changed);
    Map<String, String> after =
        merged(before, "pg-settings", new JsonObject().putNull("jit").put("deadlock_timeout", 900));
    assertThat(ExoscaleTuning.tuned(changed, before, after).parameters())
        .isEqualTo(Map.of("work_mem", "64MB", "shared_buffers", "1GB", "deadlock_timeout", "900"));
  }

  private static Map<String, String> merged(
      Map<String, String> attributes, String property, JsonObject asked) {
    return valid(attributes, new JsonObject().put(property, asked), "16");
  }

  private static Map<String, String> valid(
      Map<String, String> attributes, JsonObject body, String version) {
    return SETTINGS.merged(
        attributes, body, version, refused -> fail("%s is refused", refused.field()));
  }
}
