package mooring.platform;

import io.fabric8.kubernetes.api.model.EnvVar;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import mooring.core.Instance;
import mooring.core.InstanceSpec;

/** MongoDB, a single server. */
final class MongodbServer implements EngineServer {
  private static final Map<String, String> IMAGES =
      Map.of("6.0", "mongo:6.0.20", "7.0", "mongo:7.0.16");
  private static final String USERNAME = "MONGO_INITDB_ROOT_USERNAME";
  private static final String PASSWORD = "MONGO_INITDB_ROOT_PASSWORD";

  @Override
  public String image(String version) {
    return IMAGES.get(version);
  }

  @Override
  public String dataPath() {
    return "/data/db";
  }

  @Override
  public List<String> command(Instance instance) {
    return List.of();
  }

  @Override
  public List<String> arguments() {
    return List.of("--config=" + CONFIGURATION + "/mongod.conf");
  }

  @Override
  public List<EnvVar> environment(Instance instance) {
    return List.of(
        PodEnvironment.username(instance, USERNAME), PodEnvironment.password(instance, PASSWORD));
  }

  /**
   * At the pod's address, where nothing listens while the entry point sets up an empty volume. The
   * shell's own files are kept from the volume.
   */
  @Override
  public String answers() {
    return asked("db.runCommand({ping: 1})");
  }

  @Override
  public Optional<String> login() {
    return Optional.of(
        asked(
            "db.getSiblingDB('admin').auth(process.env.%s, process.env.%s)"
                .formatted(USERNAME, PASSWORD)));
  }

  private static String asked(String command) {
    return "HOME=/tmp mongosh --quiet --host \"$%s\" --eval \"quit(%s.ok === 1 ? 0 : 1)\""
        .formatted(PodEnvironment.ADDRESS, command);
  }

  /** The shell takes seconds of CPU, and a good part of a small server's memory. */
  @Override
  public boolean costlyProbes() {
    return true;
  }

  /** Half of what is left after the first GiB, as the server takes it by itself on a host. */
  @Override
  public Map<String, String> configuration(InstanceSpec spec) {
    double cache = Math.max(0.25, (spec.memoryMib() - 1024) / 2048.0);
    return Map.of(
        "mongod.conf",
        String.format(
            Locale.ROOT,
            """
            storage:
              dbPath: %s
              wiredTiger:
                engineConfig:
                  cacheSizeGB: %.2f
            security:
              authorization: enabled
            """,
            dataPath(),
            cache));
  }

  @Override
  public Map<String, UnaryOperator<String>> secretFiles() {
    return Map.of();
  }
}
