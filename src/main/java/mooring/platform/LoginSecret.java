package mooring.platform;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import mooring.core.Credentials;
import mooring.core.Instance;

/** The Secret with the login of a database's owner. */
final class LoginSecret {
  private LoginSecret() {}

  static String name(Instance instance) {
    return instance.objectName() + "-app";
  }

  static Secret of(Instance instance, Credentials credentials, PlatformSettings settings) {
    return of(instance, name(instance), credentials, settings);
  }

  /** The same for another role of the database. */
  static Secret of(
      Instance instance, String name, Credentials credentials, PlatformSettings settings) {
    return new SecretBuilder()
        .withMetadata(Labels.metadata(instance, name, settings))
        .editMetadata()
        // CloudNativePG takes over a changed password only from Secrets that carry this.
        .addToLabels("cnpg.io/reload", "true")
        .endMetadata()
        .withType("kubernetes.io/basic-auth")
        // Not stringData: that is merged into data by the server and not owned by the applier.
        .withData(
            Map.of(
                "username", encode(credentials.username()),
                "password", encode(credentials.password())))
        .build();
  }

  private static String encode(String value) {
    return Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
  }
}
