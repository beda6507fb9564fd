package mooring.local.pods;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

class SetObjectsTest {
  private static String revision(String labels, String image) {
    return new SetObjects(
            Serialization.unmarshal(
                """
                {"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"db-1"},"spec":{
                 "template":{"metadata":{"labels":%s},"spec":{
                  "containers":[{"name":"database","image":"%s"}]}}}}"""
                    .formatted(labels, image),
                StatefulSet.class))
        .revision();
  }

  @Test
  void theRevisionTellsTemplatesApartByWhatTheySay() {
    String one = revision("{\"a\":\"1\",\"b\":\"2\"}", "redis:7.0");
    assertThat(one).startsWith("db-1-");
    assertThat(revision("{\"b\":\"2\",\"a\":\"1\"}", "redis:7.0")).isEqualTo(one);
    assertThat(revision("{\"a\":\"1\",\"b\":\"2\"}", "redis:7.2")).isNotEqualTo(one);
  }
}
