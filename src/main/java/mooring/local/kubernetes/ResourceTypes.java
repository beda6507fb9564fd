package mooring.local.kubernetes;

import static mooring.local.kubernetes.ResourceType.Trait.CLUSTER_SCOPED;
import static mooring.local.kubernetes.ResourceType.Trait.CREATE_ON_PUT;
import static mooring.local.kubernetes.ResourceType.Trait.CUSTOM;
import static mooring.local.kubernetes.ResourceType.Trait.GENERATION;
import static mooring.local.kubernetes.ResourceType.Trait.LABEL_NAME;
import static mooring.local.kubernetes.ResourceType.Trait.RFC1035_NAME;
import static mooring.local.kubernetes.ResourceType.Trait.STATUS;
import static mooring.local.kubernetes.ResourceType.Trait.VERSIONED_PUT;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import mooring.local.kubernetes.ResourceType.Column;
import mooring.local.kubernetes.ResourceType.Trait;

/** The table of resource types: one line each. */
final class ResourceTypes {
  private static final String CNPG = "postgresql.cnpg.io";
  private static final Trait[] CR = {CUSTOM, GENERATION, VERSIONED_PUT};
  private static final Trait[] CR_STATUS = {CUSTOM, GENERATION, VERSIONED_PUT, STATUS};

  static final ResourceType NAMESPACE =
      core("Namespace", "namespaces", CLUSTER_SCOPED, STATUS, LABEL_NAME)
          .named("ns")
          .column("Status", "/status/phase")
          .build();

  static final ResourceType SERVICE =
      core("Service", "services", STATUS, RFC1035_NAME)
          .named("svc")
          .column("Type", "/spec/type")
          .column("Cluster-IP", "/spec/clusterIP")
          .column("External-IP", "/status/loadBalancer/ingress/0/ip")
          .build();

  static final List<ResourceType> ALL =
      List.of(
          NAMESPACE,
          core("Secret", "secrets").column("Type", "/type").build(),
          SERVICE,
          core("ConfigMap", "configmaps").named("cm").build(),
          core("PersistentVolumeClaim", "persistentvolumeclaims", STATUS)
              .named("pvc")
              .column("Status", "/status/phase")
              .column("Volume", "/spec/volumeName")
              .column("Capacity", "/status/capacity/storage")
              .build(),
          core("Pod", "pods", STATUS)
              .named("po")
              .column("Ready", "string", WorkloadColumns::readyContainers)
              .column("Status", "string", WorkloadColumns::podStatus)
              .column("Restarts", "integer", WorkloadColumns::restarts)
              .build(),
          core("Event", "events", CREATE_ON_PUT)
              .named("ev")
              .column("Type", "/type")
              .column("Reason", "/reason")
              .column("Message", "/message")
              .build(),
          core("ServiceAccount", "serviceaccounts").named("sa").build(),
          core("Endpoints", "endpoints", CREATE_ON_PUT).named("ep").build(),
          new Row("apps", "v1", "StatefulSet", "statefulsets", STATUS, GENERATION)
              .named("sts")
              .column("Ready", "string", WorkloadColumns::readyReplicas)
              .build(),
          new Row("batch", "v1", "Job", "jobs", STATUS, GENERATION)
              .number("Succeeded", "/status/succeeded")
              .number("Failed", "/status/failed")
              .build(),
          new Row("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", GENERATION)
              .named("netpol")
              .build(),
          new Row("coordination.k8s.io", "v1", "Lease", "leases", VERSIONED_PUT, CREATE_ON_PUT)
              .column("Holder", "/spec/holderIdentity")
              .build(),
          cnpg("Cluster", "clusters", CR_STATUS)
              .number("Instances", "/status/instances")
              .number("Ready", "/status/readyInstances")
              .column("Status", "/status/phase")
              .column("Primary", "/status/currentPrimary")
              .build(),
          cnpg("Backup", "backups", CR_STATUS)
              .column("Cluster", "/spec/cluster/name")
              .column("Method", "/spec/method")
              .column("Phase", "/status/phase")
              .column("Error", "/status/error")
              .build(),
          cnpg("ScheduledBackup", "scheduledbackups", CR_STATUS)
              .column("Cluster", "/spec/cluster/name")
              .column("Last Backup", "/status/lastScheduleTime")
              .build(),
          cnpg("Pooler", "poolers", CR_STATUS)
              .column("Cluster", "/spec/cluster/name")
              .column("Type", "/spec/type")
              .column("Phase", "/status/phase")
              .build(),
          cnpg("Database", "databases", CR_STATUS)
              .column("Cluster", "/spec/cluster/name")
              .column("PG Name", "/spec/name")
              .column("Applied", "/status/applied")
              .column("Message", "/status/message")
              .build(),
          cnpg("DatabaseRole", "databaseroles", CR_STATUS)
              .column("Cluster", "/spec/cluster/name")
              .column("PG Name", "/spec/name")
              .column("Applied", "/status/applied")
              .column("Message", "/status/message")
              .build(),
          cnpg("ImageCatalog", "imagecatalogs", CR).build(),
          cnpg("ClusterImageCatalog", "clusterimagecatalogs", CR).clusterScoped().build(),
          new Row("barmancloud.cnpg.io", "v1", "ObjectStore", "objectstores", CR_STATUS).build());

  private ResourceTypes() {}

  static Optional<ResourceType> find(String group, String version, String plural) {
    return ALL.stream()
        .filter(t -> t.plural().equals(plural) && t.group().equals(group))
        .filter(t -> t.version().equals(version))
        .findFirst();
  }

  static Optional<ResourceType> ofKind(String apiVersion, String kind) {
    return ALL.stream()
        .filter(t -> t.kind().equals(kind) && t.apiVersion().equals(apiVersion))
        .findFirst();
  }

  private static Row core(String kind, String plural, Trait... traits) {
    return new Row("", "v1", kind, plural, traits);
  }

  private static Row cnpg(String kind, String plural, Trait... traits) {
    return new Row(CNPG, "v1", kind, plural, traits);
  }

  private record Row(ResourceType type) {
    Row(String group, String version, String kind, String plural, Trait... traits) {
      this(new ResourceType(group, version, kind, plural, List.of(), List.of(traits), List.of()));
    }

    Row named(String shortName) {
      return with(List.of(shortName), type.traits(), type.columns());
    }

    Row clusterScoped() {
      return with(type.shortNames(), plus(type.traits(), CLUSTER_SCOPED), type.columns());
    }

    Row column(String name, String pointer) {
      return column(name, "string", object -> object.at(pointer));
    }

    Row number(String name, String pointer) {
      return column(name, "integer", object -> object.at(pointer));
    }

    ResourceType build() {
      return type;
    }

    private Row column(String name, String columnType, Function<ObjectNode, JsonNode> value) {
      Column column = new Column(name, columnType, value);
      return with(type.shortNames(), type.traits(), plus(type.columns(), column));
    }

    private Row with(List<String> names, List<Trait> traits, List<Column> columns) {
      return new Row(
          new ResourceType(
              type.group(), type.version(), type.kind(), type.plural(), names, traits, columns));
    }

    private static <T> List<T> plus(List<T> list, T more) {
      return Stream.concat(list.stream(), Stream.of(more)).toList();
    }
  }
}
