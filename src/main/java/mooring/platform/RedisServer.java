package mooring.platform;

import io.fabric8.kubernetes.api.model.EnvVar;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import mooring.core.Instance;
import mooring.core.InstanceSpec;

/**
 * Redis. The first pod is the primary, ever and again; the others follow it by its name. Everything
 * is in its append-only file, which is on the disk a second later: a restart of the server loses
 * nothing, a crash of its node that second.
 */
final class RedisServer implements EngineServer {
  private static final Map<String, String> IMAGES =
      Map.of("7.0", "redis:7.0.15", "7.2", "redis:7.2.7");

  /** What it says while it serves; that it is still loading its file is not among them. */
  private static final String ANSWERS =
      "PONG|NOAUTH|WRONGPASS|NOPERM|MISCONF|BUSY|max number of clients";

  @Override
  public String image(String version) {
    return IMAGES.get(version);
  }

  @Override
  public String dataPath() {
    return "/data";
  }

  @Override
  public List<String> command(Instance instance) {
    String primary = ServerObjects.primaryHost(instance);
    String server = "exec redis-server " + CONFIGURATION + "/redis.conf";
    String port = " " + instance.spec().engine().port();
    return List.of(
        "sh",
        "-c",
        "case $HOSTNAME in *-0) %s ;; *) %s --replicaof %s ;; esac"
            .formatted(server, server, primary + port));
  }

  @Override
  public List<String> arguments() {
    return List.of();
  }

  @Override
  public List<EnvVar> environment(Instance instance) {
    return List.of(PodEnvironment.password(instance, "REDISCLI_AUTH"));
  }

  /** A replica that has lost its primary, or is still copying it, is not ready. */
  @Override
  public String answers() {
    String ask = "redis-cli -h \"$" + PodEnvironment.ADDRESS + "\" ";
    return ask
        + "ping 2>&1 | grep -qE '"
        + ANSWERS
        + "' && ! "
        + ask
        + "info replication 2>&1 | grep -q master_link_status:down";
  }

  /**
   * A quarter of the memory is left for connections, replication and rewriting the file. Snapshots
   * beside that file would cost a copy of the memory each, and refuse writes when one fails.
   */
  @Override
  public Map<String, String> configuration(InstanceSpec spec) {
    return Map.of(
        "redis.conf",
        """
        include %s/password.conf
        port %d
        dir %s
        appendonly yes
        save ""
        maxmemory %dmb
        maxmemory-policy noeviction
        """
            .formatted(SECRETS, spec.engine().port(), dataPath(), spec.memoryMib() * 3L / 4));
  }

  /**
   * Beside the default user, one without a name: it is who {@code redis-cli} logs in as with a URI
   * that names nobody.
   */
  @Override
  public Map<String, UnaryOperator<String>> secretFiles() {
    String file =
        """
        requirepass "%1$s"
        masterauth "%1$s"
        user "" on ">%1$s" ~* &* +@all
        """;
    return Map.of("password.conf", file::formatted);
  }
}
