package mooring.platform;

/**
 * What an installation decides about the objects of its databases.
 *
 * @param namespace where they live
 * @param serviceType how clients reach them
 * @param imageCatalog the {@code ImageCatalog} that names an image per major version
 * @param storageClass of the volumes; null for the cluster's default
 * @param backupStores what the names of the {@code ObjectStore}s for backups begin with; null when
 *     there are none, and so no backups
 */
public record PlatformSettings(
    String namespace,
    ServiceType serviceType,
    String imageCatalog,
    String storageClass,
    String backupStores) {

  /** The image catalogue that {@code k8s/} installs. */
  public static final String DEFAULT_IMAGE_CATALOG = "mooring-postgresql";

  /** Settings with the default image catalogue and storage class, without backups. */
  public static PlatformSettings of(String namespace, ServiceType serviceType) {
    return new PlatformSettings(namespace, serviceType, DEFAULT_IMAGE_CATALOG, null, null);
  }
}
