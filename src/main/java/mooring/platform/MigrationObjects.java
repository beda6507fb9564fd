package mooring.platform;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import mooring.core.Instance;
import mooring.core.Migration;
import mooring.core.MigrationPart;

/**
 * What a migration is done with: a pod that asks the source what it has, and one per logical
 * database that copies it. They are no Job's: that would start another one while the first still
 * writes on a node that is not heard of. A name is had by one only.
 */
final class MigrationObjects {
  /** Whose label it is copies into this database. */
  static final String LABEL = "mooring/migration";

  /** Which operation it is for: of an earlier one, it says nothing. */
  static final String OPERATION = "mooring/operation";

  private static final String PASSWORD = "password";
  private static final String TERMINATION_LOG = "/dev/termination-log";
  private static final String COMMON = script("migration-common.sh");
  static final String LIST = COMMON + script("migration-list.sh");
  static final String COPY = COMMON + script("migration-copy.sh");

  /** PostgreSQL's in CloudNativePG's images. */
  private static final long USER = 26;

  private static final long GRACE_SECONDS = 5;

  private MigrationObjects() {}

  static String name(Instance instance) {
    return instance.objectName() + "-migration";
  }

  static String name(Instance instance, MigrationPart part) {
    return part.copy() < 0 ? name(instance) : name(instance) + "-" + part.copy();
  }

  /** The password of the source. */
  static Secret secret(Instance instance, String password, PlatformSettings settings) {
    byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
    return new SecretBuilder()
        .withMetadata(Labels.metadata(instance, name(instance), settings))
        .withType("Opaque")
        .withData(Map.of(PASSWORD, Base64.getEncoder().encodeToString(bytes)))
        .build();
  }

  /** What does a part of it, once: it ends, and says how. */
  static Pod pod(Instance instance, MigrationPart part, String image, PlatformSettings settings) {
    return new PodBuilder()
        .withMetadata(Labels.metadata(instance, name(instance, part), settings))
        .editMetadata()
        .addToLabels(LABEL, instance.id().toString())
        .addToLabels(OPERATION, instance.operation().id().toString())
        .endMetadata()
        .withNewSpec()
        .withRestartPolicy("Never")
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withTerminationGracePeriodSeconds(GRACE_SECONDS)
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withRunAsUser(USER)
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .addNewContainer()
        .withName("migration")
        .withImage(image)
        .withCommand("sh", "-c", part.copy() < 0 ? LIST : COPY)
        .withEnv(environment(instance, part))
        .withTerminationMessagePath(TERMINATION_LOG)
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .endContainer()
        .endSpec()
        .build();
  }

  private static List<EnvVar> environment(Instance instance, MigrationPart part) {
    String target = part.copy() < 0 ? instance.database() : part.database();
    List<EnvVar> all = new ArrayList<>();
    all.add(variable("RESULT", TERMINATION_LOG));
    all.add(variable("SOURCE", source(instance.migration().source(), part)));
    all.add(secret("SOURCE_PASSWORD", name(instance)));
    all.add(variable("TARGET_HOST", ClientService.name(instance)));
    all.add(variable("TARGET_PORT", Integer.toString(instance.address().port())));
    all.add(variable("TARGET_USER", instance.owner()));
    all.add(variable("TARGET_DATABASE", target));
    all.add(
        variable(
            "TARGET",
            text(Map.of("dbname", target, "user", instance.owner())) + " sslmode=require"));
    all.add(secret("TARGET_PASSWORD", LoginSecret.name(instance)));
    return all;
  }

  /** The address that was checked is connected to, whatever the name leads to by then. */
  private static String source(Migration.Source source, MigrationPart part) {
    String database = part.copy() < 0 ? source.database() : part.database();
    Boolean encrypted = source.encrypted();
    String mode = encrypted == null ? "prefer" : encrypted ? "require" : "disable";
    return text(
            Map.of(
                "host", source.host(),
                "hostaddr", part.address(),
                "user", source.username(),
                "dbname", database))
        + " port="
        + source.port()
        + " sslmode="
        + mode
        + " connect_timeout=15";
  }

  /** As libpq reads it: nothing in a value ends it. */
  private static String text(Map<String, String> parameters) {
    List<String> words = new ArrayList<>();
    parameters.forEach(
        (name, value) ->
            words.add(name + "='" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"));
    words.sort(null);
    return String.join(" ", words);
  }

  /** Kubernetes would fill in what looks like another variable. */
  private static EnvVar variable(String name, String value) {
    return new EnvVar(name, value.replace("$", "$$"), null);
  }

  private static EnvVar secret(String name, String of) {
    return new EnvVarBuilder()
        .withName(name)
        .withNewValueFrom()
        .withNewSecretKeyRef(PASSWORD, of, false)
        .endValueFrom()
        .build();
  }

  private static String script(String name) {
    try (InputStream text = MigrationObjects.class.getResourceAsStream(name)) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
