package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mooring.core.Instance;
import mooring.core.InstanceSpec;

/** CloudNativePG's Cluster: the PostgreSQL servers of a database and their volumes. */
final class PostgresCluster {
  static final String GROUP = "postgresql.cnpg.io";

  static final ResourceDefinitionContext RESOURCE =
      new ResourceDefinitionContext.Builder()
          .withGroup(GROUP)
          .withVersion("v1")
          .withKind("Cluster")
          .withPlural("clusters")
          .withNamespaced(true)
          .build();

  private static final int MIB_PER_GIB = 1024;

  private PostgresCluster() {}

  static String name(Instance instance) {
    return instance.objectName();
  }

  static GenericKubernetesResource of(Instance instance, PlatformSettings settings) {
    return new GenericKubernetesResourceBuilder()
        .withApiVersion(GROUP + "/v1")
        .withKind("Cluster")
        .withMetadata(Labels.metadata(instance, name(instance), settings))
        .addToAdditionalProperties("spec", spec(instance, settings))
        .build();
  }

  private static Map<String, Object> spec(Instance instance, PlatformSettings settings) {
    InstanceSpec wanted = instance.spec();
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("instances", wanted.instances());
    spec.put("imageCatalogRef", image(wanted, settings));
    spec.put("storage", storage(wanted, settings));
    spec.put("resources", resources(wanted));
    spec.put("postgresql", Map.of("parameters", PostgresParameters.of(wanted.memoryMib())));
    spec.put("bootstrap", Map.of("initdb", initdb(instance)));
    spec.put("primaryUpdateStrategy", "unsupervised");
    spec.put("enableSuperuserAccess", false);
    // With a single instance a disruption budget would only block the draining of its node.
    spec.put("enablePDB", wanted.instances() > 1);
    if (!Hosts.isAddress(instance.address().host())) {
      spec.put("certificates", Map.of("serverAltDNSNames", List.of(instance.address().host())));
    }
    return spec;
  }

  private static Map<String, Object> image(InstanceSpec wanted, PlatformSettings settings) {
    return Map.of(
        "apiGroup",
        GROUP,
        "kind",
        "ImageCatalog",
        "name",
        settings.imageCatalog(),
        "major",
        Integer.parseInt(wanted.version()));
  }

  private static Map<String, Object> storage(InstanceSpec wanted, PlatformSettings settings) {
    Map<String, Object> storage = new LinkedHashMap<>();
    storage.put("size", size(wanted.storageMib()));
    if (settings.storageClass() != null) {
      storage.put("storageClass", settings.storageClass());
    }
    return storage;
  }

  /** CPU is a share and may be exceeded while others idle; memory cannot be, so it is a limit. */
  private static Map<String, Object> resources(InstanceSpec wanted) {
    String memory = size(wanted.memoryMib());
    return Map.of(
        "requests", Map.of("cpu", wanted.cpuMilli() + "m", "memory", memory),
        "limits", Map.of("memory", memory));
  }

  /** The C locale sorts the same with every image, so no index breaks when the image changes. */
  private static Map<String, Object> initdb(Instance instance) {
    return Map.of(
        "database",
        instance.database(),
        "owner",
        instance.owner(),
        "secret",
        Map.of("name", LoginSecret.name(instance)),
        "encoding",
        "UTF8",
        "localeCollate",
        "C",
        "localeCType",
        "C");
  }

  private static String size(int mib) {
    return mib % MIB_PER_GIB == 0 ? mib / MIB_PER_GIB + "Gi" : mib + "Mi";
  }
}
