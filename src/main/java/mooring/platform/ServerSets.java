package mooring.platform;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import mooring.core.Applied;
import mooring.core.Credentials;
import mooring.core.Instance;
import mooring.core.OperationKind;
import mooring.core.PlatformRefusedException;

/** Databases that run as StatefulSets of their engine's official image. Every method blocks. */
final class ServerSets {
  private final KubernetesClient client;
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
    this.client = client;
    this.settings = settings;
    this.secrets = secrets;
    this.services = services;
    this.configurations =
        new OwnedObjects<>(
            client, "ConfigMap", core + "/configmaps", client.configMaps().inNamespace(namespace));
    this.policies =
        new OwnedObjects<>(
            client,
            "NetworkPolicy",
            "/apis/networking.k8s.io/v1/namespaces/" + namespace + "/networkpolicies",
            client.network().v1().networkPolicies().inNamespace(namespace));
    this.sets =
        new OwnedObjects<>(
            client,
            "StatefulSet",
            "/apis/apps/v1/namespaces/" + namespace + "/statefulsets",
            client.apps().statefulSets().inNamespace(namespace));
    this.pods =
        new OwnedObjects<>(client, "Pod", core + "/pods", client.pods().inNamespace(namespace));
    this.claims = new ServerClaims(client, namespace);
  }

  /** The StatefulSet after what it needs, so that all is there when its pods start. */
  Applied apply(Instance instance, EngineServer server, Credentials credentials) {
    UUID id = instance.id();
    StatefulSet there = present(instance);
    Secret secret =
        secrets.apply(ServerObjects.secret(instance, server, credentials, settings), id);
    configurations.apply(ServerObjects.configuration(instance, server, settings), id);
    policies.apply(ServerObjects.policy(instance, settings), id);
    services.apply(ServerObjects.nodes(instance, settings), id);
    services.apply(ServerObjects.clients(instance, settings), id);
    int storageMib = instance.spec().storageMib();
    if (there != null) {
      int has = ServerSet.storageMib(there);
      there = has < storageMib ? grown(instance) : there;
      // Volumes grow only: a smaller size keeps those that are there.
      storageMib = Math.max(has, storageMib);
    }
    StatefulSet wanted = ServerSet.of(instance, server, settings, storageMib, claimsFollow());
    StatefulSet set = sets.apply(wanted, id);
    return new Applied(Versions.of(set), changed(there, set), Versions.of(secret));
  }

  /**
   * Removes everything: the StatefulSet first, which takes its pods with it; then pods without one,
   * as a growth that was broken off leaves them; then the data, which nobody uses any more.
   *
   * @return whether nothing is left
   */
  boolean remove(Instance instance) {
    UUID id = instance.id();
    if (!sets.remove(ServerSet.name(instance), id)
        || !pods.removeAll(Labels.INSTANCE, id.toString())
        || !claims.removeAll(instance)) {
      return false;
    }
    boolean clients = services.remove(ServerObjects.name(instance), id);
    boolean nodes = services.remove(ServerObjects.nodesName(instance), id);
    boolean policy = policies.remove(ServerObjects.name(instance), id);
    boolean configuration = configurations.remove(ServerObjects.name(instance), id);
    boolean secret = secrets.remove(ServerObjects.name(instance), id);
    return clients && nodes && policy && configuration && secret;
  }

  /** The StatefulSet to be changed; null when one is made, over the data that there are. */
  private StatefulSet present(Instance instance) {
    if (instance.operation().kind() == OperationKind.CREATE) {
      return null;
    }
    Optional<StatefulSet> found = sets.find(ServerSet.name(instance), instance.id());
    if (found.isEmpty() && !claims.any(instance)) {
      throw new PlatformRefusedException(
          "the database's volumes have gone; they are never made anew and empty");
    }
    if (found.filter(set -> set.getMetadata().getDeletionTimestamp() != null).isPresent()) {
      throw new PlatformFailure("the database's StatefulSet is being removed");
    }
    return found.orElse(null);
  }

  /**
   * Gives the volumes more room. The size that a StatefulSet names for its volumes is fixed, so it
   * goes and leaves its pods to the next one, which takes them over as they are.
   *
   * @return null: there is no StatefulSet now
   */
  private StatefulSet grown(Instance instance) {
    claims.grow(instance);
    if (!sets.release(ServerSet.name(instance), instance.id())) {
      throw new PlatformFailure("the database's StatefulSet is being replaced");
    }
    return null;
  }

  private static boolean changed(StatefulSet there, StatefulSet now) {
    return there == null
        || !Objects.equals(there.getMetadata().getGeneration(), now.getMetadata().getGeneration());
  }

  /** Older servers refuse what they do not know; the volumes are removed by hand in any case. */
  private boolean claimsFollow() {
    try {
      return ServerRelease.of(client.getKubernetesVersion()).removesClaims();
    } catch (KubernetesClientException e) {
      throw ApiFailures.of("the version", "of the server", e);
    }
  }
}
