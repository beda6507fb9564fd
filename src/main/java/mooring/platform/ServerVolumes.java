package mooring.platform;

import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;
import mooring.core.Instance;

/** What a server's container sees beside its image: its data, its configuration, its secrets. */
final class ServerVolumes {
  /** The claim that each pod has of its own. */
  static final String DATA = "data";

  private static final String CONFIGURATION = "configuration";
  private static final String SECRETS = "secrets";
  private static final int GROUP_READS = 0440;

  private ServerVolumes() {}

  static List<VolumeMount> mounts(EngineServer server) {
    List<VolumeMount> mounts = new ArrayList<>();
    mounts.add(mount(DATA, server.dataPath()).build());
    mounts.add(mount(CONFIGURATION, EngineServer.CONFIGURATION).withReadOnly(true).build());
    if (!server.secretFiles().isEmpty()) {
      mounts.add(mount(SECRETS, EngineServer.SECRETS).withReadOnly(true).build());
    }
    return mounts;
  }

  /** Those that are not claims. */
  static List<Volume> of(Instance instance, EngineServer server) {
    String name = ServerObjects.name(instance);
    List<Volume> volumes = new ArrayList<>();
    volumes.add(
        new VolumeBuilder()
            .withName(CONFIGURATION)
            .withNewConfigMap()
            .withName(name)
            .endConfigMap()
            .build());
    if (!server.secretFiles().isEmpty()) {
      volumes.add(
          new VolumeBuilder()
              .withName(SECRETS)
              .withNewSecret()
              .withSecretName(name)
              .withDefaultMode(GROUP_READS)
              .withItems(files(server))
              .endSecret()
              .build());
    }
    return volumes;
  }

  private static List<KeyToPath> files(EngineServer server) {
    return server.secretFiles().keySet().stream()
        .sorted()
        .map(file -> new KeyToPath(file, null, file))
        .toList();
  }

  private static VolumeMountBuilder mount(String volume, String path) {
    return new VolumeMountBuilder().withName(volume).withMountPath(path);
  }
}
