package mooring.platform;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import mooring.core.Instance;

/**
 * Which addresses the clients of a PostgreSQL may come from: a NetworkPolicy on the pods of its
 * servers and its poolers. Everything blocks.
 */
final class ClientAccess {
  private static final String CLUSTER = "cnpg.io/cluster";
  private static final String APPLICATION = "app.kubernetes.io/name";
  private static final String OPERATOR = "cloudnative-pg";

  /** At which the operator asks a server how it is doing. */
  private static final int STATUS_PORT = 8000;

  private final PlatformSettings settings;
  private final OwnedObjects<NetworkPolicy> policies;

  ClientAccess(KubernetesClient client, PlatformSettings settings) {
    this.settings = settings;
    this.policies = policies(client, settings.namespace());
  }

  /** Those of a namespace. */
  static OwnedObjects<NetworkPolicy> policies(KubernetesClient client, String namespace) {
    return new OwnedObjects<>(
        new ObjectCalls<>(
            client,
            "NetworkPolicy",
            "/apis/networking.k8s.io/v1/namespaces/" + namespace + "/networkpolicies",
            client.network().v1().networkPolicies().inNamespace(namespace)));
  }

  static String name(Instance instance) {
    return instance.objectName();
  }

  /** Lets clients in from where they may come, or from anywhere. */
  void apply(Instance instance, Attempt attempt) {
    if (instance.setup().policy().open()) {
      boolean unused = remove(instance, attempt);
      return;
    }
    NetworkPolicy unused =
        policies.apply(name(instance), there -> policy(instance, settings), attempt).after();
  }

  /**
   * Lets its read replicas in where a policy that was made before there were any keeps them out.
   * What else the policy says stays, since the database may be given another meanwhile.
   */
  boolean admit(Instance source, Attempt attempt) {
    boolean shut =
        policies
            .find(name(source), source.id())
            .filter(there -> !there.getSpec().getIngress().contains(replicas(source)))
            .isPresent();
    if (shut) {
      NetworkPolicy unused =
          policies.apply(name(source), there -> admitting(source, there), attempt).after();
    }
    return shut;
  }

  private NetworkPolicy admitting(Instance source, NetworkPolicy there) {
    if (there == null) {
      throw new IllegalStateException("the policy of the source has gone meanwhile");
    }
    return new NetworkPolicyBuilder()
        .withMetadata(Labels.metadata(source, name(source), settings))
        .withNewSpecLike(there.getSpec())
        .addToIngress(replicas(source))
        .endSpec()
        .build();
  }

  /** Whether it is gone. */
  boolean remove(Instance instance, Attempt attempt) {
    return policies.remove(name(instance), attempt);
  }

  static NetworkPolicy policy(Instance instance, PlatformSettings settings) {
    return new NetworkPolicyBuilder()
        .withMetadata(Labels.metadata(instance, name(instance), settings))
        .withNewSpec()
        .withPodSelector(servers(instance))
        .withPolicyTypes("Ingress")
        .withIngress(
            clients(instance),
            operator(),
            controlPlane(instance),
            replicas(instance),
            among(instance),
            migration(instance))
        .endSpec()
        .build();
  }

  private static NetworkPolicyIngressRule clients(Instance instance) {
    NetworkPolicyIngressRuleBuilder rule = new NetworkPolicyIngressRuleBuilder();
    for (String block : instance.setup().policy().allowList()) {
      rule.addNewFrom().withNewIpBlock().withCidr(block).endIpBlock().endFrom();
    }
    return at(rule, instance.spec().engine().port());
  }

  private static NetworkPolicyIngressRule operator() {
    NetworkPolicyIngressRuleBuilder rule =
        new NetworkPolicyIngressRuleBuilder()
            .addNewFrom()
            .withNewNamespaceSelector()
            .endNamespaceSelector()
            .withNewPodSelector()
            .addToMatchLabels(APPLICATION, OPERATOR)
            .endPodSelector()
            .endFrom();
    return at(rule, STATUS_PORT);
  }

  /**
   * It asks a source of a restore how far its log is. It runs in the databases' own namespace:
   * elsewhere anybody may label a pod so.
   */
  private static NetworkPolicyIngressRule controlPlane(Instance instance) {
    return pods(instance, APPLICATION, Labels.MOORING);
  }

  /** Its read replicas copy and follow it, whenever they are made. */
  private static NetworkPolicyIngressRule replicas(Instance instance) {
    return pods(instance, Labels.REPLICA_OF, instance.id().toString());
  }

  /** What copies data into it from elsewhere. */
  private static NetworkPolicyIngressRule migration(Instance instance) {
    return pods(instance, MigrationObjects.LABEL, instance.id().toString());
  }

  /** Those of the same namespace that have a label. */
  private static NetworkPolicyIngressRule pods(Instance instance, String label, String value) {
    NetworkPolicyIngressRuleBuilder rule =
        new NetworkPolicyIngressRuleBuilder()
            .addNewFrom()
            .withNewPodSelector()
            .addToMatchLabels(label, value)
            .endPodSelector()
            .endFrom();
    return at(rule, instance.spec().engine().port());
  }

  private static NetworkPolicyIngressRule among(Instance instance) {
    return new NetworkPolicyIngressRuleBuilder()
        .addNewFrom()
        .withPodSelector(servers(instance))
        .endFrom()
        .build();
  }

  /** Poolers' pods have the label of the Cluster too; so have those of a restore in place. */
  private static LabelSelector servers(Instance instance) {
    return new LabelSelectorBuilder()
        .addNewMatchExpression()
        .withKey(CLUSTER)
        .withOperator("In")
        .withValues(instance.clusterNames())
        .endMatchExpression()
        .build();
  }

  private static NetworkPolicyIngressRule at(NetworkPolicyIngressRuleBuilder rule, int port) {
    return rule.addNewPort().withProtocol("TCP").withPort(new IntOrString(port)).endPort().build();
  }
}
