package mooring.local.pods;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Volume;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mooring.local.postgres.Directories;

/** Makes the volumes of a Pod: directories of claims, and files of ConfigMaps and Secrets. */
final class Mounts {
  private final WorkloadView view;
  private final VolumeKeeper volumes;

  Mounts(WorkloadView view, VolumeKeeper volumes) {
    this.view = view;
    this.volumes = volumes;
  }

  /** The directory that stands for each volume; nothing is written yet. */
  Map<String, Path> directories(Pod pod, Path root) {
    Map<String, Path> directories = new HashMap<>();
    for (Volume volume : pod.getSpec().getVolumes()) {
      directories.put(
          volume.getName(),
          volume.getPersistentVolumeClaim() == null
              ? root.resolve(volume.getName())
              : volumes.data(volume.getPersistentVolumeClaim().getClaimName()));
    }
    return directories;
  }

  /** Writes the files of ConfigMaps, translated, and of Secrets, as they are. */
  void write(Pod pod, Map<String, Path> directories, Translation translation) {
    for (Volume volume : pod.getSpec().getVolumes()) {
      Path directory = directories.get(volume.getName());
      if (volume.getConfigMap() != null) {
        var source = volume.getConfigMap();
        Map<String, String> texts = new HashMap<>();
        configMap(volume.getName(), source.getName(), source.getOptional())
            .forEach((key, text) -> texts.put(key, translation.translate(text)));
        write(volume, directory, chosen(texts, source.getItems(), volume));
      } else if (volume.getSecret() != null) {
        var source = volume.getSecret();
        Map<String, String> texts =
            secret(volume.getName(), source.getSecretName(), source.getOptional());
        write(volume, directory, chosen(texts, source.getItems(), volume));
      } else if (volume.getEmptyDir() != null) {
        write(volume, directory, Map.of());
      } else if (volume.getPersistentVolumeClaim() == null) {
        throw failed(volume.getName(), "the embedded default has no volumes of its kind");
      }
    }
  }

  private Map<String, String> configMap(String volume, String name, Boolean optional) {
    ConfigMap map = view.configMap(name);
    if (map == null) {
      return absent(volume, "configmap \"" + name + "\" not found", optional);
    }
    return map.getData() == null ? Map.of() : map.getData();
  }

  private Map<String, String> secret(String volume, String name, Boolean optional) {
    Secret secret = view.secret(name);
    return secret == null
        ? absent(volume, "secret \"" + name + "\" not found", optional)
        : texts(secret);
  }

  static Map<String, String> texts(Secret secret) {
    Map<String, String> texts = new HashMap<>();
    if (secret.getData() != null) {
      secret
          .getData()
          .forEach(
              (key, value) ->
                  texts.put(
                      key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
    }
    return texts;
  }

  private static Map<String, String> absent(String volume, String why, Boolean optional) {
    if (Boolean.TRUE.equals(optional)) {
      return Map.of();
    }
    throw failed(volume, why);
  }

  private static Map<String, String> chosen(
      Map<String, String> texts, List<KeyToPath> items, Volume volume) {
    if (items == null || items.isEmpty()) {
      return texts;
    }
    Map<String, String> files = new HashMap<>();
    for (KeyToPath item : items) {
      String text = texts.get(item.getKey());
      if (text == null) {
        throw failed(volume.getName(), "references non-existent key: " + item.getKey());
      }
      files.put(item.getPath(), text);
    }
    return files;
  }

  private static WaitingException failed(String volume, String why) {
    return new WaitingException(
        WaitingException.CREATING,
        "MountVolume.SetUp failed for volume \"" + volume + "\" : " + why);
  }

  private static void write(Volume volume, Path directory, Map<String, String> files) {
    try {
      Directories.createPrivate(directory);
      for (Map.Entry<String, String> file : files.entrySet()) {
        Path path = directory.resolve(file.getKey()).normalize();
        if (!path.startsWith(directory)) {
          throw failed(volume.getName(), "the path " + file.getKey() + " leads out of it");
        }
        Directories.createPrivate(path.getParent());
        Directories.writePrivately(path, file.getValue());
      }
    } catch (IOException e) {
      throw new PodsException("cannot write " + directory, e);
    }
  }
}
