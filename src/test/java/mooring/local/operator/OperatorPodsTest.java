package mooring.local.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

/** The operator with StatefulSets to run, as beside the embedded Kubernetes API. */
class OperatorPodsTest extends OperatorTestBase {
  private static final String SET =
      """
      {"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"%s"},"spec":{
       "replicas":1,"serviceName":"nodes","selector":{"matchLabels":{"app":"x"}},
       "template":{"metadata":{"labels":{"app":"x"}},"spec":{
        "containers":[{"name":"database","image":"docker.io/library/mysql:9.9.9"}]}}}}\
      """
          .formatted(DB);

  @Test
  void statefulSetsAreRunWhereNobodyElseDoes() {
    bench.startOperatorWithPods();
    bench
        .client
        .resource(Serialization.unmarshal(SET, StatefulSet.class))
        .inNamespace(bench.namespace)
        .create();
    bench.await(
        () -> {
          Pod pod = bench.client.pods().inNamespace(bench.namespace).withName(DB + "-0").get();
          assertThat(pod).isNotNull();
          assertThat(pod.getStatus().getContainerStatuses())
              .extracting(c -> c.getState().getWaiting().getReason())
              .containsExactly("ImagePullBackOff");
          assertThat(pod.getStatus().getContainerStatuses())
              .extracting(c -> c.getState().getWaiting().getMessage())
              .singleElement(STRING)
              .startsWith("mysqld 9.9 is not on the PATH");
        });
  }
}
