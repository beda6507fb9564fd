package mooring.platform;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import mooring.core.Instance;
import mooring.core.InstanceSpec;

/** The pods of a database: one container with the engine's server, and nothing it does not need. */
final class ServerPod {
  static final String CONTAINER = "database";
  static final String RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";

  /** Of what the server reads when it starts, so that a change of it restarts the server. */
  static final String CONFIGURATION_DIGEST = "mooring/configuration";

  /** Set by the StatefulSet controller. */
  static final String REVISION = "controller-revision-hash";

  /** The user and the group of the server in the official images. */
  private static final long SERVER_USER = 999;

  /** Writing down what is in memory, at a shutdown. */
  private static final long SHUTDOWN_SECONDS = 120;

  private ServerPod() {}

  static PodTemplateSpec of(Instance instance, EngineServer server, PlatformSettings settings) {
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .withLabels(Labels.metadata(instance, "", settings).getLabels())
        .withAnnotations(annotations(instance, server))
        .endMetadata()
        .withNewSpec()
        .withAffinity(apart(instance))
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withTerminationGracePeriodSeconds(SHUTDOWN_SECONDS)
        .withSecurityContext(podSecurity())
        .withContainers(container(instance, server))
        .withVolumes(ServerVolumes.of(instance, server))
        .endSpec()
        .build();
  }

  /** Whether a pod is of another revision of its StatefulSet than a certain one. */
  static boolean outdated(Pod pod, String revision) {
    String has = pod.getMetadata().getLabels().get(REVISION);
    return has != null && !has.equals(revision);
  }

  private static Map<String, String> annotations(Instance instance, EngineServer server) {
    Map<String, String> annotations = new TreeMap<>();
    annotations.put(CONFIGURATION_DIGEST, digest(server.configuration(instance.spec())));
    if (instance.setup().restartedAt() != null) {
      annotations.put(RESTARTED_AT, instance.setup().restartedAt().toString());
    }
    return annotations;
  }

  private static Container container(Instance instance, EngineServer server) {
    InstanceSpec wanted = instance.spec();
    Map<String, Quantity> memory =
        Map.of("memory", new Quantity(Quantities.size(wanted.memoryMib())));
    return new ContainerBuilder()
        .withName(CONTAINER)
        .withImage(server.image(wanted.version()))
        .withCommand(server.command(instance))
        .withArgs(server.arguments())
        .addToEnv(PodEnvironment.address())
        .addAllToEnv(server.environment(instance))
        .withPorts(
            new ContainerPortBuilder()
                .withName("database")
                .withContainerPort(wanted.engine().port())
                .withProtocol("TCP")
                .build())
        .withNewResources()
        // CPU may be exceeded while others idle; memory cannot be, so it is a limit.
        .addToRequests("cpu", new Quantity(wanted.cpuMilli() + "m"))
        .addToRequests(memory)
        .withLimits(memory)
        .endResources()
        .withStartupProbe(ServerProbes.startup(server))
        .withReadinessProbe(ServerProbes.readiness(server, wanted.engine().port()))
        .withSecurityContext(containerSecurity())
        .withVolumeMounts(ServerVolumes.mounts(server))
        .build();
  }

  private static PodSecurityContext podSecurity() {
    return new PodSecurityContextBuilder()
        .withRunAsNonRoot(true)
        .withRunAsUser(SERVER_USER)
        .withRunAsGroup(SERVER_USER)
        .withFsGroup(SERVER_USER)
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .build();
  }

  private static SecurityContext containerSecurity() {
    return new SecurityContextBuilder()
        .withAllowPrivilegeEscalation(false)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .build();
  }

  /** On nodes of their own, as far as there are enough. */
  private static Affinity apart(Instance instance) {
    return new AffinityBuilder()
        .withNewPodAntiAffinity()
        .addNewPreferredDuringSchedulingIgnoredDuringExecution()
        .withWeight(100)
        .withNewPodAffinityTerm()
        .withTopologyKey("kubernetes.io/hostname")
        .withNewLabelSelector()
        .withMatchLabels(ServerObjects.selector(instance))
        .endLabelSelector()
        .endPodAffinityTerm()
        .endPreferredDuringSchedulingIgnoredDuringExecution()
        .endPodAntiAffinity()
        .build();
  }

  private static String digest(Map<String, String> configuration) {
    try {
      byte[] text = new TreeMap<>(configuration).toString().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
