package mooring.local.pods;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class TranslationTest {
  private static final UnaryOperator<String> NAMES =
      Translation.podNames(
          "db-1-1",
          "db-1-nodes",
          6379,
          pod ->
              pod.endsWith("-0")
                  ? new Listening(List.of("10.0.0.1", "127.0.0.1"), 15_432)
                  : new Listening(List.of("10.0.0.2"), 6379));
  private final Translation translation =
      new Translation(
          Map.of(
              "/data", Path.of("/srv/volume"),
              "/data/db", Path.of("/srv/other"),
              "/etc/mooring", Path.of("/srv/files")),
          NAMES);

  @Test
  void mountPathsBecomeDirectoriesHere() {
    assertThat(translation.translate("include /etc/mooring/redis.conf\ndir /data\n"))
        .isEqualTo("include /srv/files/redis.conf\ndir /srv/volume\n");
    assertThat(translation.translate(List.of("--dir=/data", "--path", "\"/data/db/x\"")))
        .containsExactly("--dir=/srv/volume", "--path", "\"/srv/other/x\"");
    assertThat(translation.translate("/var/data /data2 /datadir /data.old"))
        .isEqualTo("/var/data /data2 /datadir /data.old");
  }

  @Test
  void aDirectoryHereMayBeNamedAsAMountPathThere() {
    Translation nested =
        new Translation(
            Map.of("/data", Path.of("/tmp/x"), "/tmp", Path.of("/data/y")),
            UnaryOperator.identity());
    assertThat(nested.translate("/data /tmp/z")).isEqualTo("/tmp/x /data/y/z");
    assertThat(new Translation(Map.of(), UnaryOperator.identity()).translate("/data"))
        .isEqualTo("/data");
  }

  @Test
  void namesOfPodsBecomeAddressesAndTheirPortsThoseHere() {
    assertThat(translation.translate("--replicaof db-1-0.db-1-nodes 6379"))
        .isEqualTo("--replicaof 10.0.0.1 15432");
    assertThat(translation.translate("db-1-0.db-1-nodes.ns.svc.cluster.local:1"))
        .isEqualTo("10.0.0.1:1");
    assertThat(translation.translate("db-1-0.db-1-nodes:6379,db-1-1.db-1-nodes:6379"))
        .isEqualTo("10.0.0.1:15432,10.0.0.2:6379");
    assertThat(translation.translate("db-1-0.db-1-nodes 63790 db-1-0.db-1-nodes:637"))
        .isEqualTo("10.0.0.1 63790 10.0.0.1:637");
    assertThat(translation.translate("announce $HOSTNAME.db-1-nodes ${HOSTNAME}.db-1-nodes.ns.svc"))
        .isEqualTo("announce 10.0.0.2 10.0.0.2");
    assertThat(translation.translate("db-1-0 my-db-1-0.db-1-nodes db-1-0.db-1-nodesx"))
        .isEqualTo("db-1-0 my-db-1-0.db-1-nodes db-1-0.db-1-nodesx");
  }

  @Test
  void variablesAreFilledInAsTheKubeletDoes() {
    Map<String, String> environment = Map.of("NAME", "a$b");
    assertThat(Translation.expand("$(NAME) $(OTHER) $NAME $(cat x) $$(NAME)", environment))
        .isEqualTo("a$b $(OTHER) $NAME $(cat x) $(NAME)");
  }

  @Test
  void aProbeMeansItsOwnPod() {
    assertThat(Translation.towards("127.78.0.9", "redis-cli -h 127.0.0.1; ping localhost:80"))
        .isEqualTo("redis-cli -h 127.78.0.9; ping 127.78.0.9:80");
    assertThat(Translation.towards("127.78.0.9", "127.0.0.10 localhosts my.localhost"))
        .isEqualTo("127.0.0.10 localhosts my.localhost");
  }
}
