package mooring.platform;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Objects;
import java.util.Optional;
import mooring.core.Applied;
import mooring.core.Credentials;
import mooring.core.Desired;
import mooring.core.Instance;
import mooring.core.OperationKind;
import mooring.platform.OwnedObjects.Written;

/** Databases that run as StatefulSets of their engine's official image. Every method blocks. */
final class ServerSets {
  private final PlatformSettings settings;
  private final OwnedObjects<Secret> secrets;
  private final OwnedObjects<ConfigMap> configurations;
  private final OwnedObjects<Service> services;
  private final OwnedObjects<NetworkPolicy> policies;
  private final OwnedObjects<StatefulSet> sets;
  private final OwnedObjects<Pod> pods;
  private final ServerClaims claims;

  ServerSets(
      KubernetesClient client,
      PlatformSettings settings,
      OwnedObjects<Secret> secrets,
      OwnedObjects<Service> services) {
    String namespace = settings.namespace();
    String core = "/api/v1/namespaces/" + namespace;
    this.settings = settings;
    this.secrets = secrets;
    this.services = services;
    this.configurations =
        new OwnedObjects<>(
            new ObjectCalls<>(
                client,
                "ConfigMap",
                core + "/configmaps",
                client.configMaps().inNamespace(namespace)));
    this.policies = ClientAccess.policies(client, namespace);
    this.sets =
        new OwnedObjects<>(
            new ObjectCalls<>(
                client,
                "StatefulSet",
                "/apis/apps/v1/namespaces/" + namespace + "/statefulsets",
                client.apps().statefulSets().inNamespace(namespace)));
    this.pods =
        new OwnedObjects<>(
            new ObjectCalls<>(client, "Pod", core + "/pods", client.pods().inNamespace(namespace)));
    this.claims = new ServerClaims(client, namespace);
  }

  /** The StatefulSet after what it needs, so that all is there when its pods start. */
  Applied apply(Instance instance, EngineServer server, Credentials credentials, Attempt attempt) {
    boolean change = instance.operation().kind() != OperationKind.CREATE;
    if (change) {
      claims.require(instance);
    }
    Secret secret =
        written(secrets, ServerObjects.secret(instance, server, credentials, settings), attempt);
    written(configurations, ServerObjects.configuration(instance, server, settings), attempt);
    written(policies, ServerObjects.policy(instance, settings), attempt);
    written(services, ServerObjects.nodes(instance, settings), attempt);
    written(services, ServerObjects.clients(instance, settings), attempt);
    if (change) {
      grow(instance, attempt);
    }
    Written<StatefulSet> set =
        sets.apply(ServerSet.name(instance), there -> wanted(instance, server, there), attempt);
    return new Applied(Versions.of(set.after()), changed(instance, set), Versions.of(secret));
  }

  /**
   * Removes pods that are not ready and are to go: those of an earlier template, and when it stops
   * all of them. Their controller waits for them to become ready before it replaces or removes any,
   * which one without a node or an image, or a replica whose primary is down, never does.
   *
   * @return whether there are none
   */
  boolean unblock(Instance instance, Attempt attempt) {
    boolean stopped = instance.desired() == Desired.STOPPED;
    Optional<String> current =
        sets.find(ServerSet.name(instance), instance.id()).flatMap(ServerSet::revision);
    return current.isEmpty()
        || pods.removeAll(
            Labels.INSTANCE,
            instance.id().toString(),
            pod -> !PodFaults.ready(pod) && (stopped || ServerPod.outdated(pod, current.get())),
            attempt);
  }

  /**
   * Removes everything: the StatefulSet first, which takes its pods with it; then pods without one,
   * as a growth that was broken off leaves them; then the data, which nobody uses any more.
   *
   * @return whether nothing is left
   */
  boolean remove(Instance instance, Attempt attempt) {
    if (!sets.remove(ServerSet.name(instance), attempt)
        || !pods.removeAll(Labels.INSTANCE, instance.id().toString(), attempt)
        || !claims.removeAll(instance, attempt)) {
      return false;
    }
    boolean clients = services.remove(ServerObjects.name(instance), attempt);
    boolean nodes = services.remove(ServerObjects.nodesName(instance), attempt);
    boolean policy = policies.remove(ServerObjects.name(instance), attempt);
    boolean configuration = configurations.remove(ServerObjects.name(instance), attempt);
    boolean secret = secrets.remove(ServerObjects.name(instance), attempt);
    return clients && nodes && policy && configuration && secret;
  }

  private static <T extends HasMetadata> T written(
      OwnedObjects<T> objects, T wanted, Attempt attempt) {
    return objects.apply(wanted.getMetadata().getName(), there -> wanted, attempt).after();
  }

  /**
   * Gives the volumes more room, whatever the StatefulSet says of them: it may be of a later try
   * than they are. The size that it names is fixed, so it goes and leaves its pods to the next one,
   * which takes them over as they are.
   */
  private void grow(Instance instance, Attempt attempt) {
    claims.grow(instance, attempt);
    String name = ServerSet.name(instance);
    boolean outgrown =
        sets.find(name, instance.id()).filter(there -> outgrown(instance, there)).isPresent();
    if (outgrown && !sets.release(name, attempt)) {
      throw replaced();
    }
  }

  /** What it is now, in place of what is there; a new one only over the data of the database. */
  private StatefulSet wanted(Instance instance, EngineServer server, StatefulSet there) {
    if (there == null && instance.operation().kind() != OperationKind.CREATE) {
      claims.require(instance);
    }
    if (there != null
        && (there.getMetadata().getDeletionTimestamp() != null || outgrown(instance, there))) {
      throw replaced();
    }
    return ServerSet.of(instance, server, settings, there);
  }

  /** Volumes grow only: a smaller size keeps those that are there. */
  private static boolean outgrown(Instance instance, StatefulSet there) {
    return ServerSet.storageMib(there) < instance.spec().storageMib();
  }

  private static PlatformFailure replaced() {
    return new PlatformFailure("the database's StatefulSet is being replaced");
  }

  private static boolean changed(Instance instance, Written<StatefulSet> set) {
    return instance.operation().kind() == OperationKind.CREATE
        || set.before() == null
        || !Objects.equals(
            set.before().getMetadata().getGeneration(), set.after().getMetadata().getGeneration());
  }
}
