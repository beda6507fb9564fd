package mooring.local.pods;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapKeySelector;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import java.util.LinkedHashMap;
import java.util.Map;

/** The variables of a container. */
final class ContainerEnvironment {
  private final WorkloadView view;

  ContainerEnvironment(WorkloadView view) {
    this.view = view;
  }

  /** Paths in written values are translated; values of Secrets are taken as they are. */
  Map<String, String> of(Pod pod, Container container, String address, Translation translation) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("HOSTNAME", pod.getMetadata().getName());
    for (EnvVar variable : container.getEnv()) {
      EnvVarSource source = variable.getValueFrom();
      String value;
      if (source == null) {
        String written = variable.getValue() == null ? "" : variable.getValue();
        value = translation.translate(Translation.expand(written, environment));
      } else if (source.getSecretKeyRef() != null) {
        value = secret(source.getSecretKeyRef());
      } else if (source.getConfigMapKeyRef() != null) {
        value = configMap(source.getConfigMapKeyRef());
        value = value == null ? null : translation.translate(value);
      } else if (source.getFieldRef() != null) {
        value = field(pod, address, source.getFieldRef().getFieldPath());
      } else {
        throw failed("the embedded default cannot fill in the variable " + variable.getName());
      }
      if (value != null) {
        environment.put(variable.getName(), value);
      }
    }
    return environment;
  }

  private String secret(SecretKeySelector reference) {
    Secret secret = view.secret(reference.getName());
    String value = secret == null ? null : Mounts.texts(secret).get(reference.getKey());
    return checked(
        "secret",
        reference.getName(),
        reference.getKey(),
        secret != null,
        value,
        reference.getOptional());
  }

  private String configMap(ConfigMapKeySelector reference) {
    ConfigMap map = view.configMap(reference.getName());
    String value =
        map == null || map.getData() == null ? null : map.getData().get(reference.getKey());
    return checked(
        "configmap",
        reference.getName(),
        reference.getKey(),
        map != null,
        value,
        reference.getOptional());
  }

  private static String checked(
      String kind, String name, String key, boolean found, String value, Boolean optional) {
    if (value != null || Boolean.TRUE.equals(optional)) {
      return value;
    }
    throw failed(
        found
            ? "couldn't find key " + key + " in " + kind + " " + name
            : kind + " \"" + name + "\" not found");
  }

  private static String field(Pod pod, String address, String path) {
    return switch (path) {
      case "metadata.name" -> pod.getMetadata().getName();
      case "metadata.namespace" -> pod.getMetadata().getNamespace();
      case "metadata.uid" -> pod.getMetadata().getUid();
      case "status.podIP", "status.hostIP" -> address;
      case "spec.nodeName" -> Kubelet.NODE;
      default -> throw failed("the embedded default does not know the field " + path);
    };
  }

  private static WaitingException failed(String why) {
    return new WaitingException(WaitingException.CONFIG, why);
  }
}
