package mooring.local.pods;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mooring.core.Engine;
import mooring.platform.ProductProbes;

/**
 * A server whose first start makes a login, described as the product does.
 *
 * @param engine whose probes it has
 * @param image with its tag
 * @param dataPath the mount path of its volume
 * @param option what its only argument begins with; the path of the configuration follows
 * @param configuration that file
 * @param variables of its environment
 * @param passwords the variables that hold the password
 */
record ServerWithLogin(
    Engine engine,
    String image,
    String dataPath,
    String option,
    String configuration,
    Map<String, String> variables,
    List<String> passwords) {
  private static final String SET =
      """
      {"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"%NAME%"},"spec":{
       "replicas":1,"serviceName":"%NAME%-nodes","selector":{"matchLabels":{"app":"%NAME%"}},
       "template":{"metadata":{"labels":{"app":"%NAME%"}},"spec":{
        "terminationGracePeriodSeconds":20,
        "containers":[{"name":"database",
         "volumeMounts":[{"name":"data","mountPath":"%DATA%"},
          {"name":"configuration","mountPath":"/etc/mooring"}]}],
        "volumes":[{"name":"configuration","configMap":{"name":"%NAME%"}}]}},
       "volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{
        "accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}]}}\
      """;

  void create(PodBench bench, String name, String address) {
    bench.createSecret(name);
    bench
        .client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(bench.namespace)
                .endMetadata()
                .addToData("server.conf", configuration)
                .build())
        .create();
    bench.createService(name, address, engine.port(), engine.port());
    StatefulSet set =
        Serialization.unmarshal(
            SET.replace("%NAME%", name).replace("%DATA%", dataPath), StatefulSet.class);
    var container = set.getSpec().getTemplate().getSpec().getContainers().get(0);
    container.setImage(image);
    container.setArgs(List.of(option + "/etc/mooring/server.conf"));
    container.setEnv(environment(name));
    ProductProbes.add(container, engine);
    bench.client.resource(set).inNamespace(bench.namespace).create();
  }

  private List<EnvVar> environment(String name) {
    List<EnvVar> all = new ArrayList<>();
    variables.forEach((key, value) -> all.add(new EnvVar(key, value, null)));
    for (String variable : passwords) {
      all.add(
          new EnvVarBuilder()
              .withName(variable)
              .withNewValueFrom()
              .withNewSecretKeyRef("password", name, null)
              .endValueFrom()
              .build());
    }
    return all;
  }
}
