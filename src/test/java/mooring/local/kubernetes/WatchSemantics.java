package mooring.local.kubernetes;

import static mooring.local.kubernetes.SemanticsSuite.configMapWith;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import mooring.local.kubernetes.RawClient.Reply;
import mooring.local.kubernetes.RawClient.Stream;
import org.junit.jupiter.api.Test;

/** Watches over plain HTTP. */
interface WatchSemantics extends SemanticsSuite {

  private String labelled(String name, String label) {
    return configMapWith(name, "\"labels\":{\"watch\":\"%s\"}".formatted(label));
  }

  private void relabel(String name, String label) {
    ok(
        http()
            .patch(
                core("configmaps/" + name),
                RawClient.MERGE,
                "{\"metadata\":{\"labels\":{\"watch\":\"%s\"}}}".formatted(label)));
  }

  @Test
  default void aWatchWithoutVersionBeginsWithWhatIsThere() {
    created(core("configmaps"), labelled("w-there", "there"));
    try (Stream watch = http().watch(core("configmaps?watch=true&labelSelector=watch%3Dthere"))) {
      assertThat(watch.code()).isEqualTo(200);
      assertThat(watch.nextTypeAndName()).isEqualTo("ADDED w-there");
      created(core("configmaps"), labelled("w-there-2", "there"));
      assertThat(watch.nextTypeAndName()).isEqualTo("ADDED w-there-2");
    }
  }

  @Test
  default void aWatchFromAVersionTellsWhatCameAfter() {
    Reply first = created(core("configmaps"), labelled("w-after", "after"));
    ok(http().patch(core("configmaps/w-after"), RawClient.MERGE, "{\"data\":{\"a\":\"1\"}}"));
    String query = "configmaps?watch=1&labelSelector=watch%3Dafter&resourceVersion=";
    try (Stream watch = http().watch(core(query + first.version()))) {
      JsonNode modified = watch.next();
      assertThat(modified.path("type").asText()).isEqualTo("MODIFIED");
      assertThat(modified.at("/object/data/a").asText()).isEqualTo("1");
      ok(http().delete(core("configmaps/w-after")));
      JsonNode deleted = watch.next();
      assertThat(deleted.path("type").asText()).isEqualTo("DELETED");
      assertThat(deleted.at("/object/metadata/resourceVersion").asLong())
          .isGreaterThan(modified.at("/object/metadata/resourceVersion").asLong());
    }
  }

  @Test
  default void theHeadComesBeforeAnyEvent() {
    try (Stream watch =
        http()
            .watch(
                core(
                    "configmaps?watch=true&resourceVersion=0&fieldSelector=metadata.name%3Dw-nobody"))) {
      assertThat(watch.code()).isEqualTo(200);
      assertThat(watch.silent()).isTrue();
    }
  }

  @Test
  default void anObjectComesAndGoesAsItMatches() {
    created(core("configmaps"), labelled("w-match", "in"));
    try (Stream watch = http().watch(core("configmaps?watch=true&labelSelector=watch%3Din"))) {
      assertThat(watch.nextTypeAndName()).isEqualTo("ADDED w-match");
      relabel("w-match", "out");
      JsonNode gone = watch.next();
      assertThat(gone.path("type").asText()).isEqualTo("DELETED");
      assertThat(gone.at("/object/metadata/labels/watch").asText()).isEqualTo("in");
      ok(http().patch(core("configmaps/w-match"), RawClient.MERGE, "{\"data\":{\"a\":\"1\"}}"));
      relabel("w-match", "in");
      assertThat(watch.nextTypeAndName()).isEqualTo("ADDED w-match");
    }
  }

  @Test
  default void aWatchOfOneObjectHearsOfNoOther() {
    try (Stream watch =
        http().watch(core("configmaps?watch=true&fieldSelector=metadata.name%3Dw-single"))) {
      created(core("configmaps"), labelled("w-other", "x"));
      created(core("configmaps"), labelled("w-single", "x"));
      assertThat(watch.nextTypeAndName()).isEqualTo("ADDED w-single");
    }
  }

  @Test
  default void aWatchOfAllNamespacesHearsOfThisOne() {
    try (Stream watch =
        http().watch("/api/v1/configmaps?watch=true&fieldSelector=metadata.name%3Dw-everywhere")) {
      created(core("configmaps"), labelled("w-everywhere", "x"));
      JsonNode event = watch.next();
      assertThat(event.at("/object/metadata/namespace").asText()).isEqualTo(namespace());
    }
  }

  @Test
  default void aWatchEndsByItsTimeout() {
    try (Stream watch =
        http()
            .watch(
                core(
                    "configmaps?watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3Dw-nobody"))) {
      assertThat(watch.ends(30)).isTrue();
    }
  }

  @Test
  default void aVersionThatIsNoneIsRefused() {
    Reply reply = http().get(core("configmaps?watch=true&resourceVersion=abc"));
    assertThat(reply.code()).isGreaterThanOrEqualTo(400);
    assertThat(reply.text("/kind")).isEqualTo("Status");
  }
}
