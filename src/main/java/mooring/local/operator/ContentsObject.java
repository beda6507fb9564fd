package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A DatabaseRole or a Database with what CloudNativePG (release 1.30) says of it in its status, and
 * the finalizer that keeps it until what it stands for has been dropped.
 */
final class ContentsObject {
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
  private static final String SECRET_VERSION = "secretResourceVersion";

  private final KubernetesClient client;
  private final ResourceDefinitionContext kind;
  private final Finalizer finalizer;
  private final GenericKubernetesResource seen;

  private ContentsObject(
      KubernetesClient client,
      ResourceDefinitionContext kind,
      String finalizer,
      GenericKubernetesResource seen) {
    this.client = client;
    this.kind = kind;
    this.finalizer = new Finalizer(client, kind, finalizer);
    this.seen = seen;
  }

  static ContentsObject role(KubernetesClient client, GenericKubernetesResource seen) {
    return new ContentsObject(client, CustomResources.DATABASE_ROLES, "cnpg.io/deleteRole", seen);
  }

  static ContentsObject database(KubernetesClient client, GenericKubernetesResource seen) {
    return new ContentsObject(client, CustomResources.DATABASES, "cnpg.io/deleteDatabase", seen);
  }

  /** The name of what it stands for. */
  String name() {
    return text("name");
  }

  /** A field of what it asks for; empty when it is not there. */
  String text(String field) {
    return new Fields(seen).text("", "spec", field);
  }

  Map<?, ?> spec() {
    return seen.get("spec") instanceof Map<?, ?> spec ? spec : Map.of();
  }

  boolean deleted() {
    return seen.isMarkedForDeletion();
  }

  /** Whether another object stands for the same and was there before. */
  boolean isDoneBy(ContentsObject other) {
    return !seen.getMetadata().getUid().equals(other.seen.getMetadata().getUid())
        && name().equals(other.name())
        && other.everApplied();
  }

  /** Whether it was what it asks for at some time: otherwise it owns nothing. */
  boolean everApplied() {
    return observed() > 0;
  }

  /** Whether all is done for what it asks for now, with the password of a Secret of a version. */
  boolean isApplied(String secretVersion) {
    return Boolean.TRUE.equals(seen.get("status", "applied"))
        && observed() == seen.getMetadata().getGeneration()
        && secretVersion.equals(new Fields(seen).text("", "status", SECRET_VERSION));
  }

  private long observed() {
    return seen.get("status", "observedGeneration") instanceof Number number
        ? number.longValue()
        : 0;
  }

  /** Whether it is held; if not, it is from now on, and the change of it is on the way to us. */
  boolean held() {
    boolean on = finalizer.isOn(seen);
    if (!on) {
      boolean unused = finalizer.put(seen);
    }
    return on;
  }

  void letGo() {
    if (finalizer.isOn(seen)) {
      boolean unused = finalizer.remove(seen);
    }
  }

  void applied(String secretVersion) {
    Map<String, Object> status = new HashMap<>();
    status.put("applied", true);
    status.put("message", null);
    status.put("observedGeneration", seen.getMetadata().getGeneration());
    if (!secretVersion.isEmpty()) {
      status.put(SECRET_VERSION, secretVersion);
    }
    write(status);
  }

  /** Whether what it asks for now was tried in vain. */
  boolean isRefused() {
    return failed() && observed() == seen.getMetadata().getGeneration();
  }

  /** Said anew of each thing that it asks for: what was said of another one counts for nothing. */
  void failed(String message) {
    boolean said =
        (isRefused() || (failed() && !everApplied()))
            && Objects.equals(message, seen.get("status", "message"));
    if (said) {
      return;
    }
    Map<String, Object> status = new HashMap<>(Map.of("applied", false, "message", message));
    if (everApplied()) {
      status.put("observedGeneration", seen.getMetadata().getGeneration());
    }
    write(status);
  }

  private boolean failed() {
    return Boolean.FALSE.equals(seen.get("status", "applied"));
  }

  /** Conditional on the version seen: what was judged by that must not be said of another. */
  private void write(Map<String, Object> status) {
    var metadata = seen.getMetadata();
    Map<String, Object> change =
        Map.of(
            "metadata", Map.of("resourceVersion", metadata.getResourceVersion()), "status", status);
    try {
      GenericKubernetesResource unused =
          client
              .genericKubernetesResources(kind)
              .inNamespace(metadata.getNamespace())
              .withName(metadata.getName())
              .subresource("status")
              .patch(MERGE, Serialization.asJson(change));
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        throw new OutdatedException(metadata.getName(), e);
      }
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }
}
