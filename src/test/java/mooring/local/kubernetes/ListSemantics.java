package mooring.local.kubernetes;

import static mooring.local.kubernetes.SemanticsSuite.configMapWith;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import mooring.local.kubernetes.RawClient.Reply;
import org.junit.jupiter.api.Test;

/** Lists: selectors and pages. */
interface ListSemantics extends SemanticsSuite {

  private List<String> select(String labels) {
    String query = URLEncoder.encode(labels, StandardCharsets.UTF_8);
    return names(ok(http().get(core("configmaps?labelSelector=" + query))));
  }

  private static List<String> names(Reply list) {
    List<String> names = new ArrayList<>();
    list.body().path("items").forEach(i -> names.add(i.at("/metadata/name").asText()));
    return names;
  }

  private void five(String prefix, String label) {
    for (int i = 1; i <= 5; i++) {
      String labels = "\"labels\":{\"%s\":\"%d\",\"all-%s\":\"x\"}".formatted(label, i, label);
      created(core("configmaps"), configMapWith(prefix + i, labels));
    }
  }

  @Test
  default void labelSelectorsSelect() {
    five("sel-", "sel");
    created(core("configmaps"), configMapWith("sel-none", "\"labels\":{\"all-sel\":\"x\"}"));
    assertThat(select("sel=2")).containsExactly("sel-2");
    assertThat(select("sel==2")).containsExactly("sel-2");
    assertThat(select("sel in (1, 3)")).containsExactly("sel-1", "sel-3");
    assertThat(select("all-sel,sel notin (1,2,3)")).containsExactly("sel-4", "sel-5", "sel-none");
    assertThat(select("all-sel,sel!=1"))
        .containsExactly("sel-2", "sel-3", "sel-4", "sel-5", "sel-none");
    assertThat(select("sel")).hasSize(5);
    assertThat(select("all-sel,!sel")).containsExactly("sel-none");
    assertThat(select("sel=1,sel=2")).isEmpty();
    Reply bad = http().get(core("configmaps?labelSelector=a%3D%3D%3Db"));
    refused(bad, 400, "BadRequest");
  }

  @Test
  default void fieldSelectorsSelectByName() {
    five("field-", "field");
    assertThat(names(ok(http().get(core("configmaps?fieldSelector=metadata.name%3Dfield-2")))))
        .containsExactly("field-2");
    assertThat(
            names(
                ok(
                    http()
                        .get(
                            "/api/v1/configmaps?fieldSelector=metadata.name%3Dfield-2,metadata.namespace%3D"
                                + namespace()))))
        .containsExactly("field-2");
    assertThat(
            names(
                ok(
                    http()
                        .get(
                            core(
                                "configmaps?labelSelector=field&fieldSelector=metadata.name!%3Dfield-2")))))
        .hasSize(4);
    refused(http().get(core("configmaps?fieldSelector=data.x%3D1")), 400, "BadRequest");
  }

  @Test
  default void aListHasAVersionThatCoversIt() {
    Reply made = created(core("configmaps"), configMapWith("covered", "\"labels\":{}"));
    Reply list = ok(http().get(core("configmaps")));
    assertThat(list.text("/kind")).isEqualTo("ConfigMapList");
    assertThat(Long.parseLong(list.version()))
        .isGreaterThanOrEqualTo(Long.parseLong(made.version()));
    ok(http().delete(core("configmaps/covered")));
    Reply after = ok(http().get(core("configmaps")));
    assertThat(Long.parseLong(after.version())).isGreaterThan(Long.parseLong(list.version()));
  }

  @Test
  default void pagesTogetherAreTheList() {
    five("page-", "page");
    List<String> seen = new ArrayList<>();
    String next = "";
    int pages = 0;
    do {
      Reply page = ok(http().get(core("configmaps?labelSelector=page&limit=2&continue=" + next)));
      assertThat(page.body().path("items").size()).isLessThanOrEqualTo(2);
      seen.addAll(names(page));
      next = page.text("/metadata/continue");
      pages++;
    } while (!next.isEmpty());
    assertThat(seen).containsExactly("page-1", "page-2", "page-3", "page-4", "page-5");
    assertThat(pages).isEqualTo(3);
    Reply first = ok(http().get(core("configmaps?limit=1")));
    assertThat(first.body().at("/metadata/remainingItemCount").asInt()).isGreaterThanOrEqualTo(4);
    refused(http().get(core("configmaps?limit=1&continue=nonsense")), 400, "BadRequest");
  }

  @Test
  default void aTableHasARowForEachObject() {
    created(core("configmaps"), configMapWith("row", "\"labels\":{\"row\":\"1\"}"));
    io.fabric8.kubernetes.client.KubernetesClient client = server().client();
    String table;
    try (client) {
      table =
          client
              .getHttpClient()
              .sendAsync(
                  client
                      .getHttpClient()
                      .newHttpRequestBuilder()
                      .uri(
                          java.net.URI.create(
                              server().url() + core("configmaps?labelSelector=row")))
                      .header(
                          "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json")
                      .build(),
                  String.class)
              .join()
              .body();
    }
    assertThat(table).contains("\"kind\":\"Table\"").contains("\"cells\":[\"row\",");
  }
}
