package mooring.platform;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import mooring.core.Instance;

/** The marks by which an object is known to belong to a database. */
final class Labels {
  static final String MANAGED_BY = "app.kubernetes.io/managed-by";
  static final String MOORING = "mooring";
  static final String INSTANCE = "mooring/instance";
  static final String TENANT = "mooring/tenant";

  /** On the pods of a read replica: which database it was made to follow. */
  static final String REPLICA_OF = "mooring/replica-of";

  /** An annotation: a name as given need not be a legal label value. */
  static final String NAME = "mooring/name";

  /** Selects the objects of all databases. */
  static final String SELECTOR = INSTANCE + "," + MANAGED_BY + "=" + MOORING;

  private Labels() {}

  /** The metadata of an object of a database. */
  static ObjectMeta metadata(Instance instance, String name, PlatformSettings settings) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(settings.namespace())
        .withLabels(
            Map.of(
                MANAGED_BY, MOORING,
                INSTANCE, instance.id().toString(),
                TENANT, instance.tenant().toString()))
        .addToAnnotations(NAME, instance.name())
        .build();
  }

  /** Null when it has none of the name. */
  static String annotation(HasMetadata object, String name) {
    Map<String, String> annotations = object.getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(name);
  }

  static String name(HasMetadata object) {
    return object.getMetadata().getName();
  }

  /** The database an object says it belongs to; empty when it says nothing intelligible. */
  static Optional<UUID> instance(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    if (labels == null || !MOORING.equals(labels.get(MANAGED_BY))) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(labels.get(INSTANCE)).map(UUID::fromString);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether an object belongs to a database. */
  static boolean belongs(HasMetadata object, UUID instance) {
    return instance(object).filter(instance::equals).isPresent();
  }
}
