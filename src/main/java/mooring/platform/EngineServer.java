package mooring.platform;

import io.fabric8.kubernetes.api.model.EnvVar;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import mooring.core.Engine;
import mooring.core.Instance;
import mooring.core.InstanceSpec;

/**
 * How an engine's server runs in a pod, by its official image: all that sets one engine apart from
 * another on Kubernetes. An image's tag begins with the engine's version.
 */
interface EngineServer {
  /** Where the files of {@link #configuration} are. */
  String CONFIGURATION = "/etc/mooring";

  /** Where the files of {@link #secretFiles} are. */
  String SECRETS = "/run/mooring";

  /** The server of an engine; empty for one that an operator of its own runs. */
  static Optional<EngineServer> of(Engine engine) {
    return switch (engine) {
      case POSTGRESQL -> Optional.empty();
      case MYSQL -> Optional.of(new MysqlServer());
      case REDIS -> Optional.of(new RedisServer());
      case MONGODB -> Optional.of(new MongodbServer());
    };
  }

  /** The image of an offered version, with its full tag. */
  String image(String version);

  /** Where the volume is. */
  String dataPath();

  /** What runs instead of the image's own entry point; empty for none. */
  List<String> command(Instance instance);

  /** What the image's entry point is given; empty for nothing. */
  List<String> arguments();

  /** What the image, or a probe, is told. Most of what an image is told counts once, when empty. */
  List<EnvVar> environment(Instance instance);

  /**
   * A shell's command that succeeds in the pod while the server answers clients, be it with a
   * refusal: what the tenant does with the login or the connections has to leave it ready.
   */
  String answers();

  /**
   * A shell's command that succeeds in the pod when the published login works; empty where no first
   * start can end without it.
   */
  default Optional<String> login() {
    return Optional.empty();
  }

  /**
   * Whether these commands cost so much that they are run seldom, and no more once one has
   * succeeded: from then on, a server that takes connections serves.
   */
  default boolean costlyProbes() {
    return false;
  }

  /** Configuration files by name. */
  Map<String, String> configuration(InstanceSpec spec);

  /** Files with secrets by name, each made from the password; empty for none. */
  Map<String, UnaryOperator<String>> secretFiles();
}
