package mooring.local.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.HashSet;
import java.util.Set;

/** What no message may show. */
final class PodSecrets {
  private final WorkloadView view;

  PodSecrets(WorkloadView view) {
    this.view = view;
  }

  /** The values of every Secret that a Pod is given something of. */
  Set<String> values(Pod pod) {
    Set<String> names = new HashSet<>();
    for (Volume volume : pod.getSpec().getVolumes()) {
      if (volume.getSecret() != null) {
        names.add(volume.getSecret().getSecretName());
      }
    }
    for (Container container : pod.getSpec().getContainers()) {
      for (EnvVar variable : container.getEnv()) {
        if (variable.getValueFrom() != null && variable.getValueFrom().getSecretKeyRef() != null) {
          names.add(variable.getValueFrom().getSecretKeyRef().getName());
        }
      }
    }
    Set<String> values = new HashSet<>();
    for (String name : names) {
      Secret secret = view.secret(name);
      if (secret != null) {
        values.addAll(Mounts.texts(secret).values());
      }
    }
    values.removeIf(String::isBlank);
    return values;
  }
}
