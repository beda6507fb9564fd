package mooring.local.postgres;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Values of settings that PostgreSQL takes only where it was built with what they need. Which of
 * them an installation lacks is asked of it when somebody wants one, once.
 */
public final class BuildOptions {
  private static final Logger log = LoggerFactory.getLogger(BuildOptions.class);
  private static final Map<String, String> OPTIONAL =
      Map.of("default_toast_compression", "lz4", "io_method", "io_uring");

  private final Map<Asked, Boolean> lacking = new ConcurrentHashMap<>();

  private record Asked(PostgresInstallation installation, String setting) {}

  /**
   * Leaves out what an installation lacks, so that PostgreSQL's own default holds in its place.
   *
   * @param installation that is to run with the settings
   * @param settings by name
   * @return the others
   */
  public Map<String, String> available(
      PostgresInstallation installation, Map<String, String> settings) {
    Map<String, String> available = new TreeMap<>(settings);
    OPTIONAL.forEach(
        (setting, value) -> {
          if (value.equalsIgnoreCase(settings.get(setting))
              && lacking.computeIfAbsent(
                  new Asked(installation, setting), asked -> lacks(asked, value))) {
            String unused = available.remove(setting);
          }
        });
    return available;
  }

  private static boolean lacks(Asked asked, String value) {
    PostgresInstallation installation = asked.installation();
    List<String> arguments =
        List.of(
            "-D",
            installation.home().toString(),
            "-c",
            "config_file=/dev/null",
            "-c",
            asked.setting() + "=" + value,
            "-C",
            asked.setting());
    try {
      new ShortCommand(installation.command("postgres", arguments)).run("");
      return false;
    } catch (PostgresException e) {
      String words = String.valueOf(e.getMessage());
      if (words.contains("unrecognized configuration parameter")) {
        return false; // not a matter of how it was built
      }
      if (!words.contains("invalid value for parameter")) {
        throw e; // it has not answered that
      }
      log.atInfo()
          .addKeyValue("postgres", installation.version())
          .addKeyValue("setting", asked.setting())
          .addKeyValue("value", value)
          .log("Built without: the setting has no effect");
      return true;
    }
  }
}
