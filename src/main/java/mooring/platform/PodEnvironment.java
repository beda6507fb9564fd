package mooring.platform;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import mooring.core.Instance;

/** What the containers of a database's pods find in their environment. */
final class PodEnvironment {
  /** The pod's own address, at which its probes ask as clients do. */
  static final String ADDRESS = "POD_IP";

  private PodEnvironment() {}

  static EnvVar address() {
    return new EnvVarBuilder()
        .withName(ADDRESS)
        .withNewValueFrom()
        .withNewFieldRef("v1", "status.podIP")
        .endValueFrom()
        .build();
  }

  static EnvVar value(String name, String value) {
    return new EnvVarBuilder().withName(name).withValue(value).build();
  }

  static EnvVar username(Instance instance, String name) {
    return secret(instance, name, ServerObjects.USERNAME);
  }

  static EnvVar password(Instance instance, String name) {
    return secret(instance, name, ServerObjects.PASSWORD);
  }

  private static EnvVar secret(Instance instance, String name, String key) {
    return new EnvVarBuilder()
        .withName(name)
        .withNewValueFrom()
        .withNewSecretKeyRef(key, ServerObjects.name(instance), null)
        .endValueFrom()
        .build();
  }
}
