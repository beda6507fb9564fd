package mooring.local.pods;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/** The Pods and claims that a StatefulSet describes. */
final class SetObjects {
  static final String POD_NAME = "statefulset.kubernetes.io/pod-name";
  static final String POD_INDEX = "apps.kubernetes.io/pod-index";
  private static final ObjectMapper SORTED =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  private final StatefulSet set;

  SetObjects(StatefulSet set) {
    this.set = set;
  }

  String podName(int ordinal) {
    return set.getMetadata().getName() + "-" + ordinal;
  }

  /** The name of what the template says now, in whatever order its fields are written. */
  String revision() {
    CRC32 sum = new CRC32();
    String json = Serialization.asJson(set.getSpec().getTemplate());
    try {
      sum.update(SORTED.writeValueAsBytes(Serialization.unmarshal(json, Map.class)));
    } catch (JsonProcessingException e) {
      throw new PodsException("cannot write a template", e);
    }
    return set.getMetadata().getName() + "-" + Long.toHexString(sum.getValue());
  }

  OwnerReference ownerReference() {
    return new OwnerReferenceBuilder()
        .withApiVersion("apps/v1")
        .withKind("StatefulSet")
        .withName(set.getMetadata().getName())
        .withUid(set.getMetadata().getUid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .build();
  }

  Pod pod(int ordinal) {
    String name = podName(ordinal);
    ObjectMeta template = set.getSpec().getTemplate().getMetadata();
    Map<String, String> labels = new HashMap<>(orEmpty(template.getLabels()));
    labels.put(POD_NAME, name);
    labels.put(POD_INDEX, Integer.toString(ordinal));
    labels.put(PodFacts.REVISION, revision());
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(set.getMetadata().getNamespace())
        .withLabels(labels)
        .withAnnotations(template.getAnnotations())
        .withOwnerReferences(ownerReference())
        .endMetadata()
        .withSpec(podSpec(name))
        .build();
  }

  private PodSpec podSpec(String name) {
    PodSpec spec = set.getSpec().getTemplate().getSpec();
    List<Volume> volumes = new ArrayList<>(spec.getVolumes());
    for (PersistentVolumeClaim template : set.getSpec().getVolumeClaimTemplates()) {
      String volume = template.getMetadata().getName();
      volumes.removeIf(other -> other.getName().equals(volume));
      volumes.add(
          new VolumeBuilder()
              .withName(volume)
              .withNewPersistentVolumeClaim()
              .withClaimName(volume + "-" + name)
              .endPersistentVolumeClaim()
              .build());
    }
    return new PodSpecBuilder(spec)
        .withVolumes(volumes)
        .withHostname(name)
        .withSubdomain(set.getSpec().getServiceName())
        .withNodeName(Kubelet.NODE)
        .build();
  }

  List<PersistentVolumeClaim> claims(int ordinal) {
    return set.getSpec().getVolumeClaimTemplates().stream()
        .map(
            template ->
                new PersistentVolumeClaimBuilder()
                    .withNewMetadata()
                    .withName(template.getMetadata().getName() + "-" + podName(ordinal))
                    .withNamespace(set.getMetadata().getNamespace())
                    .withLabels(set.getSpec().getSelector().getMatchLabels())
                    .withAnnotations(template.getMetadata().getAnnotations())
                    .withOwnerReferences(claimOwners())
                    .withFinalizers(VolumeKeeper.FINALIZER)
                    .endMetadata()
                    .withSpec(template.getSpec())
                    .build())
        .toList();
  }

  /** A claim that goes with its StatefulSet is owned by it. */
  List<OwnerReference> claimOwners() {
    var policy = set.getSpec().getPersistentVolumeClaimRetentionPolicy();
    return policy != null && "Delete".equals(policy.getWhenDeleted())
        ? List.of(ownerReference())
        : List.of();
  }

  private static Map<String, String> orEmpty(Map<String, String> map) {
    return map == null ? Map.of() : map;
  }
}
