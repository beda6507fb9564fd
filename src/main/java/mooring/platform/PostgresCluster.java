package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import mooring.core.Desired;
import mooring.core.Instance;
import mooring.core.InstanceSpec;
import mooring.core.PostgresParameters;
import mooring.core.Replication;

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

  private static final String HIBERNATION = "cnpg.io/hibernation";
  private static final String RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";

  private PostgresCluster() {}

  static String name(Instance instance) {
    return instance.clusterName();
  }

  /** The Cluster of a new database. */
  static GenericKubernetesResource of(Instance instance, PlatformSettings settings) {
    return of(instance, settings, null, null);
  }

  /** The Cluster of a database that is there, with the image it has. */
  static GenericKubernetesResource of(
      Instance instance, PlatformSettings settings, GenericKubernetesResource there) {
    return of(instance, settings, there, null);
  }

  /**
   * The Cluster of a database.
   *
   * @param there the one that is there; null for none
   * @param offered the image to begin with; null to refer to the catalogue
   */
  static GenericKubernetesResource of(
      Instance instance,
      PlatformSettings settings,
      GenericKubernetesResource there,
      String offered) {
    return new GenericKubernetesResourceBuilder()
        .withApiVersion(GROUP + "/v1")
        .withKind("Cluster")
        .withMetadata(metadata(instance, settings))
        .addToAdditionalProperties("spec", spec(instance, settings, there, offered))
        .build();
  }

  /** Whether two states of a Cluster ask the same of its operator. */
  static boolean askTheSame(GenericKubernetesResource one, GenericKubernetesResource other) {
    return Objects.equals(one.get("spec"), other.get("spec"))
        && Objects.equals(asked(one, HIBERNATION), asked(other, HIBERNATION))
        && Objects.equals(asked(one, RESTARTED_AT), asked(other, RESTARTED_AT));
  }

  private static String asked(GenericKubernetesResource cluster, String annotation) {
    Map<String, String> annotations = cluster.getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(annotation);
  }

  private static ObjectMeta metadata(Instance instance, PlatformSettings settings) {
    ObjectMetaBuilder metadata =
        new ObjectMetaBuilder(Labels.metadata(instance, name(instance), settings))
            .addToAnnotations(HIBERNATION, instance.desired() == Desired.STOPPED ? "on" : "off");
    Instant restarted = instance.setup().restartedAt();
    if (restarted != null) {
      metadata.addToAnnotations(RESTARTED_AT, restarted.toString());
    }
    return metadata.build();
  }

  private static Map<String, Object> spec(
      Instance instance,
      PlatformSettings settings,
      GenericKubernetesResource there,
      String offered) {
    InstanceSpec wanted = instance.spec();
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("instances", wanted.instances());
    String image = image(instance, there, offered);
    if (image == null) {
      spec.put("imageCatalogRef", catalogued(wanted, settings));
    } else {
      spec.put("imageName", image);
    }
    spec.put("storage", storage(wanted, settings, there));
    spec.put("resources", resources(wanted));
    spec.put("postgresql", postgresql(instance));
    ClusterBootstrap.addTo(spec, instance, settings);
    spec.put("managed", Map.of("roles", List.of(owner(instance))));
    if (Archive.kept(instance, settings)) {
      spec.put("plugins", List.of(Archive.written(instance, settings)));
    }
    int patience = instance.setup().policy().failoverDelaySeconds();
    if (patience > 0) {
      spec.put("failoverDelay", patience);
    }
    spec.put("primaryUpdateStrategy", "unsupervised");
    spec.put("enableSuperuserAccess", false);
    // With a single instance a disruption budget would only block the draining of its node.
    spec.put("enablePDB", wanted.instances() > 1);
    if (!instance.address().numeric()) {
      spec.put("certificates", Map.of("serverAltDNSNames", List.of(instance.address().host())));
    }
    return spec;
  }

  /** Of the wanted major: what it was updated to, else what it has, else what is offered. */
  private static String image(Instance instance, GenericKubernetesResource there, String offered) {
    String major = instance.spec().version();
    String updated = instance.setup().image();
    if (updated != null && Images.major(updated).equals(major)) {
      // The way back from one that does not run: a catalogue that offers less again.
      return offered != null && Images.isNewer(updated, offered) ? offered : updated;
    }
    if (there == null) {
      return offered;
    }
    String has = there.get("spec", "imageName");
    boolean follows = there.get("spec", "imageCatalogRef") != null;
    return has != null && Images.major(has).equals(major) ? has : follows ? null : offered;
  }

  private static Map<String, Object> catalogued(InstanceSpec wanted, PlatformSettings settings) {
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

  /** Volumes grow only: a smaller size keeps the one that is there. */
  private static Map<String, Object> storage(
      InstanceSpec wanted, PlatformSettings settings, GenericKubernetesResource there) {
    Object present = there == null ? null : there.get("spec", "storage", "size");
    boolean kept = Quantities.mib(present) >= wanted.storageMib();
    Map<String, Object> storage = new LinkedHashMap<>();
    storage.put("size", kept ? present.toString() : Quantities.size(wanted.storageMib()));
    if (settings.storageClass() != null) {
      storage.put("storageClass", settings.storageClass());
    }
    return storage;
  }

  /** CPU is a share and may be exceeded while others idle; memory cannot be, so it is a limit. */
  private static Map<String, Object> resources(InstanceSpec wanted) {
    String memory = Quantities.size(wanted.memoryMib());
    return Map.of(
        "requests", Map.of("cpu", wanted.cpuMilli() + "m", "memory", memory),
        "limits", Map.of("memory", memory));
  }

  private static Map<String, Object> postgresql(Instance instance) {
    Map<String, Object> postgresql = new LinkedHashMap<>();
    postgresql.put("parameters", PostgresParameters.of(instance));
    Replication replication = instance.setup().replication();
    // A server without standbys has nobody to wait for; CloudNativePG refuses to be asked for it.
    if (instance.spec().instances() > 1 && replication != Replication.ASYNCHRONOUS) {
      boolean strict = replication == Replication.STRICTLY_SYNCHRONOUS;
      postgresql.put(
          "synchronous",
          Map.of(
              "method", "any", "number", 1, "dataDurability", strict ? "required" : "preferred"));
    }
    return postgresql;
  }

  /**
   * A managed role: CloudNativePG says of those which password they have. In lists everything is
   * said that the server would add, so that an apply which asks the same changes nothing.
   */
  private static Map<String, Object> owner(Instance instance) {
    Map<String, Object> role = new LinkedHashMap<>();
    role.put("name", instance.owner());
    role.put("ensure", "present");
    role.put("login", true);
    role.put("inherit", true);
    role.put("connectionLimit", -1);
    if (instance.ownsPostgres()) {
      role.put("createdb", true);
      role.put("createrole", true);
    }
    role.put("passwordSecret", Map.of("name", LoginSecret.name(instance)));
    return role;
  }
}
