package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a Cluster object asks for, with CloudNativePG's defaults.
 *
 * @param name of the Cluster
 * @param namespace of the Cluster
 * @param uid of the Cluster: a later one of the same name has another
 * @param instances how many servers are wanted
 * @param catalog name of the ImageCatalog; empty when there is none
 * @param major version wanted from the catalogue
 * @param imageName an image given directly; empty when there is none
 * @param database the application's database
 * @param owner the role that owns it
 * @param secretName the Secret with the owner's password
 * @param encoding of the databases
 * @param collate locale for sorting
 * @param characterType locale for letters
 * @param checksums whether pages carry checksums
 * @param statements run once as superuser in the database {@code postgres}
 * @param parameters server settings
 * @param clientRules lines for {@code pg_hba.conf}
 * @param alternativeNames further names for the server's certificate
 * @param hibernated whether it is to be stopped
 * @param rollout what a server has to be started anew for
 * @param roles the roles that are kept as described
 * @param synchronous how many standbys have to confirm a commit
 * @param origin the Cluster whose data it begins with
 */
record ClusterSpec(
    String name,
    String namespace,
    String uid,
    int instances,
    String catalog,
    int major,
    String imageName,
    String database,
    String owner,
    String secretName,
    String encoding,
    String collate,
    String characterType,
    boolean checksums,
    List<String> statements,
    Map<String, String> parameters,
    List<String> clientRules,
    List<String> alternativeNames,
    boolean hibernated,
    Rollout rollout,
    List<ManagedRole> roles,
    Synchronous synchronous,
    Optional<ReplicaSource> origin) {
  private static final String HIBERNATION = "cnpg.io/hibernation";

  static ClusterSpec of(GenericKubernetesResource cluster) {
    Fields fields = new Fields(cluster);
    String name = cluster.getMetadata().getName();
    String method = bootstrap(cluster);
    String database = fields.text("app", "spec", "bootstrap", method, "database");
    Map<String, String> annotations = cluster.getMetadata().getAnnotations();
    return new ClusterSpec(
        name,
        cluster.getMetadata().getNamespace(),
        cluster.getMetadata().getUid(),
        fields.number(1, "spec", "instances"),
        catalogName(fields),
        fields.number(0, "spec", "imageCatalogRef", "major"),
        fields.text("", "spec", "imageName"),
        database,
        fields.text(database, "spec", "bootstrap", method, "owner"),
        secretName(cluster),
        fields.text("UTF8", "spec", "bootstrap", "initdb", "encoding"),
        fields.text("C", "spec", "bootstrap", "initdb", "localeCollate"),
        fields.text("C", "spec", "bootstrap", "initdb", "localeCType"),
        fields.flag("spec", "bootstrap", "initdb", "dataChecksums"),
        fields.texts("spec", "bootstrap", "initdb", "postInitSQL"),
        fields.map("spec", "postgresql", "parameters"),
        fields.texts("spec", "postgresql", "pg_hba"),
        fields.texts("spec", "certificates", "serverAltDNSNames"),
        annotations != null && "on".equals(annotations.get(HIBERNATION)),
        Rollout.of(cluster),
        ManagedRole.listOf(cluster),
        Synchronous.of(fields),
        ReplicaSource.of(cluster));
  }

  /** Whether its primary is to follow another Cluster's. */
  boolean follows() {
    return origin.filter(ReplicaSource::followed).isPresent();
  }

  /** The Secret that a Cluster takes its owner's password from. */
  static String secretName(GenericKubernetesResource cluster) {
    return new Fields(cluster)
        .text(
            cluster.getMetadata().getName() + "-app",
            "spec",
            "bootstrap",
            bootstrap(cluster),
            "secret",
            "name");
  }

  /** Every Secret that passwords are taken from. */
  static List<String> secretNames(GenericKubernetesResource cluster) {
    return Stream.concat(
            Stream.of(secretName(cluster)),
            ManagedRole.listOf(cluster).stream().map(ManagedRole::secretName))
        .filter(name -> !name.isEmpty())
        .distinct()
        .toList();
  }

  private static String bootstrap(GenericKubernetesResource cluster) {
    return Stream.of("recovery", "pg_basebackup")
        .filter(method -> cluster.get("spec", "bootstrap", method) != null)
        .findFirst()
        .orElse("initdb");
  }

  private static String catalogName(Fields fields) {
    return CustomResources.IMAGE_CATALOG.equals(fields.text("", "spec", "imageCatalogRef", "kind"))
        ? fields.text("", "spec", "imageCatalogRef", "name")
        : "";
  }
}
