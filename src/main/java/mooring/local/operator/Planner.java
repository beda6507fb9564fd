package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mooring.local.operator.DatabasePlan.RolePassword;

/** Gathers what a Cluster needs from the objects around it; says what is still missing. */
final class Planner {
  /** Settings that belong to the operator, as CloudNativePG refuses them too. */
  private static final Pattern RESERVED =
      Pattern.compile(
          "listen_addresses|port|unix_socket_.*|ssl|ssl_(cert|key|ca|crl).*|data_directory"
              + "|(config|hba|ident|external_pid)_file|archive_(mode|command|cleanup_command|library)"
              + "|restore_command|recovery_.*|synchronous_standby_names|primary_.*|hot_standby"
              + "|promote_trigger_file|log_(destination|directory|filename|file_mode)"
              + "|logging_collector|cluster_name|fsync|full_page_writes|include.*",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern TAG_MAJOR = Pattern.compile(":(\\d+)[.\\-@]?[^:/]*$");

  private final KubernetesView view;
  private final Set<Integer> majors;

  Planner(KubernetesView view, Set<Integer> majors) {
    this.view = view;
    this.majors = majors;
  }

  DatabasePlan plan(GenericKubernetesResource cluster, ClusterSpec spec) {
    for (String setting : spec.parameters().keySet()) {
      if (RESERVED.matcher(setting).matches()) {
        throw new NotReadyException(
            Phase.INVALID_DEFINITION, "the setting " + setting + " is the operator's own");
      }
    }
    String image = spec.imageName().isEmpty() ? catalogued(spec) : spec.imageName();
    int major = spec.imageName().isEmpty() ? spec.major() : majorOf(image);
    if (!majors.contains(major)) {
      throw new NotReadyException(
          Phase.SETTING_UP_PRIMARY, "there is no PostgreSQL " + major + " to run here");
    }
    Optional<RecoverySource> recovery = RecoverySource.of(cluster);
    ClientService service = service(spec, recovery.isPresent());
    Secret secret = secret(spec);
    return new DatabasePlan(
        spec,
        image,
        major,
        service,
        decoded(secret, "password"),
        secret.getMetadata().getResourceVersion(),
        ArchiveTarget.of(cluster),
        recovery,
        origin(spec),
        view.isFollowed(spec.name()),
        passwords(spec),
        ClientRules.of(
            ClientRules.allowed(view.policiesOf(spec.name())), view.isPooled(spec.name())));
  }

  /** Needed for the data and to follow; what was promoted goes on when its source has gone. */
  private Optional<Following> origin(ClusterSpec spec) {
    Optional<Following> origin =
        spec.origin()
            .flatMap(source -> Optional.ofNullable(view.cluster(source.cluster())))
            .flatMap(
                source -> {
                  ClusterSpec other = ClusterSpec.of(source);
                  return view.servicesOf(other.name()).stream()
                      .flatMap(found -> ClientService.of(found).stream())
                      .findFirst()
                      .map(at -> new Following(other.name(), at));
                });
    if (origin.isEmpty() && spec.follows()) {
      throw new NotReadyException(
          Phase.SETTING_UP_PRIMARY,
          "the Cluster " + spec.origin().get().cluster() + " that it follows is not there");
    }
    return origin;
  }

  /** One that is to take another's place gets the Service when it is ready. */
  private ClientService service(ClusterSpec spec, boolean recovered) {
    return view.servicesOf(spec.name()).stream()
        .flatMap(found -> ClientService.of(found).stream())
        .findFirst()
        .or(() -> recovered ? Optional.of(ClientService.none()) : Optional.empty())
        .orElseThrow(
            () ->
                new NotReadyException(
                    Phase.SETTING_UP_PRIMARY,
                    "no Service with a loadBalancerIP selects the primary yet"));
  }

  private Map<String, RolePassword> passwords(ClusterSpec spec) {
    Map<String, RolePassword> passwords = new HashMap<>();
    for (ManagedRole role : spec.roles()) {
      Secret secret = role.secretName().isEmpty() ? null : view.secret(role.secretName());
      if (secret != null && secret.getData() != null && secret.getData().containsKey("password")) {
        passwords.put(
            role.secretName(),
            new RolePassword(
                secret.getMetadata().getResourceVersion(), decoded(secret, "password")));
      }
    }
    return passwords;
  }

  private String catalogued(ClusterSpec spec) {
    GenericKubernetesResource catalog = view.catalog(spec.catalog());
    if (catalog == null) {
      throw new NotReadyException(
          Phase.INVALID_CATALOG, "there is no ImageCatalog named \"" + spec.catalog() + '"');
    }
    if (catalog.get("spec", "images") instanceof List<?> images) {
      for (Object entry : images) {
        if (entry instanceof Map<?, ?> image
            && image.get("major") instanceof Number major
            && major.intValue() == spec.major()) {
          return String.valueOf(image.get("image"));
        }
      }
    }
    throw new NotReadyException(
        Phase.INVALID_CATALOG,
        "the ImageCatalog " + spec.catalog() + " has no image for major " + spec.major());
  }

  private static int majorOf(String image) {
    Matcher tag = TAG_MAJOR.matcher(image);
    if (!tag.find()) {
      throw new NotReadyException(
          Phase.INVALID_DEFINITION, "the tag of the image " + image + " names no version");
    }
    return Integer.parseInt(tag.group(1));
  }

  private Secret secret(ClusterSpec spec) {
    Secret secret = view.secret(spec.secretName());
    if (secret == null) {
      throw new NotReadyException(
          Phase.SETTING_UP_PRIMARY, "there is no Secret named " + spec.secretName() + " yet");
    }
    if (!spec.owner().equals(decoded(secret, "username"))) {
      throw new NotReadyException(
          Phase.INVALID_DEFINITION,
          "the username in the Secret " + spec.secretName() + " is not the owner's");
    }
    return secret;
  }

  private static String decoded(Secret secret, String key) {
    String value = secret.getData() == null ? null : secret.getData().get(key);
    if (value == null) {
      throw new NotReadyException(
          Phase.SETTING_UP_PRIMARY,
          "the Secret " + secret.getMetadata().getName() + " has no " + key);
    }
    return new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
  }
}
