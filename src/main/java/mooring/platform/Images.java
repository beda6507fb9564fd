package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.disposables.Disposable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import mooring.core.Instance;
import mooring.core.Updates;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The images that PostgreSQL runs from. A Cluster names its image itself: one that refers to the
 * catalogue is restarted by CloudNativePG as soon as that changes.
 */
final class Images implements Updates {
  private static final Logger log = LoggerFactory.getLogger(Images.class);

  static final ResourceDefinitionContext RESOURCE =
      new ResourceDefinitionContext.Builder()
          .withGroup(PostgresCluster.GROUP)
          .withVersion("v1")
          .withKind("ImageCatalog")
          .withPlural("imagecatalogs")
          .withNamespaced(true)
          .build();

  private static final Pattern TAG = Pattern.compile("[^@]*:(\\d+)(?:\\.(\\d+))?[^/:@]*(@.*)?");

  private final KubernetesClient client;
  private final PlatformSettings settings;
  private final BlockingCalls calls;
  private final KeyedInformer catalogs;
  private volatile Disposable start = Disposable.disposed();

  Images(KubernetesConnection connection, PlatformSettings settings) {
    this.client = connection.client();
    this.calls = connection.calls();
    this.settings = settings;
    this.catalogs =
        new KeyedInformer(
            client,
            RESOURCE,
            settings.namespace(),
            catalog -> catalog.getMetadata().getName(),
            catalog -> {});
  }

  /** Begins to watch the catalogue; nothing waits for that. */
  void start() {
    start =
        catalogs
            .start()
            .subscribe(
                () -> {}, error -> log.atError().setCause(error).log("no image catalog is seen"));
  }

  void stop() {
    start.dispose();
    catalogs.stop();
  }

  /** The majors that the catalogue has an image of, from memory. */
  Set<String> majors() {
    return catalogs.find(settings.imageCatalog()).stream()
        .flatMap(catalog -> images(catalog).stream())
        .map(image -> String.valueOf(image.get("major")))
        .collect(Collectors.toSet());
  }

  @Override
  public Maybe<String> newer(Instance instance) {
    return calls
        .call(
            () -> {
              GenericKubernetesResource cluster =
                  client
                      .genericKubernetesResources(PostgresCluster.RESOURCE)
                      .inNamespace(settings.namespace())
                      .withName(PostgresCluster.name(instance))
                      .get();
              String runs = cluster == null ? null : cluster.get("status", "image");
              return offered(instance.spec().version()).filter(image -> isNewer(image, runs));
            })
        .mapOptional(image -> image);
  }

  /** What the catalogue has for a major version; empty where it cannot be told. Blocks. */
  Optional<String> offered(String major) {
    GenericKubernetesResource catalog;
    try {
      catalog =
          client
              .genericKubernetesResources(RESOURCE)
              .inNamespace(settings.namespace())
              .withName(settings.imageCatalog())
              .get();
    } catch (KubernetesClientException e) {
      return Optional.empty(); // a Role of before does not allow it; then the Cluster refers to it
    }
    return catalog == null
        ? Optional.empty()
        : images(catalog).stream()
            .filter(image -> major.equals(String.valueOf(image.get("major"))))
            .findFirst()
            .map(image -> image.get("image"))
            .map(String::valueOf);
  }

  private static List<Map<?, ?>> images(GenericKubernetesResource catalog) {
    List<Map<?, ?>> images = new ArrayList<>();
    if (catalog.get("spec", "images") instanceof List<?> entries) {
      for (Object entry : entries) {
        if (entry instanceof Map<?, ?> image) {
          images.add(image);
        }
      }
    }
    return images;
  }

  /** The major version that an image is of, by its tag; empty when that does not tell. */
  static String major(String image) {
    Matcher tag = TAG.matcher(image);
    return tag.matches() ? tag.group(1) : "";
  }

  /** Whether an image is of a later minor version than another of the same major. */
  static boolean isNewer(String image, String than) {
    Matcher one = TAG.matcher(image);
    Matcher other = TAG.matcher(than == null ? "" : than);
    return one.matches()
        && other.matches()
        && one.group(1).equals(other.group(1))
        && one.group(2) != null
        && other.group(2) != null
        && Integer.parseInt(one.group(2)) > Integer.parseInt(other.group(2));
  }
}
