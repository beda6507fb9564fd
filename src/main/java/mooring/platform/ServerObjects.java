package mooring.platform;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import mooring.core.Credentials;
import mooring.core.Instance;

/** What the StatefulSet of a database stands on. */
final class ServerObjects {
  static final String USERNAME = "username";
  static final String PASSWORD = "password";

  /** The label by which a StatefulSet's controller names each of its pods. */
  static final String POD_NAME = "statefulset.kubernetes.io/pod-name";

  private ServerObjects() {}

  /** The name of everything but {@link #nodesName}. */
  static String name(Instance instance) {
    return instance.objectName();
  }

  /** The name of the headless Service, by which the pods know each other. */
  static String nodesName(Instance instance) {
    return instance.objectName() + "-nodes";
  }

  /** The pod that takes the writes. */
  static String primaryName(Instance instance) {
    return instance.objectName() + "-0";
  }

  /** The name at which that pod is found by the others. */
  static String primaryHost(Instance instance) {
    return primaryName(instance) + "." + nodesName(instance);
  }

  /** The labels that tell the pods and volumes of a database from all others. */
  static Map<String, String> selector(Instance instance) {
    return Map.of(Labels.MANAGED_BY, Labels.MOORING, Labels.INSTANCE, instance.id().toString());
  }

  static Secret secret(
      Instance instance, EngineServer server, Credentials credentials, PlatformSettings settings) {
    Map<String, String> data = new TreeMap<>();
    data.put(USERNAME, encode(credentials.username()));
    data.put(PASSWORD, encode(credentials.password()));
    server
        .secretFiles()
        .forEach((file, content) -> data.put(file, encode(content.apply(credentials.password()))));
    return new SecretBuilder()
        .withMetadata(Labels.metadata(instance, name(instance), settings))
        .withType("kubernetes.io/basic-auth")
        .withData(data)
        .build();
  }

  static ConfigMap configuration(
      Instance instance, EngineServer server, PlatformSettings settings) {
    return new ConfigMapBuilder()
        .withMetadata(Labels.metadata(instance, name(instance), settings))
        .withData(server.configuration(instance.spec()))
        .build();
  }

  /** Headless; the pods find each other before they are ready. */
  static Service nodes(Instance instance, PlatformSettings settings) {
    return new ServiceBuilder()
        .withMetadata(Labels.metadata(instance, nodesName(instance), settings))
        .withNewSpec()
        .withClusterIP("None")
        .withPublishNotReadyAddresses(true)
        .withSelector(selector(instance))
        .withPorts(ClientService.port(instance, instance.spec().engine().port()))
        .endSpec()
        .build();
  }

  /** The Service for clients, which leads to the pod that takes the writes. */
  static Service clients(Instance instance, PlatformSettings settings) {
    return ClientService.of(
        instance,
        settings,
        Map.of(Labels.INSTANCE, instance.id().toString(), POD_NAME, primaryName(instance)));
  }

  /** Nothing but the engine's port can be reached. */
  static NetworkPolicy policy(Instance instance, PlatformSettings settings) {
    return new NetworkPolicyBuilder()
        .withMetadata(Labels.metadata(instance, name(instance), settings))
        .withNewSpec()
        .withNewPodSelector()
        .withMatchLabels(selector(instance))
        .endPodSelector()
        .withPolicyTypes("Ingress")
        .addNewIngress()
        .addNewPort()
        .withProtocol("TCP")
        .withPort(new IntOrString(instance.spec().engine().port()))
        .endPort()
        .endIngress()
        .endSpec()
        .build();
  }

  private static String encode(String value) {
    return Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
  }
}
